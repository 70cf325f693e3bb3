"""A folder that is gone afterwards, however a run ends; what a killed run could not remove, a later one sweeps."""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import threading
import time
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from generator.findings.errors import ToolError
from generator.folders.scratch import scratch_folder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

PREFIX = "fairlead-clone-"
_LOCK = "lock"

# A younger folder may be one that is just being made, and not locked yet (seconds).
SAFE_AGE = 3600.0

# What a CI system or a closed terminal ends a run with, before it kills.
_ENDING = (signal.SIGTERM, signal.SIGHUP)


class EndedError(KeyboardInterrupt):
    """The run was told to end, by a signal."""


@contextmanager
def throwaway() -> Iterator[Path]:
    """Return a folder that only this user can read, and remove it, also when the run is told to end.

    Raises ToolError when there is no room for one.
    """
    with told_to_end(), ExitStack() as stack:
        try:
            holder = stack.enter_context(scratch_folder(PREFIX))
        except OSError as error:
            raise ToolError(f"no folder for a temporary clone: {error.strerror}: {error.filename}") from error
        folder = Path(holder).resolve()
        sweep(folder.parent, time.time() - SAFE_AGE)
        with _locked(folder / _LOCK):
            yield folder


def sweep(top: Path, before: float) -> None:
    """Remove from `top` what killed runs left: folders of this user, last changed `before`, whose lock nobody holds."""
    for folder in top.glob(f"{PREFIX}*"):
        with suppress(OSError):
            state = folder.lstat()
            if state.st_uid == os.geteuid() and state.st_mtime < before and not folder.is_symlink():
                with _locked(folder / _LOCK, made=False):
                    shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _locked(path: Path, *, made: bool = True) -> Iterator[None]:
    """Hold the lock at `path`, which ends with the process at the latest; raises OSError when another one holds it."""
    descriptor = os.open(path, os.O_RDWR | os.O_NOFOLLOW | (os.O_CREAT if made else 0), 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(descriptor)


@contextmanager
def told_to_end() -> Iterator[None]:
    """Let a signal to end unwind this process, so that what is temporary goes; one that is ignored stays ignored."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    taken = [number for number in _ENDING if signal.getsignal(number) is signal.SIG_DFL]
    for number in taken:
        signal.signal(number, _end)
    try:
        yield
    finally:
        for number in taken:
            signal.signal(number, signal.SIG_DFL)


def _end(number: int, _: FrameType | None) -> NoReturn:
    signal.signal(number, signal.SIG_IGN)  # the second one must not stop the tidying
    raise EndedError(signal.Signals(number).name)
