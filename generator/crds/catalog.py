"""Which custom kinds there are schemas for: the repository's own, and those that Fairlead brings along."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from generator.crds.definition import at, read_manifest
from generator.crds.files import DEFINITION
from generator.disk.tree import LARGEST_SCHEMA, read_file

if TYPE_CHECKING:
    from pathlib import Path

OWN = "own"
_SCHEMA = ".json"


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """A kind in one version; `file` is its JSON Schema, below the folder that it was found in.

    `source` is `own`, or the module and version, or the page, that the pack has it from.
    """

    group: str
    version: str
    kind: str
    source: str
    file: str

    @property
    def api_version(self) -> str:
        """The `apiVersion` of its objects."""
        return f"{self.group}/{self.version}"


def known_kinds(own: Path, pack: Path) -> list[Known]:
    """Return every custom kind with a schema, by group, kind and version; an own one hides that of the pack.

    In Fairlead's own repository both are one folder: there a kind is the pack's when its lock file names it.
    """
    sources = _sources(pack)
    found = {path: (kind, sources[path]) for path, kind in _found(pack).items() if path in sources}
    theirs = _found(own)
    found |= {path: (kind, OWN) for path, kind in theirs.items() if own != pack or path not in sources}
    kinds = [_known(path, kind, source) for path, (kind, source) in found.items()]
    return sorted(kinds, key=lambda one: (one.group, one.kind.lower(), one.version))


def _known(path: str, kind: str, source: str) -> Known:
    group, _, name = path.partition("/")
    version = name.removesuffix(_SCHEMA).rpartition("_")[2]
    return Known(group=group, version=version, kind=kind, source=source, file=path)


def _found(folder: Path) -> dict[str, str]:
    """Return path below `folder` -> kind of every JSON Schema, in small letters where no definition is beside it."""
    kinds = {}
    for path in folder.glob(f"*/*{DEFINITION}"):
        kind = _kind(path)
        kinds[path.parent.name, kind.lower()] = kind
    found = {}
    for path in sorted(folder.glob(f"*/*_*{_SCHEMA}")):
        group, small = path.parent.name, path.name.rpartition("_")[0]
        found[f"{group}/{path.name}"] = kinds.get((group, small), small)
    return found


def _kind(path: Path) -> str:
    """Return the kind that a file defines, nothing when it is damaged: then the JSON Schema alone counts."""
    return str(at(read_manifest(read_file(path, LARGEST_SCHEMA)), ("spec", "names", "kind")) or "")


def _sources(pack: Path) -> dict[str, str]:
    """Return path -> source of every file of the pack."""
    lock = msgspec.json.decode((pack / "lock.json").read_bytes())
    return {path: source["from"] for source in lock["source"] for path in source["makes"]}
