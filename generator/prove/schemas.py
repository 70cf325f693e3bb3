"""Which schema a custom resource is held against: that of a definition shipped beside it, the repository's own, ours.

kubeconform passes over a schema that it cannot use and takes the next one; so it is given exactly one for each kind.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from generator.crds.definition import definition, faults, is_definition
from generator.crds.files import FOLDER, files, schema_file
from generator.crds.reach import read_schema
from generator.packs import crd_pack, kubernetes_pack
from generator.tools.kubeconform import pack_location

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from generator.model.base import Manifest

# What may become part of a path; kubeconform itself asks nothing.
_NAME = re.compile(r"[A-Za-z0-9]([-A-Za-z0-9.]*[A-Za-z0-9])?")


def locations(kubernetes_version: str, custom: Path) -> list[str]:
    """Give kubeconform's schema locations: Kubernetes' own kinds from our pack, all others from the folder `custom`."""
    pack = pack_location(kubernetes_pack(kubernetes_version))
    return [pack, f"{custom}/{{{{.Group}}}}/{{{{.ResourceKind}}}}_{{{{.ResourceAPIVersion}}}}.json"]


def lay_out(objects: Sequence[Manifest], folders: Sequence[Path], into: Path) -> None:
    """Put the schemas of the kinds of `objects` into a folder: from definitions among them, else from `folders`.

    What kubeconform reads of the repository's own files are the bytes that were looked at here. Raises InputError for a
    schema of its own that leads out of the file.
    """
    shipped = dict(_shipped(objects))
    for path in sorted(_wanted(objects)):
        source = next((folder / path for folder in folders if (folder / path).is_file()), None)
        target = into / path
        if path in shipped or source is not None:
            target.parent.mkdir(parents=True, exist_ok=True)
        if path in shipped:
            target.write_text(shipped[path], encoding="utf-8")
        elif source is not None and source.is_relative_to(crd_pack()):
            target.symlink_to(source.absolute())
        elif source is not None and (data := read_schema(source, f"{FOLDER}/{path}")) is not None:
            target.write_bytes(data)


def unusable(manifest: Manifest, folders: Iterable[Path]) -> Path | None:
    """Give the file that should be the schema of an object for which kubeconform found none."""
    return next(
        (folder / path for path in _wanted([manifest]) for folder in folders if (folder / path).is_file()), None
    )


def _wanted(objects: Iterable[Manifest]) -> set[str]:
    kinds = {(str(manifest.get("apiVersion")), str(manifest.get("kind"))) for manifest in objects}
    parts = [(*api_version.partition("/")[::2], kind) for api_version, kind in kinds if "/" in api_version]
    return {schema_file(group, kind, version) for group, version, kind in parts if _named(group, version, kind)}


def _named(*names: str) -> bool:
    return all(_NAME.fullmatch(name) for name in names)


def _shipped(objects: Iterable[Manifest]) -> Iterator[tuple[str, str]]:
    for manifest in objects:
        if is_definition(manifest) and not any(faults(manifest)):
            made: Mapping[str, str] = files(definition(manifest))
            yield from made.items()
