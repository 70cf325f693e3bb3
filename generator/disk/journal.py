"""What Fairlead itself wrote last, by path: bytes that are known here are nobody's hand edit.

While a write is under way a path has two entries, the old bytes and the new: whichever a killed run leaves on disk is
ours.
"""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING

import msgspec

from generator.disk.state import made, state_folder, write_state
from generator.disk.tree import OversizeError, read_file

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from generator.change import Change

_FILE = "journal.json"
# A hundred bytes for each of a million files (bytes).
_LARGEST = 100 << 20

Journal = dict[str, list[str]]


def read_journal(root: Path) -> Journal:
    """Return path -> digests of what Fairlead wrote; a damaged journal counts as empty."""
    try:
        return msgspec.json.decode(read_file(state_folder(root) / _FILE, _LARGEST), type=Journal)
    except (OSError, OversizeError, msgspec.DecodeError):
        return {}


def announce(root: Path, changes: Iterable[Change]) -> None:
    """Note what is about to be written beside what was written before; raises OSError."""
    journal = read_journal(root)
    for change in changes:
        if change.after is not None:
            journal.setdefault(change.path, []).append(digest_of(change.after.encode()))
    _save(root, journal)


def settle(root: Path, changes: Iterable[Change]) -> None:
    """Note that the announced changes are on disk, and forget what was there before; raises OSError."""
    journal = read_journal(root)
    for change in changes:
        journal.pop(change.path, None)
        if change.after is not None:
            journal[change.path] = [digest_of(change.after.encode())]
    _save(root, journal)


def _save(root: Path, journal: Journal) -> None:
    path = made(state_folder(root)) / _FILE
    try:
        write_state(path, msgspec.json.encode(dict(sorted(journal.items()))))
    except OSError as error:  # it names the temporary file
        raise OSError(error.errno, error.strerror, os.fspath(path)) from error


def digest_of(data: bytes) -> str:
    """Return the digest under which the journal knows a file."""
    return hashlib.blake2b(data, digest_size=16).hexdigest()
