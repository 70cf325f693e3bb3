"""`fairlead hold` and `fairlead unhold` on real git."""

from __future__ import annotations

import re

import yaml

from generator.cli import front_page
from tests.cli.depot import NEW_TAG, OLD_TAG, ONE, Depot

HOLD = f"overlays/prod/{ONE}/hold.yaml"


def hold(depot: Depot, *more: str) -> None:
    """Hold the first service in prod."""
    answer = depot("hold", ONE, "--env", "prod", "--reason", "load test", *more)
    assert answer.code == 0, answer.text


def test_a_hold_is_a_file_beside_the_record(depot: Depot) -> None:
    """Who, why, since when and what, in a commit of its own."""
    hold(depot)

    assert depot.changed() == [HOLD]
    assert re.fullmatch(rf"Hold {ONE} in prod: load test\n\nPromotion-Id: [0-9a-f-]{{36}}", depot.message())
    written = yaml.safe_load(depot.file(HOLD))
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", written.pop("since"))
    assert written == {"by": "Writer <writer@example.com>", "reason": "load test", "record": {ONE: OLD_TAG}}


def test_the_same_hold_twice_is_one_commit(depot: Depot) -> None:
    """The second time there is nothing to do."""
    hold(depot)
    before = depot.refs()
    answer = depot("hold", ONE, "--env", "prod", "--reason", "load test")

    assert answer.stdout == f"nothing to do on main of {depot.bare}\n"
    assert depot.refs() == before


def test_a_held_service_is_not_promoted_until_it_is_released(depot: Depot) -> None:
    """The refusal says by whom it is held, why, and how to end that."""
    hold(depot, "--until", "2099-01-01T00:00:00Z")
    refused = depot("promote", ONE, "--to", "prod")
    assert refused.code == 5
    assert refused.stderr == (
        f"prod/{ONE}: hold: held at 1.0.0 by Writer <writer@example.com> until 2099-01-01T00:00:00Z (load test): "
        f"passes at 2099-01-01T00:00:00Z; end it: fairlead unhold {ONE} --env prod\n"
    )

    released = depot("unhold", ONE, "--env", "prod")
    commit = depot.log("%H")[0][:12]
    pushed = f"pushed {commit} to main of {depot.bare}: Unhold {ONE} in prod\n"
    assert released.stdout == f"{pushed}to have it here: git pull\n"
    assert depot.changed() == [HOLD]
    assert depot("promote", ONE, "--to", "prod").code == 0
    assert depot.tag("prod") == NEW_TAG


def test_an_override_passes_a_hold(depot: Depot) -> None:
    """The commit keeps the reason."""
    hold(depot)
    assert depot("promote", ONE, "--to", "prod", "--override", "hold", "--reason", "agreed").code == 0
    assert "Gate-Override: hold: agreed" in depot.message()


def test_the_former_word_ends_a_hold_too(depot: Depot) -> None:
    """`release` reads as "ship it"; scripts that say it go on to work, and nobody is offered it."""
    hold(depot)
    released = depot("release", ONE, "--env", "prod")

    assert released.code == 0
    assert depot.changed() == [HOLD]
    assert depot.message().startswith(f"Unhold {ONE} in prod\n")
    assert "\n  release " not in front_page()


def test_a_hold_that_names_the_former_word_is_as_good(depot: Depot) -> None:
    """Its header names a command that goes on to work: it is no drift, holds, and the same hold is no new commit."""
    hold(depot)
    depot.pull()
    depot.write(HOLD, depot.file(HOLD).replace("fairlead unhold", "fairlead release"))
    depot.push()
    before = depot.refs()

    assert depot("generate", "--check").code == 0
    assert depot("hold", ONE, "--env", "prod", "--reason", "load test").stdout.startswith("nothing to do")
    assert depot.refs() == before
    assert depot("promote", ONE, "--to", "prod").code == 5


def test_where_nothing_is_held_there_is_nothing_to_release(depot: Depot) -> None:
    """And no commit."""
    before = depot.refs()
    assert depot.data("unhold", ONE, "--env", "prod")["commit"] is None
    assert depot.refs() == before


def test_a_dry_run_pushes_nothing(depot: Depot) -> None:
    """Neither to hold nor to release."""
    before = depot.refs()
    answer = depot("hold", ONE, "--env", "prod", "--reason", "load test", "--dry-run")
    assert answer.stdout == f"Hold {ONE} in prod: load test: not pushed, as --dry-run asks\n"
    assert depot.refs() == before

    hold(depot)
    before = depot.refs()
    assert depot("unhold", ONE, "--env", "prod", "--dry-run").code == 0
    assert depot.refs() == before


def test_what_is_nowhere_is_one_line(depot: Depot) -> None:
    """For both commands alike."""
    for command in (("hold", "--reason", "why"), ("unhold",)):
        name, *options = command
        answer = depot(name, "service-999", "--env", "prod", *options)
        assert (answer.code, answer.stderr) == (2, "no service 'service-999'; did you mean 'service-001'?\n")
        answer = depot(name, ONE, "--env", "prdo", *options)
        assert (answer.code, answer.stderr) == (2, f"{ONE} does not run in 'prdo'; did you mean 'prod'?\n")
