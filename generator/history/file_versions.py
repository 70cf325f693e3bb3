"""The versions that release records and holds went through on a branch, read from their files commit by commit."""

from __future__ import annotations

import enum
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from generator.disk.tree import Tree
from generator.history.changed_paths import PathScope, Touch, chunks
from generator.layout.release import Record
from generator.paths import HOLD, overlay_folder
from generator.records.hold import Hold, read_hold
from generator.records.record import read_record
from generator.repo.blobs import Blobs
from generator.repo.log import Commit

if TYPE_CHECKING:
    from generator.findings.finding import Finding
    from generator.repo.log import Reader


class Version(msgspec.Struct, frozen=True, kw_only=True):
    """What one commit made of one file of an overlay.

    `before` and `after` are what the file said and says: a Record or a Hold (by `file`), None for no file.
    """

    commit: Commit
    environment: str
    service: str
    file: str
    trailers: Mapping[str, str]
    before: Any
    after: Any


class _Unreadable(enum.Enum):
    """Stands for what a file said that nobody can read."""

    UNREADABLE = enum.auto()


_Said = Record | Hold | None | _Unreadable
_Key = tuple[str, str | None]  # a file's name in its overlay, and the id of its content


def versions(reader: Reader, revision: str, scope: PathScope) -> Iterator[Version]:
    """Yield the versions on a branch, newest first; reads on only while the caller does.

    A file that cannot be read at some commit is passed over: the next version goes from the last state that can.
    """
    contents, queue = _Contents(reader), _Queue()
    for chunk in chunks(reader, revision, scope):
        for touch, before, after in contents.of(chunk):
            queue.add(touch, before, after)
            yield from queue.known()
    yield from queue.rest()


class _Contents:
    """Reads what files said. What was before one commit is after an older one, and is read once."""

    def __init__(self, reader: Reader) -> None:
        self._blobs = Blobs(reader)
        self._oldest: dict[str, tuple[_Key, _Said]] = {}

    def of(self, chunk: Iterable[Touch]) -> Iterator[tuple[Touch, _Said, _Said]]:
        """Yield each touch with what its file said before and after."""
        pairs = [(touch, (touch.file, touch.edit.before), (touch.file, touch.edit.after)) for touch in chunk]
        known = dict(self._oldest.values())
        missing = {key: touch for touch, *keys in pairs for key in keys if key not in known}
        blobs = self._blobs.read(dict.fromkeys(id_ for _, id_ in missing if id_ is not None))
        known |= {(file, id_): _said(touch, id_, blobs) for (file, id_), touch in missing.items()}
        for touch, before, after in pairs:
            self._oldest[touch.edit.path] = (before, known[before])
            yield touch, known[before], known[after]


def _said(touch: Touch, id_: str | None, blobs: Mapping[str, bytes]) -> _Said:
    """Return what a file says whose content has that id."""
    if id_ is None:
        return None
    if id_ not in blobs:
        return _Unreadable.UNREADABLE
    path = f"{overlay_folder(touch.environment, touch.service)}/{touch.file}"
    tree = Tree(Path(), {path: blobs[id_]})
    said: tuple[_Said, list[Finding]] = (
        read_hold(tree, touch.environment, touch.service)
        if touch.file == HOLD
        else read_record(tree, touch.service, touch.environment)
    )
    return _Unreadable.UNREADABLE if said[1] else said[0]


class _Open(msgspec.Struct):
    """A version whose older side may still have to be found."""

    touch: Touch
    after: Record | Hold | None
    before: Record | Hold | None = None
    found: bool = False


class _Queue:
    """Keeps versions in order while the older side of one is looked for."""

    def __init__(self) -> None:
        self._waiting: deque[_Open] = deque()
        self._unknown: dict[str, _Open] = {}

    def add(self, touch: Touch, before: _Said, after: _Said) -> None:
        """Take in the next older touch."""
        entry = self._unknown.pop(touch.edit.path, None)
        if entry is None and not isinstance(after, _Unreadable):
            entry = _Open(touch, after)
            self._waiting.append(entry)
        if entry is None:
            return
        if isinstance(before, _Unreadable):
            self._unknown[touch.edit.path] = entry
        else:
            entry.before, entry.found = before, True

    def known(self) -> Iterator[Version]:
        """Yield the versions that wait for nothing."""
        while self._waiting and self._waiting[0].found:
            yield _version(self._waiting.popleft())

    def rest(self) -> Iterator[Version]:
        """Yield all others: before them there was nothing that can be read."""
        yield from map(_version, self._waiting)


def _version(entry: _Open) -> Version:
    touch = entry.touch
    return Version(
        commit=touch.commit,
        environment=touch.environment,
        service=touch.service,
        file=touch.file,
        trailers=touch.trailers,
        before=entry.before,
        after=entry.after,
    )
