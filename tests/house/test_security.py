"""docs/security.md names a test for each promise; each of them is there, and holds something."""

from __future__ import annotations

import re

import pytest

from .conftest import REPOSITORY

PAGE = (REPOSITORY / "docs/security.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"`(tests/[^`]+)`", PAGE)))


@pytest.mark.parametrize("named", NAMED)
def test_a_promise_names_a_test_that_is_there(named: str) -> None:
    """A file or folder with tests, or one test of a file."""
    path, _, name = named.partition("::")
    place = REPOSITORY / path
    files = [place] if place.is_file() else [*place.glob("test_*.py"), *place.glob("*/expected.txt")]
    text = "".join(file.read_text(encoding="utf-8") for file in files)
    assert f"def {name or 'test_'}" in text or (place / "case.py").is_file()


def test_every_promise_names_a_test() -> None:
    """A row without one would be a claim."""
    rows = [line for line in PAGE.splitlines() if line.startswith("| ") and line.count("|") == 3]
    promises = [row for row in rows if not row.startswith(("| promise |", "| who |"))]
    assert len(promises) > 20
    assert [row for row in promises if "`tests/" not in row] == []
