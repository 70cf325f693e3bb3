"""Files that are made from others: a test that finds one out of date says so in one line, not with both texts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

REFRESH = "run scripts/refresh and read its diff"


def hold_current(path: Path, text: str) -> None:
    """Fail unless a file holds `text`."""
    hold_all_current(path.parent, {path.name: path.read_text(encoding="utf-8")}, {path.name: text})


def hold_all_current(folder: Path, kept: Mapping[str, str], made: Mapping[str, str]) -> None:
    """Fail unless the files that are `kept` in a folder are those that would be made, and name those that are not."""
    differing = sorted(path for path in kept.keys() | made.keys() if kept.get(path) != made.get(path))
    if differing:
        pytest.fail(f"{folder.name}/{{{', '.join(differing)}}}: not what would be written; {REFRESH}", pytrace=False)
