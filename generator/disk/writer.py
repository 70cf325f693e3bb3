"""The single writer: puts changes on disk, each file whole or not at all, and only inside the repository."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, BinaryIO, TypeVar

from generator.disk import journal
from generator.disk.state import made, state_folder
from generator.disk.tree import TEMPORARY, OversizeError, read_file
from generator.findings.errors import FairleadError
from generator.interrupt import hold_signals
from generator.line_ends import with_ends_of, with_lf

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from generator.change import Change
    from generator.disk.tree import Tree

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
    from generator.disk.lock import write_lock  # 8 ms, for a run that writes

    _refuse_outside(root, [change.path for change in changes])
    try:
        with write_lock(made(state_folder(root)), LOCK_SECONDS), hold_signals():
            _refuse_stale(root, changes)
            journal.announce(root, changes)
            _replace(root, changes)
            journal.settle(root, changes)
    except OSError as error:
        raise _cleared(root, changes, error) from error


def write_beside(root: Path, changes: Iterable[Change]) -> None:
    """Write files below `root` that `generate` does not own, so that no journal is kept of them.

    Raises WriteError like `write`, before anything is written for a path that leads through a symbolic link.
    """
    changes = tuple(changes)
    _refuse_outside(root, [change.path for change in changes])
    try:
        _replace(root, changes)
    except OSError as error:
        raise _cleared(root, changes, error) from error


def _cleared(root: Path, changes: Sequence[Change], error: OSError) -> WriteError:
    """Remove what was staged, and return the error that names the file which could not be written."""
    _clear(root, [_temporary(change.path) for change in changes])
    reason = error.strerror or str(error)
    name = Path(os.fsdecode(error.filename or root))
    shown = name.with_name(name.name.removeprefix(TEMPORARY)) if name.name.startswith(TEMPORARY) else name
    return WriteError(f"{shown}: {reason}; nothing half-written was left behind")


def _refuse_stale(root: Path, changes: Iterable[Change]) -> None:
    """Refuse to write over bytes that the plan has not seen."""
    for change in changes:
        there = _held(root / change.path, 2 * len(change.before or b""))  # each line may end in CRLF there
        if there != change.before and (there is None or with_lf(there) != change.before):
            raise StaleError(f"{change.path}: written by somebody else meanwhile; nothing was changed, run it again")


def _held(path: Path, expected: int) -> bytes | None:
    """Return what a file holds, None without one; of what is larger than `expected` it is enough to know that."""
    if not path.is_file():
        return None
    try:
        return read_file(path, expected)
    except OversizeError:
        return b"\0"


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
    there = read_file(target) if target.exists() else b""
    with _new_file(temporary) as file:
        file.write(with_ends_of(text.encode(), there))
    if target.exists():
        temporary.chmod(target.stat().st_mode)
    return temporary


def _new_file(path: Path) -> BinaryIO:
    """Open a file that was not there: one that a killed run left, or a link that somebody put there, goes first."""
    try:
        return path.open("xb")
    except FileExistsError:
        path.unlink()
        return path.open("xb")


def _temporary(path: str) -> str:
    """Return the name under which a file is written before it takes its place: same folder, so the move is atomic."""
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
