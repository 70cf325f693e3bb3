"""Bumps on their way to the remote: every gate, and nothing overwritten that nobody saw."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.findings.errors import InputError, SupersededError, UsageError
from generator.gates.gate import GateError, GateRefusal
from generator.inputs.load import load
from generator.release.bump_push import Bumper
from generator.release.bump_request import BumpRequest, bumped
from tests.examples import examples
from tests.release.stage import DIGEST, Stage
from tests.release.three import HOLD, page

if TYPE_CHECKING:
    from generator.release.context import Draft

HELD = "overlays/dev/web/hold.yaml"


def bumper(tag: str = "2", environment: str = "dev", **asked: Any) -> Bumper:
    """Return what bumps web."""
    return Bumper(BumpRequest(services={"web": tag}, environment=environment, **asked))


def pushed(stage: Stage, tag: str = "2", environment: str = "dev", **asked: Any) -> Draft:
    """Work a bump of web out in one attempt."""
    return bumper(tag, environment, **asked).draft(stage.scene())


def here(stage: Stage, tag: str = "2", environment: str = "dev", **asked: Any) -> Draft:
    """Work the same out in a working tree."""
    request = BumpRequest(services={"web": tag}, environment=environment, **asked)
    return bumped(request, stage.tree, load(stage.tree), stage.now)


def gated(stage: Stage, gates: str, environment: str = "dev") -> Stage:
    """Return an environment gates."""
    stage.write(f"environments/{environment}.yaml", f"production: false\ngates: {gates}\n")
    return stage


@pytest.fixture
def stage() -> Stage:
    """Return a stage where dev and prod have web 1."""
    stage = Stage()
    for environment in ("dev", "prod"):
        stage.run(environment, web="1")
    return stage


def test_a_bump_says_what_moves(stage: Stage) -> None:
    """In words for the commit."""
    draft = pushed(stage)
    assert (draft.subject, [str(move) for move in draft.moves]) == ("Bump web in dev: 2", ["dev/web: web 1 -> 2"])
    assert draft.trailers == ()


def test_where_the_record_says_so_already_there_is_nothing_to_do(stage: Stage) -> None:
    """No gate is asked then."""
    gated(stage, '{digest: required, command: {args: ["false"]}}')
    assert not pushed(stage, "1").changes
    assert stage.asked == []


# Gates


@pytest.mark.parametrize(
    ("gates", "gate"),
    [
        ('{tagPattern: "v.*"}', "tagPattern"),
        ("{digest: required}", "digest"),
        ('{freezes: [{from: "2026-01-01T00:00", to: "2027-01-01T00:00"}]}', "freezes"),
    ],
)
def test_every_gate_is_asked_on_the_way_to_the_remote(stage: Stage, gates: str, gate: str) -> None:
    """With its name, and an override for each."""
    gated(stage, gates)
    with pytest.raises(GateError, match=f"^dev/web: {gate}: "):
        pushed(stage)
    draft = pushed(stage, overrides={gate: "agreed"})
    assert draft.trailers == (("Gate-Override", f"{gate}: agreed"),)
    assert [refusal.gate for refusal in draft.used] == [gate]


@pytest.mark.parametrize(("gates", "gate"), [('{tagPattern: "v.*"}', "tagPattern"), ("{digest: required}", "digest")])
def test_in_a_working_tree_a_release_is_asked_what_it_is(stage: Stage, gates: str, gate: str) -> None:
    """That shows in files."""
    gated(stage, gates)
    with pytest.raises(GateError, match=f"^dev/web: {gate}: "):
        here(stage)
    assert here(stage, overrides={gate: "agreed"}).moves


def test_in_a_working_tree_nobody_asks_when_it_may_go(stage: Stage) -> None:
    """Its commit has yet to be reviewed and merged; neither are registries and commands asked."""
    frozen = 'freezes: [{from: "2026-01-01T00:00", to: "2027-01-01T00:00"}]'
    gated(stage, f'{{soak: 24h, {frozen}, image: check, command: {{args: ["false"]}}}}', "prod")
    assert here(stage, environment="prod").moves


def test_past_an_environment_it_has_to_soak_there(stage: Stage) -> None:
    """A bump into prod is refused unless staging had the release for as long."""
    gated(stage, "{soak: 24h}", "prod")
    with pytest.raises(GateError, match="soak: staging has not had 2 before, 24h asked"):
        pushed(stage, environment="prod")

    stage.run("staging", web="2")
    with pytest.raises(GateError, match="soak: staging has 2 since 2026-11-01T14:00:00Z, 24h asked: passes at"):
        pushed(stage, environment="prod")
    stage.now = stage.now.replace(day=3)
    assert pushed(stage, environment="prod").moves


def test_the_environment_before_is_that_of_the_service() -> None:
    """Web does not run in staging."""
    stage = gated(Stage(page("web", "environments: {staging: false}\n")), "{soak: 24h}", "prod")
    with pytest.raises(GateError, match="soak: dev has not had 2 before"):
        pushed(stage, environment="prod")


@pytest.mark.parametrize(("environment", "source"), [("dev", None), ("prod", "staging")])
def test_the_world_is_asked_too(stage: Stage, environment: str, source: str | None) -> None:
    """With the environment that comes before, if one does."""
    stage.answers = [GateRefusal(gate="image", service="web", environment=environment, message="not there")]
    with pytest.raises(GateError, match="image: not there"):
        pushed(stage, environment=environment)
    (candidate,) = stage.asked
    assert (candidate.environment, candidate.source) == (environment, source)


def test_a_hold_refuses(stage: Stage) -> None:
    """Here and on the way to the remote."""
    stage.write(HELD, HOLD)
    for work in (pushed, here):
        with pytest.raises(GateError, match=r"hold: held at 1\.4\.2"):
            work(stage)
        assert work(stage, overrides={"hold": "agreed"}).moves


def test_a_hold_that_cannot_be_read_refuses_as_what_it_is(stage: Stage) -> None:
    """Nobody knows what it holds."""
    stage.write(HELD, "by: me\n")
    for work in (pushed, here):
        with pytest.raises(InputError, match=r"overlays/dev/web/hold\.yaml"):
            work(stage)


def test_an_override_of_no_gate_is_refused(stage: Stage) -> None:
    """Before anything is worked out of it."""
    with pytest.raises(UsageError, match="no gate 'sok'; did you mean 'soak'"):
        pushed(stage, overrides={"sok": "why"})


# Attempts


def test_other_services_do_not_keep_it(stage: Stage) -> None:
    """It is worked out anew."""
    work = bumper()
    work.draft(stage.scene())
    stage.run("dev", "orders", orders="1", orders_migrations="1")
    assert work.draft(stage.scene()).moves


def test_what_landed_meanwhile_is_not_overwritten(stage: Stage) -> None:
    """Of two jobs the slower one may be the older one."""
    work = bumper()
    work.draft(stage.scene())
    stage.run("dev", web="3")
    with pytest.raises(SupersededError) as error:
        work.draft(stage.scene())
    assert str(error.value) == (
        "superseded: dev/web got web 3 meanwhile, and nothing says that 2 is newer; nothing was written. "
        "`tagOrder` on the page would tell"
    )


def test_a_service_that_was_taken_out_meanwhile_does_not_come_back(stage: Stage) -> None:
    """Somebody retired it."""
    work = bumper()
    work.draft(stage.scene())
    for path in list(stage.tree.under("overlays/dev/web")):
        stage.write(path, None)
    with pytest.raises(SupersededError, match="dev/web got web nothing meanwhile"):
        work.draft(stage.scene())


def test_what_had_it_at_first_and_has_another_one_now_is_not_overwritten(stage: Stage) -> None:
    """There was nothing to do, until somebody was faster."""
    work = bumper("1")
    work.draft(stage.scene())
    stage.run("dev", web="3")
    with pytest.raises(SupersededError):
        work.draft(stage.scene())


def test_the_same_release_of_somebody_else_is_as_good(stage: Stage) -> None:
    """There is nothing left to do."""
    work = bumper()
    work.draft(stage.scene())
    stage.run("dev", web="2")
    assert not work.draft(stage.scene()).changes


@pytest.mark.parametrize("order", ["semver", "number"])
def test_an_order_of_tags_says_which_of_two_jobs_is_newer(order: str) -> None:
    """The newer one goes on, whoever was faster."""
    stage = Stage(page("web", f"tagOrder: {order}\n"))
    first, second, third = (f"{number}.0.0" if order == "semver" else str(number) for number in (1, 2, 3))
    stage.run("dev", web=first)
    newer, older = bumper(third), bumper(second)
    newer.draft(stage.scene())
    older.draft(stage.scene())
    stage.commit(older.draft(stage.scene()))
    stage.commit(newer.draft(stage.scene()))
    assert stage.tag("dev") == third
    with pytest.raises(SupersededError, match="is older"):
        older.draft(stage.scene())


def test_tags_without_a_place_in_the_order_say_nothing() -> None:
    """So the slower job is superseded."""
    stage = Stage(page("web", "tagOrder: semver\n"))
    stage.run("dev", web="1.0.0")
    work = bumper(f"2.0.0@{DIGEST}".partition("@")[0])
    work.draft(stage.scene())
    stage.run("dev", web="main")
    with pytest.raises(SupersededError, match="got web main meanwhile"):
        work.draft(stage.scene())


def test_who_expects_a_tag_is_superseded_by_any_other_one(stage: Stage) -> None:
    """At every attempt."""
    work = bumper(expected={"web": "1"})
    work.draft(stage.scene())
    stage.run("dev", web="3")
    with pytest.raises(SupersededError, match="dev/web runs 3, not 1"):
        work.draft(stage.scene())


@settings(max_examples=examples(40), deadline=None)
@given(jobs=st.lists(st.tuples(st.integers(1, 9), st.integers(0, 4)), min_size=2, max_size=6))
def test_with_an_order_of_tags_no_job_brings_an_older_one(jobs: list[tuple[int, int]]) -> None:
    """In whatever order jobs begin and push: each begins, and pushes that many jobs later."""
    stage = Stage(page("web", "tagOrder: number\n"))
    stage.run("dev", web="0")
    begun: list[tuple[int, Bumper]] = []
    for turn, (number, later) in enumerate([*jobs, *[(0, 0)] * 5]):
        if turn < len(jobs):
            work = bumper(str(number))
            with suppress(SupersededError):
                work.draft(stage.scene())
                begun.append((turn + later, work))
        for _, job in [each for each in begun if each[0] == turn]:
            before = int(stage.tag("dev") or "0")
            with suppress(SupersededError):
                stage.commit(job.draft(stage.scene()))
            assert int(stage.tag("dev") or "0") >= before
    assert int(stage.tag("dev") or "0") == max(number for number, _ in jobs)
