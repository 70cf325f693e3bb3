"""The one place that starts a child process: fixed arguments, no shell, an empty environment, a group of its own.

`run` and `run_long` wait for the child, and its group ends with this process; `start_lasting` is for what lives on.
It knows nothing of the programs it starts; what an exit code means is for the caller to say.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from generator import interrupt
from generator.findings.errors import ToolError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from typing import BinaryIO

# A child that lives on: whoever holds it sees whether it has ended.
Lasting = subprocess.Popen[bytes]

# For short-lived Go programs: fewer collections than Go's own 100. Processor seconds and peak memory on 2 cores:
#                                 GOGC=400          off and 1GiB      off and 200MiB    Go's own
# kustomize, a wrapper of 16      0.116 s   53 MiB  0.122 s   89 MiB  0.124 s   89 MiB  0.137 s  27 MiB
# kustomize, a wrapper of 100     1.30 s   115 MiB  1.70 s   495 MiB  1.56 s   207 MiB  1.36 s   50 MiB
# kubeconform, 6,300 objects      1.52 s   132 MiB  1.76 s   947 MiB  1.54 s   183 MiB  1.65 s   53 MiB
_GO_COLLECTION = "400"
# What all children of one kind may take together before Go collects more often, and what one needs to get on at all.
_GO_MEMORY = 1024
_GO_LEAST_MEMORY = 64

# How long the pipes of a killed group may stay open: only a grandchild that left the group can hold them.
_LAST_WORDS = 1.0


def short_go_environment(children: int = 1) -> dict[str, str]:
    """Return the settings of the Go runtime for a program that runs for seconds, `children` of them at once.

    Their memory together stays at about 1 GiB for up to 16 children; beyond that each may take 64 MiB.
    """
    share = max(_GO_LEAST_MEMORY, _GO_MEMORY // children)
    return {"GOGC": _GO_COLLECTION, "GOMEMLIMIT": f"{share}MiB"}


class UnansweredError(ToolError):
    """A child was silent for too long, and was killed with its group."""


class Completed(msgspec.Struct, frozen=True):
    """A child that ended by itself: what it wrote (bytes that are no text replaced) and its exit code."""

    stdout: bytes
    stderr: str
    returncode: int


class LastingFiles(NamedTuple):
    """The open files that a child which lives on inherits: what it writes to, and the lock that says that it lives."""

    output: BinaryIO
    lock: BinaryIO


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
    leads a session of its own: nothing of it can ask at the terminal, and after `timeout` seconds (or on an
    interrupt) its whole group is killed. May be called from several threads at once.

    Raises ToolError when the program cannot be started, UnansweredError when it is silent for too long.
    """
    child = _start_kept(argv, cwd, env or {}, piped=stdin is not None)
    with _killed_unless_it_ends(child, argv, timeout):
        stdout, stderr = child.communicate(stdin, timeout)
    return Completed(stdout, stderr.decode(errors="replace"), child.returncode)


def run_long(
    argv: Sequence[str],
    *,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    timeout: float,
    on_line: Callable[[str], None],
) -> Completed:
    """Like `run`, for what takes minutes: `on_line` gets each line of standard error as it comes.

    The child and all that it starts end with this process, also when that is killed. `on_line` is called in a thread
    of its own.
    """
    supervisor = str(Path(__file__).with_name("supervisor.py"))
    reading, writing = os.pipe()
    said: list[str] = []
    listener = threading.Thread(target=_listen, args=(reading, said, on_line), daemon=True)
    try:
        child = _start_kept([sys.executable, "-IS", supervisor, *argv], cwd, env or {}, piped=True, stderr=writing)
    except BaseException:
        os.close(reading)
        raise
    finally:
        os.close(writing)
    listener.start()
    try:
        with _killed_unless_it_ends(child, argv, timeout):
            stdout = _read_all(child, timeout)
    finally:
        listener.join(_LAST_WORDS)
    return Completed(stdout, "".join(said), child.returncode)


def start_lasting(
    argv: Sequence[str],
    *,
    cwd: Path,
    env: Mapping[str, str],
    files: LastingFiles,
    before: Callable[[], None] | None = None,
) -> Lasting:
    """Start a child that may outlive this process, in a session of its own; whoever starts it says how it ends.

    `before` runs in the child, and is for processes with one thread only. Raises ToolError when the program cannot be
    started.
    """
    try:
        return subprocess.Popen(
            argv,
            cwd=cwd,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=files.output,
            stderr=files.output,
            pass_fds=(files.lock.fileno(),),
            start_new_session=True,
            preexec_fn=before,  # noqa: PLW1509 - given only by a process with one thread
        )
    except OSError as error:
        raise ToolError(f"{argv[0]}: cannot be started: {error.strerror}") from error


def let_go(child: Lasting) -> None:
    """Leave a child to live on without us: Python would warn about it otherwise."""
    child.returncode = 0


@contextlib.contextmanager
def _killed_unless_it_ends(child: subprocess.Popen[bytes], argv: Sequence[str], timeout: float) -> Iterator[None]:
    """Kill a child that is silent for too long (UnansweredError), and one whose parent is told to end."""
    try:
        yield
    except subprocess.TimeoutExpired:
        _kill(child)
        raise UnansweredError(f"{_title(argv)}: no answer after {timeout:g} s, killed") from None
    except BaseException:
        _kill(child)
        raise
    finally:
        interrupt.forget_child(child.pid)


def _listen(reading: int, said: list[str], on_line: Callable[[str], None]) -> None:
    with os.fdopen(reading, "r", encoding="utf-8", errors="replace") as lines:
        for line in lines:
            said.append(line)
            on_line(line.rstrip("\n"))


def _read_all(child: subprocess.Popen[bytes], timeout: float) -> bytes:
    """Read standard output to its end, and leave standard input open: its end would end the child."""
    stdin, child.stdin = child.stdin, None
    try:
        return child.communicate(timeout=timeout)[0]
    finally:
        if stdin is not None and child.poll() is not None:
            stdin.close()
        child.stdin = stdin


def _start_kept(
    argv: Sequence[str],
    cwd: Path | None,
    env: Mapping[str, str],
    *,
    piped: bool,
    stderr: int = subprocess.PIPE,
) -> subprocess.Popen[bytes]:
    """Start a child whose group is killed when this process is told to end, from its first moment on."""
    with interrupt.hold_signals():
        child = _start(argv, cwd, env, piped=piped, stderr=stderr)
        interrupt.keep_child(child.pid)
    return child


def _start(
    argv: Sequence[str],
    cwd: Path | None,
    env: Mapping[str, str],
    *,
    piped: bool,
    stderr: int,
) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(
            argv,
            cwd=cwd,
            env=env,
            stdin=subprocess.PIPE if piped else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=stderr,
            start_new_session=True,
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
