"""Processes that note their numbers in a file, and whether they have ended."""

from __future__ import annotations

import time
from pathlib import Path

import pytest


def started(folder: Path) -> list[int]:
    """Return the numbers that processes wrote into the file `started`, once there are two."""
    limit = time.monotonic() + 20
    while time.monotonic() < limit:
        numbers = (folder / "started").read_text().split() if (folder / "started").exists() else []
        if len(numbers) > 1:
            return [int(number) for number in numbers]
        time.sleep(0.02)
    pytest.fail("no process was started")


def are_gone(numbers: list[int]) -> bool:
    """Return whether processes end within some seconds."""
    limit = time.monotonic() + 10
    while time.monotonic() < limit:
        if not any(lives(number) for number in numbers):
            return True
        time.sleep(0.02)
    return False


def lives(number: int) -> bool:
    """Return whether a process runs; a zombie does not."""
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
