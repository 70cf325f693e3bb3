"""How often and when it is tried again, and what becomes of a push that nobody answered: without git, by the clock."""

from __future__ import annotations

import random
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from generator.change import Change
from generator.findings.errors import FairleadError, ToolError, UsageError
from generator.repo import push as publish
from generator.repo.clone import MARK
from generator.repo.failure import Kind, RemoteError
from generator.repo.git import Deadline, Git
from generator.repo.push import ATTEMPTS, Landing, NewCommit, land
from generator.repo.remote import Remote

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from generator.repo.clone import Clone

REMOTE = Remote(url="https://git.example.com/x.git", branch="main")
COMMIT = NewCommit(changes=(Change(path="a", before=None, after="a\n"),), subject="Subject")


class Clock:
    """A clock that only sleeping moves; `slept` are the seconds of each sleep."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        """Move on."""
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Put a clock in the place of time, with every wait as long as it can be."""
    clock = Clock()
    monkeypatch.setattr(time, "monotonic", lambda: clock.now)
    monkeypatch.setattr(time, "sleep", clock.sleep)
    monkeypatch.setattr(random, "uniform", lambda _, high: high)
    return clock


def error(kind: Kind) -> RemoteError:
    """Return an error of a kind."""
    return RemoteError("push", kind, f"words of {kind}")


class Stage:
    """A clone whose `pushes` (and `refreshes`) fail as they are told, the last one for ever; it keeps what was done.

    A push that is `arrived` is on the branch although it fails.
    """

    def __init__(self) -> None:
        self.remote = REMOTE
        self.branch = "main"
        self.git = Git(Path("/nowhere"), (), (), Deadline.after(1))
        self.pushes: list[Exception | None] = [None]
        self.refreshes: list[Exception | None] = [None]
        self.arrived: set[int] = set()
        self.there: str | None = None
        self.is_there = False
        self.left: str | None = None
        self.id: str | None = "c0ffee"
        self.done: list[str] = []
        self.messages: list[str] = []
        self.deadline = 0.0

    def _next(self, what: str, outcomes: list[Exception | None]) -> None:
        self.done.append(what)
        outcome = outcomes[min(self.done.count(what), len(outcomes)) - 1]
        if what == "push" and (outcome is None or self.done.count(what) in self.arrived):
            self.there = self.messages[-1]
        if outcome is not None:
            raise outcome

    def require_identity(self) -> None:
        """Know who commits."""

    def renew(self) -> None:
        """Note it."""
        self.done.append("renew")

    def refresh(self) -> None:
        """Note it, and fail as told."""
        self._next("refresh", self.refreshes)

    def push(self) -> str:
        """Note it, and fail as told."""
        self._next("push", self.pushes)
        return "thanks"

    def commit(self, _changes: object, message: str) -> str | None:
        """Note it."""
        self.done.append("commit")
        self.messages.append(message)
        return self.id

    def landed(self, identity: str) -> str | None:
        """Look for it."""
        self.done.append("landed?")
        return "c0ffee" if self.there and f"{MARK}: {identity}" in self.there else None

    def stale(self) -> str | None:
        """Return what was told."""
        return self.left

    def already(self, _changes: object) -> bool:
        """Return what was told."""
        return self.is_there


