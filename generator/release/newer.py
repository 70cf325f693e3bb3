"""Which of two releases of an image is the newer one: the order in which an earlier environment got them decides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.findings.errors import SupersededError
from generator.history.release_history import Arrival, agrees, position
from generator.records.hold import held_record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from generator.history.release_history import ReleaseStep
    from generator.layout.release import Record


def tag_of(record: Record, image: str | None) -> str:
    """Return the tag of an image, its digest where it has no tag, `none` where it has no release."""
    release = record.get(image or "")
    if release is None:
        return "none"
    return (release.newTag or "").partition("@")[0] or release.digest or "none"


def releases(record: Record) -> str:
    """Return what a record holds as people name it: `orders 1.4.2, orders-migrations 1.4.2`."""
    return ", ".join(f"{image} {text}" for image, text in held_record(record).items()) or "nothing"


def goes_back(steps: Callable[[], Iterable[ReleaseStep]], wanted: Record, present: Record) -> bool:
    """Return whether the environment of `steps` (newest first) took an image of `present` after that of `wanted`."""
    return any(_is_newer(steps(), there, here) for here, there in _differing(wanted, present))


def goes_on(steps: Callable[[], Iterable[ReleaseStep]], wanted: Record, present: Record) -> bool:
    """Return whether that environment had each image of `present`, and took the one of `wanted` later."""
    return all(_is_newer(steps(), here, there) for here, there in _differing(wanted, present))


def was_overtaken(  # noqa: PLR0913, PLR0917  # each one is a history that is read only if asked for
    source: Callable[[], Iterable[ReleaseStep]],
    target: Callable[[], Iterable[ReleaseStep]],
    wanted: Record,
    present: Record,
    comes_after: Callable[[str, str], bool],
    ran_before: Callable[[Record], bool],
) -> bool:
    """Return whether the target has an image that the source never had, and got it after that of `wanted`.

    So does a hotfix: nobody knows that it is older, and what the source had before is no answer to it. `ran_before`
    says whether another environment before the target ever had a record.
    """
    for here, there in _differing(wanted, present):
        ours, theirs = _arrival(source(), here), _arrival(target(), there)
        unknown = position(source(), there) is None
        later = unknown and ours and theirs and comes_after(theirs.commit, ours.commit)
        if later and _is_new(target(), there, ran_before):
            return True
    return False


def _is_new(steps: Iterable[ReleaseStep], record: Record, ran_before: Callable[[Record], bool]) -> bool:
    """Return whether an environment got a record as something new: it did not come back, nor did it all begin with it.

    A first release is new where it came from an environment before: what was there from the start is no hotfix. The
    records tell; what commits say of themselves anybody can write.
    """
    arrivals = (step for step in steps if agrees(step.after, record) and not agrees(step.before, record))
    newest = next(arrivals, None)
    if newest is None or next(arrivals, None) is not None:
        return False
    began = not any(image in (newest.before or {}) for image in record)
    return not began or ran_before(record)


def _arrival(steps: Iterable[ReleaseStep], record: Record) -> ReleaseStep | None:
    """Return the step by which an environment last became `record`."""
    return next((step for step in steps if agrees(step.after, record) and not agrees(step.before, record)), None)


def _differing(wanted: Record, present: Record) -> Iterator[tuple[Record, Record]]:
    """Yield both releases of each image that has two different ones, as records of that image alone."""
    for image, release in wanted.items():
        if image in present and present[image].suffix != release.suffix:
            yield {image: release}, {image: present[image]}


def _is_newer(steps: Iterable[ReleaseStep], one: Record, other: Record) -> bool:
    """Return whether an environment took `one` later than `other`; False if it never had `one`, or never `other`.

    Reads no further back than to `other`.
    """
    first, second = Arrival(one), Arrival(other)
    for step in steps:
        first.take(step)
        second.take(step)
        if second.position is not None:
            return first.position is not None
    return False


def refuse_changed(place: str, expected: str, found: str) -> None:
    """Raise SupersededError unless a place runs what was expected there."""
    if expected != found:
        raise SupersededError(f"superseded: {place} runs {found}, not {expected}; nothing was written")


class Unchanged:
    """Remembers what there was at the first attempt, so that no later one does to something else what was asked."""

    def __init__(self) -> None:
        self._first: str | None = None

    def require(self, found: str, changed: Callable[[str], str]) -> None:
        """Raise SupersededError unless it is what there was at first; `changed` gives the words from that."""
        first = self._first = found if self._first is None else self._first
        if first != found:
            raise SupersededError(f"superseded: {changed(first)}; nothing was written")


def superseded(service: str, environment: str, present: Record) -> SupersededError:
    """Return the error that an environment has something newer than what was to go there."""
    place = f"{environment}/{service}"
    if not present:
        return SupersededError(f"superseded: {place} was taken out meanwhile; nothing was written")
    return SupersededError(
        f"superseded: {place} has {releases(present)}, which is as new or newer as far as git knows; "
        "nothing was written. "
        f"To go back on purpose: `fairlead rollback {service} --env {environment}`; to replace it: --expect TAG"
    )
