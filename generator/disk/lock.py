"""The lock of those who write to a repository, and the note of who holds it.

The lock alone decides, and ends with its process at the latest. The note is for people: one that a killed run left
behind says who held the lock last, and keeps nobody from it.
"""

from __future__ import annotations

import os
import shlex
import socket
import sys
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import msgspec

from generator.clock.instant import format_instant
from generator.credentials.masking import mask
from generator.findings.errors import FairleadError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# As much of a command line as fits into a message, and more than a note ever has (bytes).
_WORDS = 200
_NOTE = 4096


class BusyError(FairleadError):
    """Another run writes here, and went on doing so for as long as we waited (exit 4); nothing was written."""

    exit_code = 4


class Holder(msgspec.Struct, frozen=True, kw_only=True):
    """Who took the lock: the process, the host it runs on, what was asked for, and when (as text)."""

    pid: int
    host: str
    command: str
    since: str

    def __str__(self) -> str:
        return f"process {self.pid} on {self.host} since {self.since} (`{self.command}`)"


@contextmanager
def write_lock(folder: Path, seconds: float) -> Iterator[None]:
    """Hold the lock in a state folder; raises BusyError, which names the holder, after waiting that long."""
    from filelock import FileLock, Timeout  # 8 ms, for a run that writes

    note = folder / "write.holder.json"
    lock = FileLock(folder / "write.lock", timeout=seconds)
    try:
        lock.acquire()
    except Timeout as error:
        raise BusyError(
            f"another run of fairlead writes here, and did not end in {seconds:g} s: {_told(note)}; nothing was written"
        ) from error
    try:
        _leave(note)
        yield
    finally:
        with suppress(OSError):
            note.unlink(missing_ok=True)
        lock.release()


def _leave(note: Path) -> None:
    """Say who holds the lock; without room for it the lock holds all the same."""
    command = mask(shlex.join(["fairlead", *sys.argv[1:]]))[:_WORDS]
    holder = Holder(
        pid=os.getpid(), host=socket.gethostname(), command=command, since=format_instant(datetime.now(UTC))
    )
    with suppress(OSError):
        note.unlink(missing_ok=True)  # never through a link that somebody put there
        with note.open("xb") as file:
            file.write(msgspec.json.encode(holder))


def _told(note: Path) -> str:
    """Return who holds the lock as far as the note tells."""
    try:
        with note.open("rb") as file:
            holder = msgspec.json.decode(file.read(_NOTE), type=Holder)
    except (OSError, msgspec.MsgspecError):
        return "it left no note of who it is"
    if holder.host == socket.gethostname() and not _is_running(holder.pid):
        return f"it left no note of who it is (the last one is of {holder}, which has ended)"
    return str(holder)


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return pid > 0
