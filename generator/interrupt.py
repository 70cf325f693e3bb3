"""Told to end by a signal: the work is unwound, children end, one line is said, and the exit code is the shell's.

Nothing is imported here but what Python has loaded anyway: the handlers stand before anything heavy is read.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from contextlib import contextmanager, suppress

TYPE_CHECKING = False  # importing typing takes as long as starting Python
if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

# Ctrl-C, what a CI system ends a run with, and a terminal that was closed. Exit codes are 128 and the number.
ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_SHELL = 128

# Tidying takes no longer than this; a run that hangs then ends without it (seconds).
_TIDYING_SECONDS = 10


class InterruptError(BaseException):
    """The run was told to end; nothing may take it for an error and go on."""


class _State:
    """What one process knows of its end: the signal that asked for it, who holds it off, the children that run."""

    number = 0
    holders = 0
    children: set[int] = set()  # noqa: RUF012  # one process, one state


def install_handlers() -> None:
    """Let signals that would end this process unwind it; what is ignored (`nohup`) stays ignored."""
    for number in ENDING:
        if signal.getsignal(number) in {signal.SIG_DFL, signal.default_int_handler}:
            signal.signal(number, _end)
    sys.unraisablehook = _say_unless_ending


def ignore_signals() -> None:
    """Let no signal be in the way of an answer that is complete."""
    for number in ENDING:
        signal.signal(number, signal.SIG_IGN)


def interrupt_code() -> int:
    """Return the exit code of a process that was told to end; 0 for all others."""
    return _State.number and _SHELL + _State.number


def interrupt_words() -> str:
    """Return by what the process was told to end."""
    return "interrupted" if _State.number == signal.SIGINT else f"ended by {signal.Signals(_State.number).name}"


@contextmanager
def hold_signals() -> Iterator[None]:
    """Let no signal end the run inside: what is done there is done whole; it ends afterwards.

    Only the main thread is told to end, so there is nothing to hold in another one.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    _State.holders += 1
    try:
        yield
    finally:
        _State.holders -= 1
    if _State.number and not _State.holders:
        raise InterruptError


def keep_child(pid: int) -> None:
    """Take note of a child that leads a process group: it ends when this process is told to."""
    _State.children.add(pid)
    if _State.number:
        _kill(pid)


def forget_child(pid: int) -> None:
    """Take note that a child has ended."""
    _State.children.discard(pid)


def _end(number: int, _: FrameType | None) -> None:
    ignore_signals()  # the second one must not stop the tidying
    _State.number = number
    signal.signal(signal.SIGALRM, lambda *_: os._exit(_SHELL + number))
    signal.alarm(_TIDYING_SECONDS)
    for pid in tuple(_State.children):
        _kill(pid)
    if not _State.holders:
        raise InterruptError


def _kill(pid: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def _say_unless_ending(unraisable: sys.UnraisableHookArgs) -> None:
    """Say what went wrong where nobody could be told; an end that fell into such a place is no fault."""
    if not _State.number:
        sys.__unraisablehook__(unraisable)
