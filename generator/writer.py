"""The single writer: puts a plan on disk file by file, each one whole or not at all, and never over somebody's edit."""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from generator.errors import FairleadError
from generator.tree import TEMPORARY, Tree

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from generator.plan import Change

# Own folder in the repository, ignored by git through the .gitignore inside it.
STATE = ".fairlead"

# Another run that writes is done long before.
LOCK_SECONDS = 60.0

Journal = dict[str, str]


class WriteError(FairleadError):
    """The disk refused: full, read-only, or not ours (exit 3)."""

    exit_code = 3


def state_folder(root: Path) -> Path:
    """Give the folder of the journal and the cache, made on first use, invisible to git."""
    folder = root / STATE
    if not folder.is_dir():
        folder.mkdir(exist_ok=True)
        (folder / ".gitignore").write_text("*\n", encoding="utf-8")
    return folder


def read_journal(root: Path) -> Journal:
    """Give path -> digest of what Fairlead itself wrote last; a damaged journal counts as empty."""
    try:
        return msgspec.json.decode((root / STATE / "journal.json").read_bytes(), type=Journal)
    except (OSError, msgspec.DecodeError):
        return {}


def write(root: Path, changes: Iterable[Change]) -> None:
    """Write and delete as planned; raises WriteError, with every file either old or new and no rest left behind.

    The journal comes first: a killed run must not make its own files look like hand edits. Deletions come last.
    """
    changes = tuple(changes)
    if not changes:
        return
    from filelock import FileLock  # 8 ms, for a run that writes

    try:
        with FileLock(state_folder(root) / "write.lock", timeout=LOCK_SECONDS):
            _record(root, changes)
            _replace(root, changes)
    except OSError as error:
        _clear(root, [f"{Path(change.path).parent}/{TEMPORARY}{Path(change.path).name}" for change in changes])
        raise WriteError(f"{error.filename or root}: {error.strerror}; nothing half-written was left behind") from error


def sweep(tree: Tree) -> None:
    """Remove the temporary files that a killed write left behind."""
    _clear(tree.root, tree.leftovers)


def _replace(root: Path, changes: Sequence[Change]) -> None:
    written = [change for change in changes if change.after is not None]
    staged = [(_stage(root, change.path, change.after), root / change.path) for change in written]
    os.sync()  # one flush for all files: 900 single fsyncs take longer than the rest of the run
    for temporary, target in staged:
        temporary.replace(target)
    for change in changes:
        if change.after is None:
            _delete(root, change.path)


def _stage(root: Path, path: str, text: str | None) -> Path:
    target = root / path
    _refuse_links(root, target)
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(f"{TEMPORARY}{target.name}")
    temporary.write_bytes((text or "").encode())
    if target.exists():
        temporary.chmod(target.stat().st_mode)
    return temporary


def _refuse_links(root: Path, target: Path) -> None:
    """Refuse a path that leaves the repository through a symbolic link in any component."""
    for folder in (target, *target.parents):
        if folder == root:
            return
        if folder.is_symlink():
            raise WriteError(f"{folder}: a symbolic link; fairlead writes only to real files inside the repository")


def _delete(root: Path, path: str) -> None:
    (root / path).unlink(missing_ok=True)
    for folder in (root / path).parents:
        if folder == root or any(folder.iterdir()):
            return
        folder.rmdir()


def _clear(root: Path, temporaries: Iterable[str]) -> None:
    for path in temporaries:
        with suppress(OSError):  # what matters is the error that led here, or the next write
            (root / path).unlink(missing_ok=True)


def _record(root: Path, changes: Iterable[Change]) -> None:
    journal = read_journal(root)
    for change in changes:
        journal.pop(change.path, None)
        if change.after is not None:
            journal[change.path] = digest_of(change.after.encode())
    folder = state_folder(root)
    temporary = folder / f"{TEMPORARY}journal.json"
    temporary.write_bytes(msgspec.json.encode(dict(sorted(journal.items()))))
    temporary.replace(folder / "journal.json")


def digest_of(data: bytes) -> str:
    """Give the digest under which the journal knows a file."""
    return hashlib.blake2b(data, digest_size=16).hexdigest()
