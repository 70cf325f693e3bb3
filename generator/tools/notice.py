"""What takes long before a command can begin its work, told on standard error with how far it is."""

from __future__ import annotations

import os
import sys
import threading
import time
from typing import TYPE_CHECKING, Self

from generator.findings.output import echo, echo_state

if TYPE_CHECKING:
    from types import TracebackType

# Seconds between two lines about the same work: a log of a CI keeps each of them, a terminal only the last.
_LOG_SECONDS = 15.0
_TERMINAL_SECONDS = 0.5


class Notice:
    """Tells about one piece of work while its context is open; `title` says what it is."""

    def __init__(self, title: str) -> None:
        self._title = title
        self._state = ""
        self._start = time.monotonic()
        self._is_terminal = sys.stderr.isatty() and "CI" not in os.environ
        self._over = threading.Event()
        self._clock = threading.Thread(target=self._tell, daemon=True)

    @property
    def seconds(self) -> float:
        """How long the work has been going on."""
        return time.monotonic() - self._start

    def say(self, text: str) -> None:
        """Print a line that stays."""
        self._wipe()
        echo(text, err=True)

    def step(self, state: str) -> None:
        """Remember how far the work is, to be shown when it is time."""
        self._state = state

    def __enter__(self) -> Self:
        self._clock.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._clock.join()
        self._wipe()

    def _tell(self) -> None:
        while not self._over.wait(_TERMINAL_SECONDS if self._is_terminal else _LOG_SECONDS):
            state = ", ".join(part for part in (self._state, f"{self.seconds:.0f} s") if part)
            if self._is_terminal:
                echo_state(f"{self._title}: {state}")
            else:
                echo(f"{self._title}: {state}", err=True)

    def _wipe(self) -> None:
        if self._is_terminal:
            echo_state("")
