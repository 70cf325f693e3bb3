"""What a gate is, what it is asked about, and its no."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from datetime import datetime
from enum import IntEnum
from typing import TYPE_CHECKING

import msgspec

from generator.clock.instant import format_instant
from generator.findings.errors import FairleadError
from generator.findings.progress import Progress
from generator.history.release_history import Span
from generator.inputs.project import Project
from generator.records.hold import Hold, held_text
from generator.records.move import Move
from generator.repo.clone import Clone

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.model.gates import Gates


class Cost(IntEnum):
    """What it takes to ask a gate; those that cost less are asked first."""

    NOTHING = 0
    REGISTRY = 1
    PROGRAM = 2


class Candidate(msgspec.Struct, frozen=True, kw_only=True):
    """A release of one service on its way into an environment.

    `source` is the environment that it comes from (None: from outside), `stay` the time in which that one had it last
    (None: it never had), `overridden` the gates whose answer does not count, `hold` what is held in the environment
    where it goes.
    """

    environment: str
    service: str
    source: str | None = None
    moves: tuple[Move, ...] = ()
    stay: Span | None = None
    hold: Hold | None = None
    overridden: frozenset[str] = frozenset()

    @property
    def releases(self) -> str:
        """The releases that move, as people name them."""
        return ", ".join(dict.fromkeys(held_text(move.after) for move in self.moves))


class GateRefusal(msgspec.Struct, frozen=True, kw_only=True):
    """One gate's no: why, when it would be a yes by itself (None: never, or nobody knows), and what to do.

    `output` is what a program said, indented lines.
    """

    gate: str
    service: str
    environment: str
    message: str
    until: datetime | None = None
    remedy: str = ""
    output: str = ""

    def __str__(self) -> str:
        passes = f": passes at {format_instant(self.until)}" if self.until else ""
        remedy = f"; {self.remedy}" if self.remedy else ""
        message = " ".join(self.message.split())  # somebody's reason may have lines
        return f"{self.environment}/{self.service}: {self.gate}: {message}{passes}{remedy}{self.output}"


class GateError(FairleadError):
    """Gates refuse, each on a line of its own (exit 5)."""

    exit_code = 5

    def __init__(self, refusals: Sequence[GateRefusal]) -> None:
        super().__init__(*(line for refusal in refusals for line in str(refusal).split("\n")))
        self.refusals = tuple(refusals)


class GateSession(msgspec.Struct, frozen=True, kw_only=True):
    """What a gate works with that looks at the world: the clone, and whether anything may change."""

    clone: Clone
    progress: Progress
    dry_run: bool


class GateRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What gates are asked: whether this candidate may go, given these pages and this instant.

    `session` is there for the gates that cost something, and for no other.
    """

    project: Project
    candidate: Candidate
    now: datetime
    session: GateSession | None = None

    @property
    def gates(self) -> Gates:
        """What the page of the environment asks."""
        return self.project.environments[self.candidate.environment].gates


class ReleaseGate(msgspec.Struct, frozen=True, kw_only=True):
    """One gate: its word under `gates:` of an environment's page, what it asks and why, and its check.

    `at_edit` says that a bump of a working tree asks it, too. `depends_on` gives everything that the answer of a gate
    with a cost depends on beside the moves: as long as it stays the same, the gate is not asked again in a run.
    """

    name: str
    title: str
    why: str
    check: Callable[[GateRequest], Iterator[GateRefusal]]
    cost: Cost = Cost.NOTHING
    at_edit: bool = False
    depends_on: Callable[[GateRequest], Hashable] | None = None


def refusal_of(
    candidate: Candidate, gate: str, message: str, remedy: str, until: datetime | None = None
) -> GateRefusal:
    """Make the refusal of a candidate."""
    return GateRefusal(
        gate=gate,
        service=candidate.service,
        environment=candidate.environment,
        message=message,
        until=until,
        remedy=remedy,
    )


def overrule(gate: str) -> str:
    """Return how a gate is overruled."""
    return f"to go all the same: --override {gate} --reason TEXT"
