"""What was shown, a line each: said while it happens, and as a table at the end."""

from __future__ import annotations

import sys
import time
import traceback
from typing import TYPE_CHECKING

import msgspec

from generator.findings.errors import FairleadError
from tests.e2e.api import RefusedError
from tests.e2e.scene import StuckError

if TYPE_CHECKING:
    from collections.abc import Callable

OK, FAILED = "ok", "FAILED"
# What a step may end with when the world is not as it should be; of anything else the place in the code matters.
_EXPECTED = (AssertionError, FairleadError, OSError, RefusedError, StuckError)


class Line(msgspec.Struct, frozen=True):
    """One thing that was to be shown; `note` is its figures, or the first line of what went wrong."""

    title: str
    outcome: str
    seconds: float
    note: str

    def __str__(self) -> str:
        return f"{self.outcome:<6} {self.seconds:7.1f} s  {self.title}{f': {self.note}' if self.note else ''}"


class Table:
    """The lines so far; each is also printed when it is done."""

    def __init__(self) -> None:
        self.lines: list[Line] = []

    @property
    def failed(self) -> list[Line]:
        """What was not shown."""
        return [line for line in self.lines if line.outcome != OK]

    def show(self, title: str, step: Callable[[], str]) -> bool:
        """Take a step, which gives its figures, and note how it went; say whether it went well."""
        began = time.monotonic()
        try:
            outcome, note = OK, step()
        except _EXPECTED as error:
            outcome, note = FAILED, str(error)
        except Exception:  # noqa: BLE001 - one broken step must not hide what the others show
            outcome, note = FAILED, traceback.format_exc()
        seconds = time.monotonic() - began
        headline = note.strip().splitlines()[0] if note.strip() else ""
        self.lines.append(Line(title, outcome, seconds, headline))
        print(Line(title, outcome, seconds, note), flush=True)
        return outcome == OK

    def write(self) -> None:
        """Print all lines as a table, and what failed on the error stream."""
        width = max((len(line.title) for line in self.lines), default=0)
        print(f"\n{'':6} {'seconds':>8}  {'shown':<{width}}  figures")
        for line in self.lines:
            print(f"{line.outcome:<6} {line.seconds:8.1f}  {line.title:<{width}}  {line.note}".rstrip())
        total = sum(line.seconds for line in self.lines)
        print(f"\ne2e: {len(self.lines)} shown in {total:.0f} s, {len(self.failed)} failed", flush=True)
        for line in self.failed:
            print(f"  {line.title}: {line.note}", file=sys.stderr)
