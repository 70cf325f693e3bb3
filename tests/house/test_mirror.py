"""tests/ mirrors the package: the tests of generator/<room>/<module> lie in tests/<room>/."""

from __future__ import annotations

from .conftest import REPOSITORY

# Folders about the repository, or about all rooms at once.
ABOUT_THE_WHOLE = {"adopt", "cases", "e2e", "house", "properties", "schemas", "soak", "systems"}


def test_a_folder_of_tests_is_named_after_a_room() -> None:
    """Where a room is renamed, the folder of its tests follows."""
    rooms = {path.stem for path in (REPOSITORY / "generator").iterdir()}
    folders = {path.parent.name for path in (REPOSITORY / "tests").glob("*/*.py")}
    assert folders - ABOUT_THE_WHOLE - rooms == set()
