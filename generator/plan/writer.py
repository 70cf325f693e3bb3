"""The single writer: puts changes on disk, each file whole or not at all, and only inside the repository."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, TypeVar

from generator.errors import FairleadError
from generator.interrupt import held
from generator.plan import journal
from generator.state import made, state_folder
from generator.tree import TEMPORARY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from generator.plan.plan import Change
    from generator.tree import Tree

# Another run that writes is done long before.
LOCK_SECONDS = 60.0

# How often a run starts anew because another one wrote what it had read.
ATTEMPTS = 10

# Files flushed one by one; a sync of the whole system waits for everybody's writes.
FEW = 16


Result = TypeVar("Result")


class WriteError(FairleadError):
    """The disk refused: full, read-only, or not ours (exit 3)."""

    exit_code = 3


class StaleError(FairleadError):
    """Somebody else wrote a file between our reading and our writing it (exit 4); nothing was written."""

    exit_code = 4


def replanned(attempt: Callable[[], Result]) -> Result:
    """Read, plan and write anew while others write the same files; raises StaleError after the last attempt."""
    for _ in range(ATTEMPTS - 1):
        with suppress(StaleError):
            return attempt()
    return attempt()


def write(root: Path, changes: Iterable[Change]) -> None:
    """Write and delete as planned; raises WriteError, with every file either old or new and no rest left behind.

    Every path is checked before the first byte is written. The journal comes first: a killed run must not make its own
    files look like hand edits. Deletions come last.
    """
    changes = tuple(changes)
    if not changes:
        return
    from generator.plan.lock import write_lock  # 8 ms, for a run that writes

    _refuse_outside(root, [change.path for change in changes])
    try:
        with write_lock(made(state_folder(root)), LOCK_SECONDS), held():
            _refuse_stale(root, changes)
            journal.announce(root, changes)
            _replace(root, changes)
            journal.settle(root, changes)
    except OSError as error:
        _clear(root, [_temporary(change.path) for change in changes])
        reason = error.strerror or str(error)
        raise WriteError(f"{error.filename or root}: {reason}; nothing half-written was left behind") from error


def _refuse_stale(root: Path, changes: Iterable[Change]) -> None:
    """Refuse to write over bytes that the plan has not seen."""
    for change in changes:
        path = root / change.path
        if (path.read_bytes() if path.is_file() else None) != change.before:
            raise StaleError(f"{change.path}: written by somebody else meanwhile; nothing was changed, run it again")


def sweep(tree: Tree) -> None:
    """Remove the temporary files that a killed write left behind."""
    _clear(tree.root, tree.leftovers)


def _refuse_outside(root: Path, paths: Iterable[str]) -> None:
    """Refuse a path that is not below `root`, by its components or through a symbolic link in any of them."""
    sound = {root}
    for path in paths:
        if not path or PurePosixPath(path).is_absolute() or ".." in PurePosixPath(path).parts:
            raise WriteError(f"{path}: not inside the repository")
        for folder in (root / path, *(root / path).parents):
            if folder in sound:
                break
            if folder.is_symlink():
                raise WriteError(f"{folder}: a symbolic link; fairlead writes only to real files inside the repository")
            sound.add(folder)


def _replace(root: Path, changes: Sequence[Change]) -> None:
    written = [change for change in changes if change.after is not None]
    staged = [(_stage(root, change.path, change.after or ""), root / change.path) for change in written]
    _flush([temporary for temporary, _ in staged])
    for temporary, target in staged:
        temporary.replace(target)
    for change in changes:
        if change.after is None:
            _delete(root, change.path)


def _flush(files: Sequence[Path]) -> None:
    """Bring files to the disk: one by one while they are few, else all at once (900 single syncs take seconds)."""
    if len(files) > FEW:
        os.sync()
        return
    for file in files:
        descriptor = os.open(file, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _stage(root: Path, path: str, text: str) -> Path:
    target, temporary = root / path, root / _temporary(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary.write_bytes(text.encode())
    if target.exists():
        temporary.chmod(target.stat().st_mode)
    return temporary


def _temporary(path: str) -> str:
    """Give the name under which a file is written before it takes its place: same folder, so the move is atomic."""
    folder, slash, name = path.rpartition("/")
    return f"{folder}{slash}{TEMPORARY}{name}"


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
