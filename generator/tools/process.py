"""The one place that starts a child process: fixed arguments, no shell, an empty environment, a time limit.

It knows nothing of the programs it starts; what an exit code means is for the caller to say.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
from typing import TYPE_CHECKING

import msgspec

from generator import interrupt
from generator.errors import ToolError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

# For short-lived Go programs: no garbage collection below a gigabyte, one thread each. kustomize over 300 overlays in
# wrappers of 16, two at a time: 1.9 s of processor time against 3.4, at 115 MB a process against 33.
BRIEF_GO = {"GOGC": "off", "GOMEMLIMIT": "1GiB", "GOMAXPROCS": "1"}

# How long the pipes of a killed group may stay open: only a grandchild that left the group can hold them.
_LAST_WORDS = 1.0


class Completed(msgspec.Struct, frozen=True):
    """A child that ended by itself: what it wrote (bytes that are no text replaced) and its exit code."""

    stdout: bytes
    stderr: str
    returncode: int


def run(
    argv: Sequence[str],
    *,
    cwd: Path | None = None,
    stdin: bytes | None = None,
    env: Mapping[str, str] | None = None,
    timeout: float = 30.0,
) -> Completed:
    """Run `argv` to its end and return what it said; a non-zero exit code is an answer, not an error.

    The environment holds `env` and nothing else; without `stdin` the child reads an empty file. The child
    leads its own process group, and after `timeout` seconds (or on an interrupt) that whole group is killed.
    May be called from several threads at once.

    Raises ToolError when the program cannot be started or is silent for too long.
    """
    with interrupt.held():
        child = _start(argv, cwd, {} if env is None else env, piped=stdin is not None)
        interrupt.keep_child(child.pid)
    try:
        stdout, stderr = child.communicate(stdin, timeout)
    except subprocess.TimeoutExpired:
        _kill(child)
        raise ToolError(f"{_title(argv)}: no answer after {timeout:g} s, killed") from None
    except BaseException:
        _kill(child)
        raise
    finally:
        interrupt.forget_child(child.pid)
    return Completed(stdout, stderr.decode(errors="replace"), child.returncode)


def _start(argv: Sequence[str], cwd: Path | None, env: Mapping[str, str], *, piped: bool) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(
            argv,
            cwd=cwd,
            env=env,
            stdin=subprocess.PIPE if piped else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            process_group=0,
        )
    except OSError as error:
        culprit = f": {error.filename}" if error.filename else ""
        raise ToolError(f"{_title(argv)}: cannot be started: {error.strerror}{culprit}") from error


def _kill(child: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)
    with contextlib.suppress(subprocess.TimeoutExpired):
        child.communicate(timeout=_LAST_WORDS)
    for pipe in (child.stdin, child.stdout, child.stderr):
        with contextlib.suppress(OSError):
            if pipe:
                pipe.close()
    child.wait()


def _title(argv: Sequence[str]) -> str:
    """Name the program and its first argument: enough to know which step it was, short enough to read."""
    return " ".join([os.path.basename(argv[0]), *argv[1:2]])  # noqa: PTH119 - argv holds text, not paths
