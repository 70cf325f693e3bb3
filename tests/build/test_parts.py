"""Work split into wrappers, and built a few at a time."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from generator.build.parts import WRAPPER_SIZE, build_parts, split_evenly

if TYPE_CHECKING:
    from pathlib import Path


def test_wrappers_are_evenly_filled() -> None:
    """One more than fits makes two halves, so that two cores have the same to do."""
    parts = split_evenly(range(WRAPPER_SIZE + 2), lambda _: "one group")
    assert [len(part) for part in parts] == [11, 11]


def test_members_of_different_groups_are_not_built_together() -> None:
    """Their objects may have one name."""
    assert list(split_evenly([1, 2, 3, 4], lambda number: number % 2)) == [[1, 3], [2, 4]]


def test_each_part_has_a_folder_which_goes_in_the_end() -> None:
    """Answers come in the order of the parts."""

    def build(folder: Path, part: str) -> tuple[Path, str]:
        folder.mkdir()
        return folder, part

    answers = list(build_parts("fairlead-test-", ["a", "b", "c"], build))
    assert [part for _, part in answers] == ["a", "b", "c"]
    assert len({folder for folder, _ in answers}) == 3
    assert not any(folder.exists() for folder, _ in answers)


def test_the_first_answer_comes_while_the_others_are_built() -> None:
    """Who looks at it need not wait for the slowest."""
    seen = threading.Event()

    def build(_: Path, part: int) -> int:
        assert part == 0 or seen.wait(30)
        return part

    answers = build_parts("fairlead-test-", [0, 1], build)
    first = next(answers)
    seen.set()
    assert [first, *answers] == [0, 1]
