"""The program of a tool, ready to run: found where it lies, or installed where that is allowed."""

from __future__ import annotations

import contextlib
import time
from typing import TYPE_CHECKING

from generator.findings.errors import ToolError
from generator.tools.locate import locate

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from generator.tools.pins import Tool


class _Installing:
    """Whether this process may install, and the seconds that it has spent on it."""

    is_allowed = True
    seconds = 0.0


def program(tool: Tool, version: str) -> Path:
    """Return the program of a tool, installed first where there is none; raises ToolError when that fails.

    Inside `without_installing` a tool that is not there raises ToolError with the command that installs it.
    """
    found = locate(tool, version)
    if found is not None:
        return found
    if not _Installing.is_allowed:
        raise ToolError(f"{tool.name} {version} is not installed, and --no-install forbids it; run: {tool.remedy}")
    from generator.tools.install import ensure  # 30 ms, for the first run on a machine alone

    start = time.monotonic()
    try:
        return ensure(tool, version)
    finally:
        _Installing.seconds += time.monotonic() - start


@contextlib.contextmanager
def without_installing() -> Iterator[None]:
    """Let no thread of this process fetch or build a tool meanwhile."""
    before, _Installing.is_allowed = _Installing.is_allowed, False
    try:
        yield
    finally:
        _Installing.is_allowed = before


def seconds_installing() -> float:
    """Return how long this process has installed tools, or waited for another that did."""
    return _Installing.seconds
