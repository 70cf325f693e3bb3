"""Make something in a folder once, whoever wants it at the same time; what a killed run left there goes first."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import filelock

from generator.findings.errors import ToolError
from generator.folders.throwaway import told_to_end
from generator.folders.trust import make_private
from generator.tools.notice import Notice

if TYPE_CHECKING:
    from collections.abc import Iterator

_PREFIX = "new-"
# Killed children may write for a moment longer.
_GONE_SECONDS = 5.0
_POLL_SECONDS = 0.05


@contextlib.contextmanager
def alone(folder: Path, what: str, *, patience: float) -> Iterator[Path]:
    """Return a scratch folder in `folder` while no other process has one there; it is gone afterwards.

    Others wait for up to `patience` seconds and say for whom; `what` is what they wait for. Whoever comes later has
    to look first whether it is there by now. A signal to end unwinds, so that nothing stays. What was killed without
    a chance to tidy up is removed by the next.

    Raises ToolError when it took too long, or when others may write to `folder`; OSError when it cannot be written.
    """
    make_private(folder)
    with told_to_end(), _locked(folder, what, patience):
        for left in folder.glob(f"{_PREFIX}*"):
            _remove(left)
        scratch = Path(tempfile.mkdtemp(dir=folder, prefix=_PREFIX))
        try:
            yield scratch
        finally:
            _remove(scratch)


@contextlib.contextmanager
def _locked(folder: Path, what: str, patience: float) -> Iterator[None]:
    """Hold the lock of a folder, and say in it who does."""
    lock, holder = filelock.FileLock(folder / "lock"), folder / "holder"
    try:
        lock.acquire(timeout=0)
    except filelock.Timeout:
        _wait(lock, holder, what, patience)
    try:
        holder.write_text(f"{os.getpid()}\n", encoding="ascii")
        yield
    finally:
        holder.unlink(missing_ok=True)
        lock.release()


def _wait(lock: filelock.BaseFileLock, holder: Path, what: str, patience: float) -> None:
    title = f"waiting for another process ({_number_in(holder)}) that installs {what}"
    with Notice(title) as notice:
        notice.say(title)
        try:
            lock.acquire(timeout=patience, poll_interval=_POLL_SECONDS)
        except filelock.Timeout as error:
            remedy = f"end process {_number_in(holder)} if it hangs"
            raise ToolError(f"{title}: not done in {patience:.0f} s; {remedy}") from error


def _number_in(holder: Path) -> str:
    """Return the number of the process that holds the lock, "?" in the moment before it has written it."""
    try:
        number = holder.read_text(encoding="ascii", errors="replace").strip()
    except OSError:
        return "?"
    return number if number.isascii() and number.isdecimal() else "?"


def _remove(folder: Path) -> None:
    limit = time.monotonic() + _GONE_SECONDS
    while folder.exists() and time.monotonic() < limit:
        shutil.rmtree(folder, ignore_errors=True)
        if folder.exists():
            time.sleep(_POLL_SECONDS)
