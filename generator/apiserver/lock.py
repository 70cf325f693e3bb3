"""Files whose lock says that a process lives, or that somebody uses something: the kernel keeps them true.

A lock belongs to an open file, and a child inherits the file: it falls when the last process that has it is gone,
however that came. So no process number has to be believed, and no restart of the machine leaves a lie behind.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import signal
import time
from typing import TYPE_CHECKING

from generator.findings.errors import ToolError
from generator.tools.process import LastingFiles, start_lasting

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path
    from typing import BinaryIO

    from generator.tools.process import Lasting

# A killed process is gone within milliseconds, unless the machine is very busy or its disk hangs.
_ASK_SECONDS = 5.0
_KILL_SECONDS = 10.0
_POLL_SECONDS = 0.01


def take_lock(path: Path, *, shared: bool = False) -> BinaryIO | None:
    """Lock a file until it is closed, made when missing; None when another holds it. Raises OSError."""
    file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600), "r+b", buffering=0)
    try:
        fcntl.flock(file, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return None
    return file


def alive(path: Path) -> bool:
    """Return whether the process that was started with this file still lives."""
    if not path.is_file():
        return False
    lock = take_lock(path)
    if lock is not None:
        lock.close()
    return lock is None


def start(
    argv: Sequence[str],
    path: Path,
    log: Path,
    env: Mapping[str, str],
    before: Callable[[], None] | None = None,
) -> Lasting:
    """Start a process that lives on, in a session of its own, in the folder of `path`; it holds the lock of that file.

    `path` comes to hold its number, `log` what it says; `before` runs in the child. Raises ToolError when it cannot be
    started, or when an earlier one still lives.
    """
    lock = take_lock(path)
    if lock is None:
        raise ToolError(f"{path}: its process still lives")
    with lock, log.open("ab") as output:
        child = start_lasting(argv, cwd=path.parent, env=env, files=LastingFiles(output, lock), before=before)
        lock.write(b"%d\n" % child.pid)
    return child


def end(path: Path) -> None:
    """End the process that was started with this file, by force when asking does not help; raises ToolError."""
    for signals, seconds in ((signal.SIGTERM, _ASK_SECONDS), (signal.SIGKILL, _KILL_SECONDS)):
        limit = time.monotonic() + seconds
        while alive(path) and time.monotonic() < limit:
            _send(signals, path)
            time.sleep(_POLL_SECONDS)
    if alive(path):
        raise ToolError(f"{path}: its process cannot be ended")
    with contextlib.suppress(OSError, ValueError):  # another's child; no number
        os.waitpid(int(path.read_text()), os.WNOHANG)


def _send(number: signal.Signals, path: Path) -> None:
    """Send a signal to a process that lives: by its lock, so the number in the file is its own."""
    with contextlib.suppress(ProcessLookupError, ValueError):  # just gone; number not yet written
        os.kill(int(path.read_text()), number)
