"""How a service stands in one environment: what it runs, since when, and against the environment before it."""

from __future__ import annotations

import enum
from datetime import datetime

import msgspec

from generator.findings.finding import Finding
from generator.history.release_history import Arrival, ReleaseStep, Run, texts
from generator.layout.release import Record
from generator.records.hold import Hold


class Drift(enum.StrEnum):
    """How an environment's release stands to that of the environment before it.

    The earlier environment's order decides, as for a promotion: where it was rolled back, what it went back to is the
    newer one. `ahead`: it had the other's release and went on by itself, or the other has none.
    """

    SAME = "same"
    BEHIND = "behind"
    AHEAD = "ahead"
    DIFFERENT = "different"


class Cell(msgspec.Struct, frozen=True, kw_only=True):
    """One service in one environment where it may run.

    `record` is None where it is not released, or where it is `unreadable` and `findings` say why. `since` is when the
    branch came to what the record says, by `commit`; `at_least`: a shallow clone ends there. Both are None where git
    does not know, and for a record that is `uncommitted`. `behind` counts the steps of `previous` since it had this.
    """

    environment: str
    service: str
    record: Record | None = None
    unreadable: bool = False
    retired: bool = False
    uncommitted: bool = False
    since: datetime | None = None
    commit: str | None = None
    at_least: bool = False
    previous: str | None = None
    drift: Drift | None = None
    behind: int | None = None
    hold: Hold | None = None
    findings: tuple[Finding, ...] = ()


class Relation:
    """How a release stands to that of the environment before: `back` takes its steps, `on` our own, each newest first.

    Only images that both have are compared.
    """

    def __init__(self, ours: Record | None, theirs: Record | None) -> None:
        self._ours, self._theirs = ours or {}, theirs or {}
        common = [image for image in self._ours if image in self._theirs]
        wanted = {image: self._ours[image] for image in common}
        present = {image: self._theirs[image] for image in common}
        self._shared = bool(common)
        self._same = texts(wanted) == texts(present)
        self.back = Arrival(wanted)
        self.on = Arrival(present)

    @property
    def is_open(self) -> bool:
        """Whether a further step could change the answer."""
        return not self._same and self.back.position is None

    @property
    def drift(self) -> Drift | None:
        """The answer so far; None where there is nothing to compare."""
        if not self._ours:
            return None
        if not self._theirs:
            return Drift.AHEAD
        if not self._shared:
            return Drift.DIFFERENT
        if self._same:
            return Drift.SAME
        if self.back.position is not None:
            return Drift.BEHIND
        return Drift.DIFFERENT if self.on.position is None else Drift.AHEAD


class CellReader:
    """A cell, and what the log has yet to tell about it; takes the steps of its service, newest first."""

    def __init__(self, cell: Cell, previous: Cell | None) -> None:
        self._cell = cell
        self._has_age = bool(cell.record) and not cell.uncommitted
        self._run = Run(cell.record or {})
        comparable = previous is not None and not previous.unreadable
        self._relation = Relation(cell.record if comparable else None, previous.record if previous else None)
        self._unlogged = int(previous is not None and previous.uncommitted)  # a step of theirs that is not in the log

    @property
    def waits(self) -> bool:
        """Whether a further step could tell more."""
        return self._relation.is_open or self._is_ageless

    @property
    def _is_ageless(self) -> bool:
        return self._has_age and not self._run.ended

    def wants(self, environment: str) -> bool:
        """Return whether a further step in that environment could tell more."""
        if environment == self._cell.environment:
            return self.waits
        return environment == self._cell.previous and self._relation.is_open

    def take(self, step: ReleaseStep) -> None:
        """Take the next older step."""
        if step.environment == self._cell.environment:
            self._run.take(step)
            self._relation.on.take(step)
        elif step.environment == self._cell.previous:
            self._relation.back.take(step)

    def cell(self) -> Cell:
        """Return the cell with all that was told."""
        start = self._run.start if self._has_age else None
        drift, back = self._relation.drift, self._relation.back.position
        return msgspec.structs.replace(
            self._cell,
            since=start and start.when,
            commit=start and start.commit,
            at_least=start is not None and start.border,
            drift=drift,
            behind=None if back is None or drift is not Drift.BEHIND else back + self._unlogged,
        )
