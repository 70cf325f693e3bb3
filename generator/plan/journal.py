"""What Fairlead itself wrote last, by path: bytes that are known here are nobody's hand edit.

While a write is under way a path has two entries, the old bytes and the new: whichever a killed run leaves on disk is
ours.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import msgspec

from generator.state import made, state_folder, write_state

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from generator.plan.plan import Change

_FILE = "journal.json"

Journal = dict[str, list[str]]


def read_journal(root: Path) -> Journal:
    """Give path -> digests of what Fairlead wrote; a damaged journal counts as empty."""
    try:
        return msgspec.json.decode((state_folder(root) / _FILE).read_bytes(), type=Journal)
    except (OSError, msgspec.DecodeError):
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
    write_state(made(state_folder(root)) / _FILE, msgspec.json.encode(dict(sorted(journal.items()))))


def digest_of(data: bytes) -> str:
    """Give the digest under which the journal knows a file."""
    return hashlib.blake2b(data, digest_size=16).hexdigest()