@pytest.fixture
def stage(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> Stage:
    """Put a stage in the place of the clone."""
    stage = Stage()

    @contextmanager
    def cloned(_remote: Remote, branch: str, deadline: Deadline) -> Iterator[Stage]:
        stage.branch = branch
        stage.deadline = deadline.end - clock.now
        yield stage

    monkeypatch.setattr(publish, "cloned", cloned)
    return stage


def propose(_: Clone) -> NewCommit:
    """Propose the same in each attempt."""
    return COMMIT


# When it is tried again


def test_the_schedule_with_every_wait_at_its_longest(stage: Stage, clock: Clock) -> None:
    """It doubles from one second to thirty, and the wait that would pass the 180 s is not begun."""
    stage.pushes = [error(Kind.RACE)]

    with pytest.raises(RemoteError) as raised:
        land(REMOTE, propose)

    assert clock.slept == [1, 2, 4, 8, 16, 30, 30, 30, 30]
    assert sum(clock.slept) == 151
    assert (raised.value.exit_code, stage.done.count("push")) == (4, 10)


def test_the_schedule_with_time_enough(stage: Stage, clock: Clock) -> None:
    """15 attempts and no more; the last one makes the clone anew."""
    stage.pushes = [error(Kind.RACE)]

    with pytest.raises(RemoteError):
        land(REMOTE, propose, seconds=10_000)

    assert clock.slept == [1, 2, 4, 8, 16] + [30] * 9
    assert stage.done.count("push") == ATTEMPTS == 15
    last = len(stage.done) - 1 - stage.done[::-1].index("renew")
    assert stage.done.count("renew") == 1
    assert stage.done[last:].count("push") == 1


def test_waits_are_drawn_from_nothing_to_their_longest(
    stage: Stage, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Full jitter: writers that met once do not meet again at the same time."""
    drawn: list[tuple[float, float]] = []

    def draw(low: float, high: float) -> float:
        drawn.append((low, high))
        return low

    monkeypatch.setattr(random, "uniform", draw)
    stage.pushes = [error(Kind.TRANSIENT)]

    with pytest.raises(RemoteError):
        land(REMOTE, propose)

    assert drawn[:14] == [(0, high) for high in (1, 2, 4, 8, 16, *[30] * 9)]
    assert clock.slept == [0] * 14


@pytest.mark.parametrize(("seconds", "waits"), [(1, []), (1.5, [1]), (3, [1]), (3.5, [1, 2]), (8, [1, 2, 4])])
def test_no_wait_reaches_the_deadline(stage: Stage, clock: Clock, seconds: float, waits: list[float]) -> None:
    """Whatever the deadline is, the sum of all waits stays below it."""
    stage.pushes = [error(Kind.RACE)]

    with pytest.raises(RemoteError):
        land(REMOTE, propose, seconds=seconds)

    assert clock.slept == waits


@pytest.mark.parametrize(("seconds", "kept"), [(180, 10), (50, 5), (1, 0.1)])
def test_some_time_is_kept_for_finding_out(stage: Stage, seconds: float, kept: float) -> None:
    """Of what git may take for its attempts: the last look is within the deadline, too."""
    land(REMOTE, propose, seconds=seconds)

    assert stage.deadline == pytest.approx(seconds - kept)


def test_each_wait_is_told(stage: Stage) -> None:
    """Which attempt, why, and how long."""
    stage.pushes = [error(Kind.RACE), error(Kind.TRANSIENT), None]
    heard: list[str] = []

    landing = land(REMOTE, propose, notice=heard.append)

    assert landing == Landing(commit="c0ffee", attempts=3, server="thanks")
    assert heard == [
        "attempt 1: somebody pushed first; next in 1.0 s",
        "attempt 2: the remote cannot be reached or fails; next in 2.0 s",
    ]


@pytest.mark.parametrize("kind", [Kind.POLICY, Kind.ACCESS, Kind.UNKNOWN])
def test_a_refusal_is_not_tried_again(stage: Stage, clock: Clock, kind: Kind) -> None:
    """It would be the same in the next attempt."""
    stage.pushes = [error(kind)]

    with pytest.raises(RemoteError) as raised:
        land(REMOTE, propose)

    assert raised.value is stage.pushes[0]
    assert (clock.slept, stage.done.count("push")) == ([], 1)


@pytest.mark.parametrize("failure", [ToolError("no signer"), UsageError("no branch"), ZeroDivisionError()])
def test_what_fails_here_is_not_tried_again(stage: Stage, clock: Clock, failure: Exception) -> None:
    """The network is not to blame."""
    stage.refreshes = [failure]

    with pytest.raises(type(failure)):
        land(REMOTE, propose)

    assert clock.slept == []


def test_what_the_proposal_raises_ends_it(stage: Stage) -> None:
    """A gate that has closed in between, a newer release that is there."""
    stage.pushes = [error(Kind.RACE)]
    answers: list[Callable[[], NewCommit]] = [lambda: COMMIT, lambda: _raised(UsageError("superseded"))]

    with pytest.raises(UsageError, match="superseded"):
        land(REMOTE, lambda _: answers.pop(0)())

    assert stage.done.count("push") == 1


def _raised(error: Exception) -> Any:
    raise error


# What is tried


def test_each_attempt_is_worked_out_anew(stage: Stage) -> None:
    """From the newest state; the identity stays."""
    stage.pushes = [error(Kind.RACE), None]

    land(REMOTE, propose)

    assert stage.done == ["refresh", "commit", "push", "refresh", "landed?", "commit", "push"]
    assert stage.messages[0] == stage.messages[1]


@pytest.mark.parametrize("nothing", [None, NewCommit(changes=(), subject="Nothing")])
def test_nothing_to_do_is_nothing_done(stage: Stage, nothing: NewCommit | None) -> None:
    """The branch says already what was asked for."""
    assert land(REMOTE, lambda _: nothing) == Landing(commit=None, attempts=1)
    assert stage.done == ["refresh"]


def test_a_proposal_that_is_there_is_not_made_again(stage: Stage) -> None:
    """On a branch for review."""
    stage.is_there = True

    assert land(REMOTE, propose, branch="fairlead/dev/cart").commit is None
    assert (stage.done, stage.branch) == (["refresh"], "fairlead/dev/cart")


def test_what_our_branch_still_proposes_is_told(stage: Stage) -> None:
    """When nothing is to be done, and nothing else."""
    stage.left = "Promote cart to dev: 1.0"

    assert land(REMOTE, lambda _: None).stale == stage.left
    assert land(REMOTE, propose).stale is None


def test_a_change_that_is_none_to_git_is_not_pushed(stage: Stage) -> None:
    """Line ends alone."""
    stage.id = None

    assert land(REMOTE, propose).commit is None
    assert stage.done == ["refresh", "commit"]


def test_a_message_ends_with_its_trailers() -> None:
    """Values on one line each, ours last: `git interpret-trailers` reads them back."""
    commit = NewCommit(
        changes=(), subject="Subject", body="a\nb", trailers=(("Gate-Override", "freeze:  all\n is well"),)
    )

    assert commit.message("1") == "Subject\n\na\nb\n\nGate-Override: freeze: all is well\nPromotion-Id: 1\n"
    assert NewCommit(changes=(), subject="Subject").message("1") == "Subject\n\nPromotion-Id: 1\n"


# A push that nobody answered


@pytest.mark.parametrize("kind", [Kind.TRANSIENT, Kind.RACE])
def test_a_push_that_arrived_is_found_by_the_next_attempt(stage: Stage, kind: Kind) -> None:
    """Also when git was told of a race: it may have sent the same push twice."""
    stage.pushes = [error(kind)]
    stage.arrived = {1}

    assert land(REMOTE, propose) == Landing(commit="c0ffee", attempts=2)
    assert stage.done.count("push") == 1


@pytest.mark.parametrize("kind", [Kind.TRANSIENT, Kind.RACE, Kind.UNKNOWN, Kind.ACCESS])
def test_a_push_that_arrived_is_found_at_the_end(stage: Stage, kind: Kind) -> None:
    """When no attempt is left, or none would be made: to report a failure would have the work done twice."""
    stage.pushes = [error(kind)]
    stage.arrived = {1}

    assert land(REMOTE, propose, seconds=1) == Landing(commit="c0ffee", attempts=1, server=f"words of {kind}")
    assert stage.git.deadline.end == 1001


def test_a_push_that_did_not_arrive_has_failed(stage: Stage) -> None:
    """That is certain then, and nothing is added to git's words."""
    stage.pushes = [error(Kind.TRANSIENT)]

    with pytest.raises(RemoteError) as raised:
        land(REMOTE, propose, seconds=1)

    assert raised.value is stage.pushes[0]
    assert stage.done == ["refresh", "commit", "push", "refresh", "landed?"]


def test_a_refusal_needs_no_second_look(stage: Stage) -> None:
    """The server has answered."""
    stage.pushes = [error(Kind.POLICY)]

    with pytest.raises(RemoteError):
        land(REMOTE, propose)

    assert stage.done == ["refresh", "commit", "push"]


def test_a_push_whose_fate_cannot_be_found_out_is_told_so(stage: Stage) -> None:
    """Where to look, and for what."""
    stage.pushes = [error(Kind.TRANSIENT)]
    stage.refreshes = [None, error(Kind.ACCESS)]

    with pytest.raises(RemoteError) as raised:
        land(REMOTE, propose)

    identity = stage.messages[0].split(f"{MARK}: ")[1].strip()
    where = f"look on main of https://git.example.com/x.git for '{MARK}: {identity}' before you do this again"
    assert (raised.value.kind, raised.value.exit_code) == (Kind.ACCESS, 3)
    assert str(raised.value).endswith(f"\n  words of access\n  a push was never answered: {where}")


def test_a_race_that_was_lost_for_certain_is_not_said_to_be_open(stage: Stage) -> None:
    """Every push was answered; that the remote is gone now is no reason for doubt."""
    stage.pushes = [error(Kind.RACE)]
    stage.refreshes = [None, FairleadError("gone")]

    with pytest.raises(RemoteError) as raised:
        land(REMOTE, propose, seconds=1)

    assert raised.value is stage.pushes[0]


def test_a_commit_of_somebody_else_with_our_mark_is_not_ours(stage: Stage, clock: Clock) -> None:
    """Whoever saw the mark in a push that was refused may write it, but cannot make that very commit."""
    stage.pushes = [error(Kind.TRANSIENT), None]
    stage.arrived = {1}
    stage.id = "0ddc0de"

    assert land(REMOTE, propose).commit == "0ddc0de"
    assert (stage.done.count("push"), len(clock.slept)) == (2, 1)


def test_without_a_push_there_is_nothing_to_look_for(stage: Stage) -> None:
    """The remote was never reached."""
    stage.refreshes = [error(Kind.TRANSIENT)]

    with pytest.raises(RemoteError):
        land(REMOTE, propose, seconds=1)

    assert stage.done == ["refresh"]
