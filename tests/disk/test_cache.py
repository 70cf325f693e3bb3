"""The cache: what it knows, and what it must not believe."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from generator.disk.cache import open_cache
from generator.disk.state import state_folder

if TYPE_CHECKING:
    from pathlib import Path


def test_a_verdict_is_known_to_the_next_run(tmp_path: Path) -> None:
    """What was put and saved is found under its key, and counted."""
    first = open_cache(tmp_path, "things")
    first.put("key", 3)
    first.save()

    second = open_cache(tmp_path, "things")

    assert second.get("key", int) == 3
    assert second.get("other", int) is None
    assert (second.hits, second.misses) == (1, 1)


@pytest.mark.parametrize("damage", ["truncated", "flipped", "foreign", "empty"])
def test_a_damaged_file_counts_as_empty(tmp_path: Path, damage: str) -> None:
    """Not one bit of a damaged cache is believed."""
    cache = open_cache(tmp_path, "things")
    cache.put("key", 3)
    cache.save()
    path = state_folder(tmp_path) / "things.cache"
    data = path.read_bytes()
    changed = {
        "truncated": data[:-1],
        "flipped": data[:-1] + bytes([data[-1] ^ 1]),
        "foreign": b"<html>not found</html>" * 9,
        "empty": b"",
    }
    path.write_bytes(changed[damage])

    assert open_cache(tmp_path, "things").get("key", int) is None


def test_what_the_last_runs_asked_for_is_kept(tmp_path: Path) -> None:
    """A branch to and fro proves nothing twice."""
    for key in ("old", "new"):
        cache = open_cache(tmp_path, "things")
        cache.put(key, 1)
        cache.save()

    last = open_cache(tmp_path, "things")

    assert (last.get("old", int), last.get("new", int)) == (1, 1)


def test_what_no_run_asks_for_is_dropped_in_the_end(tmp_path: Path) -> None:
    """The file does not grow for ever."""
    for number in range(5):
        cache = open_cache(tmp_path, "things")
        cache.put(f"key {number}", number)
        cache.save()

    last = open_cache(tmp_path, "things")

    assert [last.get(f"key {number}", int) for number in range(5)] == [None, 1, 2, 3, 4]
