"""What adding definitions to a repository changes: new files, replaced ones, and schemas of versions that are gone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from generator.change import Change
from generator.crds.definition import definition, faults, read_manifest
from generator.crds.files import FOLDER, definition_file, files, schema_file
from generator.disk.tree import LARGEST_SCHEMA, read_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from generator.crds.definition import Definition


class DefinitionChanges(msgspec.Struct, frozen=True, kw_only=True):
    """The changes that make a repository know some definitions, and the kinds that it knows then."""

    kinds: tuple[str, ...]
    changes: tuple[Change, ...]
    unchanged: int

    @property
    def added(self) -> list[str]:
        """The paths of new files."""
        return [change.path for change in self.changes if change.before is None]

    @property
    def replaced(self) -> list[str]:
        """The paths of files that say something else now."""
        return [change.path for change in self.changes if change.before is not None and change.after is not None]

    @property
    def removed(self) -> list[str]:
        """The paths of schemas whose version is no longer served."""
        return [change.path for change in self.changes if change.after is None]


def addition(definitions: Iterable[Definition], root: Path) -> DefinitionChanges:
    """Work out what has to change below `root` for it to know these definitions and no older state of them."""
    wanted: dict[str, str | None] = {}
    kinds: list[str] = []
    for each in definitions:
        wanted |= dict.fromkeys(_earlier(each, root))
        wanted |= {f"{FOLDER}/{path}": text for path, text in files(each).items()}
        kinds += [f"{each.group}/{version} {each.kind}" for version in each.versions]
    states = [_change(root, path, text) for path, text in sorted(wanted.items())]
    changes = tuple(change for change in states if change.before != (change.after and change.after.encode()))
    return DefinitionChanges(kinds=tuple(kinds), changes=changes, unchanged=len(states) - len(changes))


def _earlier(new: Definition, root: Path) -> Iterator[str]:
    """Yield the schemas that were made of an earlier state of a definition."""
    data = _read(root / FOLDER / definition_file(new.group, new.plural))
    manifest = read_manifest(data or b"null")
    if not any(faults(manifest)):
        old = definition(manifest)
        yield from (f"{FOLDER}/{schema_file(old.group, old.kind, version)}" for version in old.versions)


def _change(root: Path, path: str, text: str | None) -> Change:
    return Change(path=path, before=_read(root / path), after=text)


def _read(path: Path) -> bytes | None:
    return read_file(path, LARGEST_SCHEMA) if path.is_file() else None
