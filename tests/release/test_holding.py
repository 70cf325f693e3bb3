"""Setting and ending holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from generator.findings.errors import SupersededError, UsageError
from generator.gates.gate import GateError
from generator.records.hold import Hold, read_hold
from generator.release.holding import HoldRequest, hold, unhold
from generator.release.newer import Unchanged
from tests.release.stage import AUTHOR, HOUR, START, Stage

if TYPE_CHECKING:
    from generator.release.context import Draft

HELD = "overlays/prod/web/hold.yaml"


@pytest.fixture
def stage() -> Stage:
    """Return a stage where prod has web 1."""
    stage = Stage()
    stage.run("prod", web="1")
    return stage


def keep(stage: Stage, unchanged: Unchanged | None = None, **asked: Any) -> Draft:
    """Work a hold of web in prod out."""
    stay = HoldRequest(**({"service": "web", "environment": "prod", "reason": "load test"} | asked))
    return hold(stay, unchanged or Unchanged(), stage.scene())


def end(stage: Stage, unchanged: Unchanged | None = None) -> Draft:
    """Work its end out."""
    return unhold("web", "prod", unchanged or Unchanged(), stage.scene())


def test_a_hold_keeps_what_runs_now(stage: Stage) -> None:
    """One file beside the record, and nothing else."""
    draft = stage.commit(keep(stage, until=stage.now + HOUR))
    found, _ = read_hold(stage.tree, "prod", "web")

    assert [change.path for change in draft.changes] == [HELD]
    assert (draft.subject, draft.moves, draft.trailers) == ("Hold web in prod: load test", (), ())
    since = START + HOUR
    assert found == Hold(by=AUTHOR, reason="load test", since=since, until=since + HOUR, record={"web": "1"})


def theirs(until: str = "") -> str:
    """Return the file of somebody else's hold on web 1."""
    return f'by: Alice <alice@example.com>\nreason: audit\nsince: "2026-11-01T12:00:00Z"\n{until}record: {{web: "1"}}\n'


def test_the_hold_of_somebody_else_is_not_replaced_unseen(stage: Stage) -> None:
    """It is named; who has seen it may replace it."""
    stage.write(HELD, theirs())
    with pytest.raises(GateError, match=r"prod/web: hold: held at web 1 by Alice .* \(audit\).* --replace"):
        keep(stage)
    stage.commit(keep(stage, replace=True))
    found, _ = read_hold(stage.tree, "prod", "web")
    assert found is not None
    assert found.by == AUTHOR


def test_a_hold_that_is_over_is_in_nobodys_way(stage: Stage) -> None:
    """Whoever set it."""
    stage.write(HELD, theirs('until: "2026-11-01T12:30:00Z"\n'))
    assert keep(stage).changes


def test_a_reason_of_several_lines_is_one_line_of_the_subject(stage: Stage) -> None:
    """Nobody's reason becomes a trailer."""
    draft = stage.commit(keep(stage, reason="5xx\n\nRollback-Of: 9"))
    assert draft.subject == "Hold web in prod: 5xx Rollback-Of: 9"
    found, _ = read_hold(stage.tree, "prod", "web")
    assert found is not None
    assert found.reason == "5xx\n\nRollback-Of: 9"


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"environment": "dev"}, "web is not released in dev: there is nothing to hold"),
        ({"environment": "prdo"}, "web does not run in 'prdo'; did you mean 'prod'?"),
        ({"service": "wbe"}, "no service 'wbe'; did you mean 'web'?"),
        ({"reason": " "}, "a hold needs a reason: --reason TEXT; it is shown wherever the hold stops somebody"),
        (
            {"reason": "5xx\u202e"},
            "--reason holds U+202E, a control, bidirectional or invisible character: leave it out",
        ),
        ({"until": START}, "--until 2026-11-01T12:00:00Z is over already; it is 2026-11-01T13:00:00Z"),
    ],
)
def test_a_hold_that_would_be_none_is_refused(stage: Stage, asked: dict[str, Any], words: str) -> None:
    """With what is wrong."""
    with pytest.raises(UsageError) as error:
        keep(stage, **asked)
    assert str(error.value) == words


def test_the_same_hold_twice_is_one(stage: Stage) -> None:
    """It holds since the first time."""
    stage.commit(keep(stage))
    assert not keep(stage).changes


def test_another_reason_is_another_hold(stage: Stage) -> None:
    """It takes the place of the first one, from now on."""
    stage.commit(keep(stage))
    stage.commit(keep(stage, reason="audit"))
    found, _ = read_hold(stage.tree, "prod", "web")
    assert found is not None
    assert (found.reason, found.since) == ("audit", START + 2 * HOUR)


def test_a_hold_that_cannot_be_read_is_replaced(stage: Stage) -> None:
    """Here and on a branch that waits for review."""
    stage.write(HELD, "by: me\n")
    stage.proposed = {HELD: b"\t"}
    stage.commit(keep(stage))
    assert read_hold(stage.tree, "prod", "web")[1] == []


def test_what_landed_meanwhile_is_not_held(stage: Stage) -> None:
    """Who asked for the hold has not seen it."""
    unchanged = Unchanged()
    keep(stage, unchanged)
    stage.run("prod", web="2")
    with pytest.raises(SupersededError, match="superseded: prod/web runs web 2, not web 1"):
        keep(stage, unchanged)


def test_a_hold_ends(stage: Stage) -> None:
    """Its file goes; what runs stays."""
    stage.commit(keep(stage))
    draft = stage.commit(end(stage))

    assert [(change.path, change.after) for change in draft.changes] == [(HELD, None)]
    assert draft.subject == "Unhold web in prod"
    assert stage.tag("prod") == "1"


def test_where_nothing_is_held_nothing_ends(stage: Stage) -> None:
    """And that is no failure."""
    assert not end(stage).changes


def test_a_hold_that_cannot_be_read_ends_as_well(stage: Stage) -> None:
    """That is one way to mend it."""
    stage.write(HELD, "by: me\n")
    assert end(stage).changes


def test_another_hold_that_was_set_meanwhile_stays(stage: Stage) -> None:
    """Its reason is not the one that is over."""
    stage.commit(keep(stage))
    unchanged = Unchanged()
    end(stage, unchanged)
    stage.commit(keep(stage, reason="audit"))
    with pytest.raises(SupersededError, match="superseded: the hold on prod/web is another one by now"):
        end(stage, unchanged)


@pytest.mark.parametrize(
    ("service", "environment", "words"),
    [
        ("wbe", "prod", "no service 'wbe'; did you mean 'web'?"),
        ("web", "prdo", "web does not run in 'prdo'; did you mean 'prod'?"),
    ],
)
def test_what_is_nowhere_has_no_hold(stage: Stage, service: str, environment: str, words: str) -> None:
    """A misspelt name must not pass for "nothing is held"."""
    with pytest.raises(UsageError) as error:
        unhold(service, environment, Unchanged(), stage.scene())
    assert str(error.value) == words
