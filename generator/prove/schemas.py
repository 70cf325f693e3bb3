"""Which schema a custom resource is held against: that of a definition shipped beside it, the repository's own, ours.

kubeconform passes over a schema that it cannot use and takes the next one; so it is given exactly one for each kind.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from generator.crds.definition import definition, faults, is_definition, names_a_kind
from generator.crds.files import files, schema_file
from generator.kubernetes.packs import kubernetes_pack
from generator.tools.kubeconform import pack_location

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from generator.model.base import Manifest

# https://kubernetes.io/docs/reference/using-api/#api-versioning
_UNSTABLE = re.compile("alpha|beta")


def locations(kubernetes_version: str, custom: Path) -> list[str]:
    """Return kubeconform's schema locations: Kubernetes' own kinds from our pack, others from `custom`."""
    pack = pack_location(kubernetes_pack(kubernetes_version))
    return [pack, f"{custom}/{{{{.Group}}}}/{{{{.ResourceKind}}}}_{{{{.ResourceAPIVersion}}}}.json"]


def lay_out(objects: Sequence[Manifest], own: Mapping[str, bytes], pack: Path, into: Path) -> None:
    """Put the schemas of the kinds of `objects` into a folder.

    They come from definitions among the objects, else from the repository's `own`, else from `pack`. What is written is
    what was read, and read through, before: kubeconform opens no file of the repository.
    """
    known = {**own, **{path: text.encode() for path, text in _shipped(objects)}}
    for path in sorted(_wanted(objects)):
        target = into / path
        if path in known or (pack / path).is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
        if path in known:
            target.write_bytes(known[path])
        elif (pack / path).is_file():
            target.symlink_to((pack / path).absolute())


def unusable(manifest: Manifest, own: Container[str], pack: Path) -> str | None:
    """Return the path of what should be the schema of an object for which kubeconform found none."""
    return next((path for path in _wanted([manifest]) if path in own or (pack / path).is_file()), None)


def served_version(group: str, kind: str, own: Iterable[str], pack: Path) -> str:
    """Return the newest version of a custom kind that there is a schema for, "" for none."""
    start = f"{group}/{kind.lower()}_"
    known = [*own, *(f"{group}/{file.name}" for file in (pack / group).glob(f"{kind.lower()}_*.json"))]
    versions = [path.removeprefix(start).removesuffix(".json") for path in known if path.startswith(start)]
    return max(versions, key=lambda version: (not _UNSTABLE.search(version), version), default="")


def _wanted(objects: Iterable[Manifest]) -> set[str]:
    kinds = {(str(each.get("apiVersion")), str(each.get("kind"))) for each in objects if names_a_kind(each)}
    parts = [(*api_version.partition("/")[::2], kind) for api_version, kind in kinds if "/" in api_version]
    return {schema_file(group, kind, version) for group, version, kind in parts}


def _shipped(objects: Iterable[Manifest]) -> Iterator[tuple[str, str]]:
    for manifest in objects:
        if is_definition(manifest) and not any(faults(manifest)):
            made: Mapping[str, str] = files(definition(manifest))
            yield from made.items()
