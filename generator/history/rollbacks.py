"""Which releases of an environment are good still: a rollback is recognised by the record, which goes back.

What a commit says of itself has no part in this: anybody can write a trailer, and a squash merge loses it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.history.release_history import agrees, texts

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from generator.history.release_history import ReleaseStep
    from generator.layout.release import Record


def good_records(steps_of_one: Iterable[ReleaseStep], images: Collection[str]) -> list[Record]:
    """Return what an environment had of `images` and no rollback has left since, the oldest first.

    `steps_of_one` are those of one service in one environment, newest first. The last record is the newest that the
    environment had. A step back to an earlier record leaves all that came after that one; what is released once more
    after it was left is good again.
    """
    good: list[Record] = []
    for step in reversed(list(steps_of_one)):
        before, after = _part(step.before, images), _part(step.after, images)
        if before and not good:
            good.append(before)
        if after and (not good or texts(after) != texts(good[-1])):
            _take(good, before, after)
    return good


def _take(good: list[Record], before: Record, after: Record) -> None:
    """Take in the next newer record: on top of an earlier one that it goes back to, else on top of all."""
    numbers = (number for number in reversed(range(len(good))) if goes_back_to(good[number], before, after))
    number = next(numbers, len(good))
    good[number:] = [after]


def goes_back_to(earlier: Record, before: Record, after: Record) -> bool:
    """Return whether a step from `before` to `after` only brings releases back that `earlier` has.

    An image that came to the page since is in neither way of it.
    """
    old, new = texts(before), texts(after)
    changed = {image for image in new if image in old and old[image] != new[image]}
    return bool(changed) and changed <= earlier.keys() and agrees(after, earlier)


def _part(record: Record | None, images: Collection[str]) -> Record:
    return {image: release for image, release in (record or {}).items() if image in images}
