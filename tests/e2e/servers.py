"""Programs that live as long as the run: started on loopback, their words kept in logs, ended with the run.

Each dies with this process even when it is killed (`setpriv --pdeathsig`), so nothing is ever left behind.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import time
from typing import TYPE_CHECKING, Self

from generator.findings.errors import ToolError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

_GRACE = 2.0
_START = 60.0
_PAUSE = 0.05
_WORDS = 15


class Servers:
    """The programs that run; as a context it ends them all, the youngest first."""

    def __init__(self, logs: Path) -> None:
        self.logs = logs
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        logs.mkdir(parents=True, exist_ok=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for child in reversed(self._running.values()):
            _signal(child, signal.SIGTERM)
        deadline = time.monotonic() + _GRACE
        for child in reversed(self._running.values()):
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(max(0.1, deadline - time.monotonic()))
            _signal(child, signal.SIGKILL)
            child.wait()

    def start(self, name: str, argv: Sequence[str | Path], env: Mapping[str, str]) -> None:
        """Start a program; what it says goes to `<name>.log`. To be called by the main thread: it dies with it."""
        with (self.logs / f"{name}.log").open("ab") as log:
            self._running[name] = subprocess.Popen(
                ["setpriv", "--pdeathsig", "KILL", "--", *argv],
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                process_group=0,
            )

    def until(self, name: str, ready: Callable[[], bool], *, seconds: float = _START) -> None:
        """Wait until the program is ready; raises ToolError with its last words when it ends or takes too long."""
        deadline = time.monotonic() + seconds
        while not ready():
            if self._running[name].poll() is not None or time.monotonic() > deadline:
                raise ToolError(f"{name} did not start; {self.logs / name}.log ends with:\n{self.last_words(name)}")
            time.sleep(_PAUSE)

    def last_words(self, name: str) -> str:
        """Return the last lines of a program's log."""
        text = (self.logs / f"{name}.log").read_text(encoding="utf-8", errors="replace")
        return "\n".join(text.splitlines()[-_WORDS:])

    def ended(self) -> list[str]:
        """Return the names of the programs that ended by themselves."""
        return [name for name, child in self._running.items() if child.poll() is not None]

    def memory(self) -> int:
        """Return what all programs hold in memory together, in bytes."""
        return sum(_resident(child.pid) for child in self._running.values())


def listening(port: int) -> bool:
    """Return whether somebody accepts connections there."""
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


class Ports:
    """Gives ports that are free now, none of them twice."""

    def __init__(self) -> None:
        self._given: set[int] = set()

    def take(self) -> int:
        """Return the next one."""
        while True:
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", 0))
                port: int = probe.getsockname()[1]
            if port not in self._given:
                self._given.add(port)
                return port


def _signal(child: subprocess.Popen[bytes], number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, number)


def _resident(pid: int) -> int:
    try:
        with open(f"/proc/{pid}/statm", encoding="ascii") as file:  # noqa: PTH123 - one short line
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0
