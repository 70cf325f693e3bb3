"""Rollbacks, worked out from what an environment had."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from generator.findings.errors import InputError, SupersededError, UsageError
from generator.layout.release import Release
from generator.records.hold import Hold, read_hold
from generator.release.newer import Unchanged
from generator.release.rollback import Back, rollback
from tests.release.stage import AUTHOR, DIGEST, HOUR, START, Stage
from tests.release.three import HOLD, page

if TYPE_CHECKING:
    from generator.release.context import Draft

HELD = "overlays/prod/web/hold.yaml"
FROZEN = """\
production: true
gates: {soak: 24h, digest: required, freezes: [{from: "2026-01-01T00:00", to: "2027-01-01T00:00"}]}
"""


def back(stage: Stage, service: str = "web", unchanged: Unchanged | None = None, **asked: Any) -> Draft:
    """Work a rollback of prod out."""
    return rollback(Back(service=service, environment="prod", **asked), unchanged or Unchanged(), stage.scene())


def held(stage: Stage) -> Hold | None:
    """Return what holds web in prod."""
    found, unfit = read_hold(stage.tree, "prod", "web")
    assert not unfit
    return found


@pytest.fixture
def stage() -> Stage:
    """Return a stage where prod had web 1, 2 and 3."""
    stage = Stage()
    for tag in ("1", "2", "3"):
        stage.run("prod", web=tag)
    return stage


def test_the_last_good_release_comes_back(stage: Stage) -> None:
    """With words for the commit, and a trailer that says what was left."""
    draft = stage.commit(back(stage))

    assert [str(move) for move in draft.moves] == ["prod/web: web 3 -> 2"]
    assert [change.path for change in draft.changes] == ["overlays/prod/web/kustomization.yaml", HELD]
    assert draft.subject == "Roll web back in prod: 2"
    assert draft.trailers == (("Rollback-Of", "3"),)


def test_it_is_held_there(stage: Stage) -> None:
    """By whom, why, since when, and at which release."""
    stage.commit(back(stage, reason="5xx"))
    assert held(stage) == Hold(by=AUTHOR, reason="5xx", since=START + 3 * HOUR, record={"web": "2"})


def test_it_says_that_it_holds_and_how_to_end_that(stage: Stage) -> None:
    """Else the next promotion is refused and nobody knows why."""
    assert back(stage).notes == ("prod/web is held at 2 until somebody ends it: `fairlead unhold web --env prod`",)


def test_the_hold_of_somebody_else_gives_way_and_keeps_its_end(stage: Stage) -> None:
    """A rollback must get through; the other hold is named."""
    other = 'by: Alice <alice@example.com>\nreason: audit\nsince: "2026-11-01T12:00:00Z"\nrecord: {web: "3"}\n'
    stage.write(HELD, other)
    draft = stage.commit(back(stage, until=stage.now + HOUR))
    found = held(stage)
    assert draft.notes[1] == "replaces the hold of Alice <alice@example.com> (audit) and keeps its end"
    assert found is not None
    assert (found.by, found.until) == (AUTHOR, None)


def test_without_a_reason_the_hold_says_what_was_left(stage: Stage) -> None:
    """Somebody who is stopped by it wants to know."""
    stage.commit(back(stage))
    found = held(stage)
    assert found is not None
    assert found.reason == "rolled back from 3"


def test_the_hold_may_end_by_itself(stage: Stage) -> None:
    """At the time that was asked for."""
    stage.commit(back(stage, until=stage.now + HOUR))
    found = held(stage)
    assert found is not None
    assert found.until == START + 4 * HOUR


def test_an_end_in_the_past_is_refused(stage: Stage) -> None:
    """Such a hold would hold nothing."""
    with pytest.raises(UsageError, match="--until 2026-11-01T14:59:59Z is over already; it is 2026-11-01T15:00:00Z"):
        back(stage, until=stage.now - timedelta(seconds=1))


def test_a_second_rollback_goes_further_back(stage: Stage) -> None:
    """Never to what the first one left."""
    for tag in ("2", "1"):
        stage.commit(back(stage))
        assert stage.tag("prod") == tag
    with pytest.raises(UsageError, match="prod/web has no earlier release that was not rolled back"):
        back(stage)


def test_what_was_left_may_be_named(stage: Stage) -> None:
    """It was not so bad after all."""
    stage.commit(back(stage))
    stage.commit(back(stage, tag="3"))
    assert stage.tag("prod") == "3"


def test_what_was_released_anew_after_a_rollback_is_good_again(stage: Stage) -> None:
    """Somebody promoted 3 once more, knowing what they did, and 4 after it."""
    stage.commit(back(stage))
    stage.run("prod", web="3")
    stage.run("prod", web="4")
    stage.commit(back(stage))
    assert stage.tag("prod") == "3"


def test_a_release_comes_back_by_its_tag(stage: Stage) -> None:
    """However long ago it was."""
    stage.commit(back(stage, tag="1"))
    assert stage.tag("prod") == "1"


def test_of_two_runs_with_one_tag_the_later_one_comes_back(stage: Stage) -> None:
    """With the migrations of that time."""
    for number, tag in enumerate(("1", "1", "2")):
        stage.run("prod", "orders", orders=tag, orders_migrations=f"m{number}")
    stage.commit(back(stage, "orders", tag="1"))
    assert stage.tag("prod", "orders", "orders-migrations") == "m1"


def test_one_image_that_moved_alone_goes_back_alone(stage: Stage) -> None:
    """The tag is the same, and the release is not."""
    for migrations in ("1", "2"):
        stage.run("prod", "orders", orders="1", orders_migrations=migrations)
    draft = back(stage, "orders")
    assert [str(move) for move in draft.moves] == ["prod/orders: orders-migrations 2 -> 1"]


@pytest.mark.parametrize(
    ("tag", "words"),
    [
        ("3", "prod/web runs 3 already; to keep it there: `fairlead hold`"),
        ("33", "prod/web never had 33; it had: 2, 1"),
        ("v2", "prod/web never had v2; did you mean '2'?"),
    ],
)
def test_a_tag_to_which_there_is_no_way_back_is_refused(stage: Stage, tag: str, words: str) -> None:
    """With what to do instead."""
    with pytest.raises(UsageError) as error:
        back(stage, tag=tag)
    assert str(error.value) == words


def test_a_service_that_had_one_release_alone_cannot_go_back() -> None:
    """There is nothing before it, and no tag to name."""
    stage = Stage()
    stage.run("prod", web="1")

    with pytest.raises(UsageError, match="`fairlead history web --env prod` lists all, --to TAG takes one"):
        back(stage)
    with pytest.raises(UsageError, match=r"prod/web never had 0\.9; it had: nothing else"):
        back(stage, tag="0.9")


@pytest.mark.parametrize(
    ("service", "environment", "words"),
    [
        ("web", "staging", "web is not released in staging: there is nothing to roll back"),
        ("web", "prdo", "web does not run in 'prdo'; did you mean 'prod'?"),
        ("wbe", "prod", "no service 'wbe'; did you mean 'web'?"),
    ],
)
def test_what_runs_nowhere_is_refused(stage: Stage, service: str, environment: str, words: str) -> None:
    """By its name."""
    with pytest.raises(UsageError) as error:
        rollback(Back(service=service, environment=environment), Unchanged(), stage.scene())
    assert str(error.value) == words


# What the page has now


def test_an_image_that_the_page_has_now_and_the_old_release_lacks_stays(stage: Stage) -> None:
    """Nobody knows an older one of it."""
    stage.tree = stage.tree.after(page("web", "containers: {proxy: {image: web-proxy}}\n").items())
    stage.run("prod", web="4", web_proxy="1")
    stage.commit(back(stage))

    assert stage.record("web", "prod") == {"web": Release(newTag="3"), "web-proxy": Release(newTag="1")}
    found = held(stage)
    assert found is not None
    assert found.record == {"web": "3", "web-proxy": "1"}


def test_an_image_that_the_page_has_no_more_does_not_come_back(stage: Stage) -> None:
    """And what differs in it alone is no other release."""
    stage.tree = stage.tree.after(page("web", "containers: {proxy: {image: web-proxy}}\n").items())
    for proxy in ("1", "2"):
        stage.run("prod", web="3", web_proxy=proxy)
    stage.tree = stage.tree.after(page("web").items())
    assert [str(move) for move in back(stage).moves] == ["prod/web: web 3 -> 2"]


def test_what_ran_under_another_name_is_no_release_of_this_image() -> None:
    """The image was renamed, and the proxy beside it bumped: only what names the present image is a way back."""
    text = "system: shop\nimage: {}\nport: 8080\ncontainers: {{proxy: {{image: web-proxy}}}}\n"
    stage = Stage({"services/web.yaml": text.format("web-old")})
    stage.run("prod", web_old="1", web_proxy="1")
    stage.write("services/web.yaml", text.format("web"))
    stage.run("prod", web="2", web_proxy="2")
    with pytest.raises(UsageError, match="no earlier release that was not rolled back"):
        back(stage)


def test_a_service_without_an_image_of_its_own_goes_by_the_first_that_is_ours() -> None:
    """Its job, say."""
    stage = Stage({"services/web.yaml": "system: shop\nmigrations: {image: job}\n"})
    for tag in ("1", "2"):
        stage.run("prod", job=tag)
    draft = back(stage)
    assert (draft.subject, draft.trailers) == ("Roll web back in prod: 1", (("Rollback-Of", "2"),))


def test_a_digest_comes_back_as_well() -> None:
    """A tag that was built twice has two."""
    stage = Stage()
    other = f"sha256:{'f' * 64}"
    for digest in (DIGEST, other):
        stage.run("prod", web=f"1@{digest}")
    stage.commit(back(stage))
    assert stage.record("web", "prod") == {"web": Release(newTag=f"1@{DIGEST}")}


def test_a_spelling_is_no_other_release() -> None:
    """A bot wrote tag and digest apart."""
    stage = Stage()
    stage.run("prod", web="0")
    stage.run("prod", web=f"1@{DIGEST}")
    path = "overlays/prod/web/kustomization.yaml"
    text = stage.tree.files[path].decode().replace(f'"1@{DIGEST}"', f'"1"\n  digest: "{DIGEST}"')
    stage.write(path, text)
    stage.commit(back(stage))
    assert stage.tag("prod") == "0"


# What may not stop it


def test_no_gate_stops_it(stage: Stage) -> None:
    """Frozen, without soak and without digests: the way out of an outage is the shortest."""
    stage.tree = stage.tree.after([("environments/prod.yaml", FROZEN)])
    assert back(stage).moves
    assert not stage.asked


@pytest.mark.parametrize("text", [HOLD, "by: me\n"], ids=["in force", "unreadable"])
def test_no_hold_stops_it(stage: Stage, text: str) -> None:
    """The new one takes its place."""
    stage.write(HELD, text)
    stage.commit(back(stage))
    found = held(stage)
    assert found is not None
    assert found.reason == "rolled back from 3"


def test_a_broken_record_elsewhere_does_not_stop_it(stage: Stage) -> None:
    """One of its own environment does."""
    stage.write("overlays/dev/web/kustomization.yaml", "images: [{name: web, newTag: 1.10}]\n")
    assert back(stage).moves
    stage.write("overlays/prod/web/kustomization.yaml", "images: [{name: web, newTag: 1.10}]\n")
    with pytest.raises(InputError, match=r"overlays/prod/web/kustomization\.yaml:1:30"):
        back(stage)


# Attempts


@pytest.mark.parametrize("asked", [{}, {"tag": "1"}], ids=["last good", "named"])
def test_a_release_that_landed_meanwhile_is_not_rolled_back(stage: Stage, asked: dict[str, str]) -> None:
    """Nobody who asked for this has seen it: to go "one back" from it would bring back what was to be left."""
    unchanged = Unchanged()
    back(stage, unchanged=unchanged, **asked)
    stage.run("prod", web="4")
    with pytest.raises(SupersededError, match="superseded: prod/web runs web 4, not web 3; nothing was written"):
        back(stage, unchanged=unchanged, **asked)


def test_two_who_roll_back_at_once_go_back_once(stage: Stage) -> None:
    """The slower one does not go one further."""
    unchanged = Unchanged()
    back(stage, unchanged=unchanged)
    stage.commit(back(stage))
    with pytest.raises(SupersededError, match="prod/web runs web 2, not web 3"):
        back(stage, unchanged=unchanged)


def test_other_commits_do_not_keep_it(stage: Stage) -> None:
    """It is worked out anew from what is there then."""
    unchanged = Unchanged()
    first = back(stage, unchanged=unchanged)
    stage.run("prod", "orders", orders="1", orders_migrations="1")
    assert back(stage, unchanged=unchanged).moves == first.moves


def test_a_second_request_for_review_says_the_same(stage: Stage) -> None:
    """The branch that waits has a hold already, from an hour ago."""
    first = back(stage)
    stage.proposed = {change.path: (change.after or "").encode() for change in first.changes}
    stage.now += HOUR
    assert back(stage).changes == first.changes
