"""What environments ran, and when: the release records and holds as the commits of a branch changed them.

Git is the only memory there is. A commit that leaves a record as it was (another patch, a bot's formatting) is no step,
and a file that cannot be read at some commit is passed over: the step then goes from the last state that could be read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from generator.history.changed_paths import PathScope
from generator.history.file_versions import Version, versions
from generator.layout.release import Record
from generator.paths import HOLD, NAME
from generator.records.hold import Hold

if TYPE_CHECKING:
    from generator.repo.log import Reader


# Trailers are words for people: they are shown, and nothing is decided by them, for anybody can write one.
# This one says which environment a release was promoted from.
PROMOTED_FROM = "Promoted-From"

# This one says which release a rollback left.
ROLLBACK_OF = "Rollback-Of"


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """What one commit did to one overlay. `when` is the committer's time, in UTC.

    A merge is the commit that made it, by its author and at its time; the trailers are also those of the commits that
    it brought in for this file. Values of a repeated trailer are joined by newlines. `border`: the clone is shallow and
    ends here, so this was so at that time, and since when nobody knows.
    """

    environment: str
    service: str
    commit: str
    when: datetime
    author: str
    subject: str
    trailers: Mapping[str, str]
    border: bool = False


class ReleaseStep(Event, frozen=True, kw_only=True):
    """One change of a release record; None stands for no overlay."""

    before: Record | None
    after: Record | None


class HoldStep(Event, frozen=True, kw_only=True):
    """One change of a hold; None stands for no hold."""

    before: Hold | None
    after: Hold | None


def steps(  # noqa: PLR0913  # each one narrows what is read
    reader: Reader,
    *,
    revision: str = "HEAD",
    prefix: str = "",
    environment: str | None = None,
    service: str | None = None,
    wanted: Callable[[str, str], bool] = lambda _environment, _service: True,
) -> Iterator[ReleaseStep]:
    """Yield the changes of release records on a branch, newest first; reads on only while the caller does.

    `reader` runs git at the top of a work tree, `prefix` is the GitOps repository's folder in it. `wanted` is asked,
    with environment and service, before contents are read. Gives nothing where there is no such revision.
    """
    scope = PathScope(prefix=prefix, environment=environment, service=service, files=(NAME,), wanted=wanted)
    for version in versions(reader, revision, scope):
        event = _event(version)
        if isinstance(event, ReleaseStep):
            yield event


def events(
    reader: Reader,
    *,
    revision: str = "HEAD",
    prefix: str = "",
    environment: str | None = None,
    service: str | None = None,
) -> Iterator[ReleaseStep | HoldStep]:
    """Yield the changes of release records and of holds, like `steps`."""
    scope = PathScope(prefix=prefix, environment=environment, service=service)
    for version in versions(reader, revision, scope):
        event = _event(version)
        if event is not None:
            yield event


def _event(version: Version) -> ReleaseStep | HoldStep | None:
    """Return the event that a version is; None when nothing changed that anybody runs or keeps."""
    commit, before, after = version.commit, version.before, version.after
    common = {
        "environment": version.environment,
        "service": version.service,
        "commit": commit.id,
        "when": commit.when,
        "author": commit.author,
        "subject": commit.subject,
        "trailers": version.trailers,
        "border": commit.border,
        "before": before,
        "after": after,
    }
    if version.file == HOLD:
        return None if before == after else HoldStep(**common)
    return None if texts(before) == texts(after) else ReleaseStep(**common)


def agrees(found: Record | None, record: Record) -> bool:
    """Return whether what an environment has holds each release of `record`."""
    have = texts(found)
    return found is not None and all(have.get(image) == text for image, text in texts(record).items())


def texts(record: Record | None) -> dict[str, str]:
    """Return what kustomize puts behind each image's name: two spellings of one release are equal so."""
    return {image: release.suffix for image, release in (record or {}).items()}


class Run:
    """The newest unbroken run of steps in which an environment agreed with a record; takes its steps newest first.

    `start` is the oldest step of the run so far, `over` the one that ended it (None: it goes on); `ended` says that no
    further step can change them.
    """

    def __init__(self, record: Record) -> None:
        self._record = record
        self._newer: ReleaseStep | None = None
        self.start: ReleaseStep | None = None
        self.over: ReleaseStep | None = None
        self.ended = False

    def take(self, step: ReleaseStep) -> None:
        """Take the next older step."""
        if not self.ended and agrees(step.after, self._record):
            self.over = self._newer if self.start is None else self.over
            self.start = step
        self._newer = step
        self.ended = self.start is not None and not agrees(self.start.before, self._record)


class Arrival:
    """How many steps ago an environment last came to agree with a record; takes its steps newest first."""

    def __init__(self, record: Record) -> None:
        self._record = record
        self._taken = 0
        self.position: int | None = None

    def take(self, step: ReleaseStep) -> None:
        """Take the next older step."""
        arrived = agrees(step.after, self._record) and not agrees(step.before, self._record)
        if self.position is None and arrived:
            self.position = self._taken
        self._taken += 1


class Span(msgspec.Struct, frozen=True):
    """A time, in UTC; without `until` it goes on."""

    since: datetime
    until: datetime | None = None


def span(steps_of_one: Iterable[ReleaseStep], record: Record) -> Span | None:
    """Return the time in which one environment's steps of one service last agreed with `record`; None: they never did.

    It reads no further than the oldest step of that time.
    """
    run = Run(record)
    for step in steps_of_one:
        run.take(step)
        if run.ended:
            break
    return None if run.start is None else Span(run.start.when, run.over.when if run.over else None)


def since(steps_of_one: Iterable[ReleaseStep], record: Record) -> datetime | None:
    """Return the beginning of that time."""
    found = span(steps_of_one, record)
    return None if found is None else found.since


def position(steps_of_one: Iterable[ReleaseStep], record: Record) -> int | None:
    """Return how many steps ago one environment last became `record` of one service (0: by the newest); None: never."""
    arrival = Arrival(record)
    for step in steps_of_one:
        arrival.take(step)
        if arrival.position is not None:
            break
    return arrival.position
