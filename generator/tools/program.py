"""The program of a tool, ready to run: found where it lies, or installed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.tools.locate import locate

if TYPE_CHECKING:
    from pathlib import Path

    from generator.tools.pins import Tool


def program(tool: Tool, version: str) -> Path:
    """Give the program of a tool, installed first where there is none; raises ToolError when that fails."""
    found = locate(tool, version)
    if found is None:
        from generator.tools.install import ensure  # 30 ms, for the first run on a machine alone

        found = ensure(tool, version)
    return found
