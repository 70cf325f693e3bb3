"""What a release edit is worked out from, and what it comes to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from generator.change import Change
from generator.disk.tree import Tree
from generator.findings.errors import InputError
from generator.gates.gate import Candidate, GateRefusal
from generator.history.history_reader import Lineage
from generator.inputs.project import Project
from generator.records.hold import Hold, read_hold
from generator.records.move import Move
from generator.records.record import read_record

if TYPE_CHECKING:
    from generator.layout.release import Record


class ReleaseContext(msgspec.Struct, frozen=True, kw_only=True):
    """One state of the remote's branch, and the time.

    `project` is loaded from `tree`, `lineage` gives the commits of an environment, `author` who commits
    (`Name <address>`), `guard` asks the gates that look at the world, `comes_after` says whether a commit is a
    descendant of another one. `proposed` gives what a branch that waits for review has at a path (None: nothing, or
    there is no such branch).
    """

    tree: Tree
    project: Project
    lineage: Callable[[str], Lineage]
    now: datetime
    author: Callable[[], str]
    guard: Callable[[Candidate], list[GateRefusal]]
    comes_after: Callable[[str, str], bool]
    proposed: Callable[[str], bytes | None]

    def record(self, service: str, environment: str) -> Record | None:
        """Return what an environment runs of a service, None where it is not released; raises InputError if unreadable.

        Only this one is read: a broken record elsewhere keeps nobody from a rollback.
        """
        record, unfit = read_record(self.tree, service, environment)
        if unfit:
            raise InputError(unfit)
        return record

    def hold(self, service: str, environment: str) -> Hold | None:
        """Return what holds a service in an environment, be it over already; raises InputError if it is unreadable."""
        hold, unfit = read_hold(self.tree, environment, service)
        if unfit:
            raise InputError(unfit)
        return hold


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """A release edit before it is proven: what moves, which files change, and the words for its commit.

    `waiting` does not move, and why; `used` are gates that refused and were overridden, `notes` what one should know.
    """

    moves: tuple[Move, ...] = ()
    changes: tuple[Change, ...] = ()
    waiting: tuple[GateRefusal, ...] = ()
    used: tuple[GateRefusal, ...] = ()
    notes: tuple[str, ...] = ()
    subject: str = ""
    trailers: tuple[tuple[str, str], ...] = ()


def together(parts: tuple[Draft, ...], subject: Callable[[tuple[Move, ...]], str]) -> Draft:
    """Return one draft for one commit; `subject` gives its first line for what moves, and no trailer comes twice."""
    moves = tuple(move for part in parts for move in part.moves)
    return Draft(
        moves=moves,
        changes=tuple(change for part in parts for change in part.changes),
        waiting=tuple(refusal for part in parts for refusal in part.waiting),
        used=tuple(refusal for part in parts for refusal in part.used),
        notes=tuple(note for part in parts for note in part.notes),
        subject=subject(moves),
        trailers=tuple(dict.fromkeys(trailer for part in parts for trailer in part.trailers)),
    )
