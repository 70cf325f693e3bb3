"""`fairlead rollback` on real git: the way back, and what keeps it there."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
import yaml

from tests.cli.depot import NEW_TAG, OLD_TAG, ONE, TWO, Depot

HOLD = f"overlays/prod/{ONE}/hold.yaml"
RECORD = f"overlays/prod/{ONE}/kustomization.yaml"


@pytest.fixture
def depot(depot: Depot) -> Depot:
    """Return a remote where prod had 1.0.0 and 1.1.0 of the first service, and has 1.2.0."""
    depot("promote", ONE, "--to", "prod")
    depot.pull()
    depot.release("prod", "1.2.0")
    return depot


def test_the_last_good_release_comes_back_and_is_held(depot: Depot) -> None:
    """In one commit that says what was left."""
    answer = depot("rollback", ONE, "--env", "prod", "--reason", "5xx on checkout")

    assert answer.code == 0
    assert depot.tag("prod") == NEW_TAG
    assert depot.changed() == [HOLD, RECORD]
    assert re.fullmatch(
        rf"Roll {ONE} back in prod: 1\.1\.0\n\nprod/{ONE}: {ONE} 1\.2\.0 -> 1\.1\.0\n\n"
        r"Rollback-Of: 1\.2\.0\nPromotion-Id: [0-9a-f-]{36}",
        depot.message(),
    )
    hold = yaml.safe_load(depot.file(HOLD))
    assert (hold["by"], hold["reason"]) == ("Writer <writer@example.com>", "5xx on checkout")
    assert hold["record"] == {ONE: NEW_TAG}


def test_a_second_one_goes_further_back(depot: Depot) -> None:
    """Until there is nothing that was not left."""
    for tag in (NEW_TAG, OLD_TAG):
        depot("rollback", ONE, "--env", "prod")
        assert depot.tag("prod") == tag
    answer = depot("rollback", ONE, "--env", "prod")
    assert answer.code == 2
    assert answer.stderr == (
        f"prod/{ONE} has no earlier release that was not rolled back; "
        f"`fairlead history {ONE} --env prod` lists all, --to TAG takes one\n"
    )


def test_a_release_comes_back_by_its_tag(depot: Depot) -> None:
    """And the history shows it."""
    depot("rollback", ONE, "--env", "prod", "--to", OLD_TAG)
    assert depot.tag("prod") == OLD_TAG
    depot.pull()
    assert "1.2.0 -> 1.0.0" in depot("history", ONE, "--env", "prod").stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--to", "1.2.0"], f"prod/{ONE} runs 1.2.0 already; to keep it there: `fairlead hold`"),
        (["--to", "9"], f"prod/{ONE} never had 9; it had: 1.1.0, 1.0.0"),
        (["--to", "1.0.0", "--last-good"], "--to and --last-good name two different releases"),
        (["--until", "soon"], "--until soon: write hours and minutes such as 24h or 90m, or 2026-11-21T03:00:00Z"),
        (
            ["--until", "2030-01-01T00:00:00"],
            "--until 2030-01-01T00:00:00: write hours and minutes such as 24h or 90m, or 2026-11-21T03:00:00Z",
        ),
        (
            ["--until", "999999h" * 100],
            f"--until {'999999h' * 100}: write hours and minutes such as 24h or 90m, or 2026-11-21T03:00:00Z",
        ),
        (["--reason", "  "], "a hold needs a reason: --reason TEXT; it is shown wherever the hold stops somebody"),
    ],
)
def test_what_cannot_be_is_one_line_with_a_remedy(depot: Depot, arguments: list[str], words: str) -> None:
    """And nothing is pushed."""
    before = depot.refs()
    answer = depot("rollback", ONE, "--env", "prod", *arguments)
    assert (answer.code, answer.stderr) == (2, f"{words}\n")
    assert depot.refs() == before


def test_an_end_in_the_past_is_refused(depot: Depot) -> None:
    """It would hold nothing."""
    answer = depot("rollback", ONE, "--env", "prod", "--until", "2020-01-01T00:00:00Z")
    assert answer.code == 2
    assert answer.stderr.startswith("--until 2020-01-01T00:00:00Z is over already; it is 20")


def test_the_hold_ends_after_a_time_or_at_one(depot: Depot) -> None:
    """Hours from now, or a time with its zone."""
    began = datetime.now(UTC).replace(microsecond=0)
    depot("rollback", ONE, "--env", "prod", "--until", "90m")
    until = datetime.fromisoformat(yaml.safe_load(depot.file(HOLD))["until"])
    assert timedelta(minutes=90) <= until - began <= timedelta(minutes=95)

    depot("rollback", ONE, "--env", "prod", "--until", "2099-01-01T00:00:00+01:00")
    assert yaml.safe_load(depot.file(HOLD))["until"] == "2098-12-31T23:00:00Z"


def test_no_gate_stops_it(depot: Depot) -> None:
    """Neither a freeze nor a command that says no."""
    depot.gates(
        '{soak: 24h, command: {args: ["false"]}, freezes: [{from: "2020-01-01T00:00", to: "2099-01-01T00:00"}]}'
    )
    assert depot("rollback", ONE, "--env", "prod").code == 0
    assert depot.tag("prod") == NEW_TAG


def test_the_proof_stops_it(depot: Depot) -> None:
    """A build that the rollback would not change is no way out of an outage."""
    kustomization = (depot.root / RECORD).read_text(encoding="utf-8")
    depot.write(RECORD, kustomization + 'labels:\n- pairs: {release: "1.2.0"}\nnot-a-key: true\n')
    depot.push("By hand")
    before = depot.refs()
    answer = depot("rollback", ONE, "--env", "prod")

    assert answer.code == 1
    assert depot.refs() == before


def test_a_broken_page_of_another_service_does_not_stop_it(depot: Depot) -> None:
    """Neither does a broken record of it, nor one of another environment."""
    depot.write(f"services/{TWO}.yaml", "image: [\n")
    depot.write(f"overlays/prod/{TWO}/kustomization.yaml", "images: 7\n")
    depot.write(f"overlays/staging/{ONE}/kustomization.yaml", "images: 7\n")
    depot.push("Broken")
    answer = depot("rollback", ONE, "--env", "prod")
    assert answer.code == 0, answer.text


def test_a_dry_run_pushes_nothing_and_shows_the_difference(depot: Depot) -> None:
    """Of what kustomize would build."""
    before = depot.refs()
    answer = depot("rollback", ONE, "--env", "prod", "--dry-run")

    assert depot.refs() == before
    assert "\n+      - image: 111122223333.dkr.ecr.eu-west-1.amazonaws.com/service-000:1.1.0\n" in answer.stdout
    assert answer.stdout.endswith(f"Roll {ONE} back in prod: 1.1.0: not pushed, as --dry-run asks\n")


def test_the_answer_as_data(depot: Depot) -> None:
    """With both files."""
    data = depot.data("rollback", ONE, "--env", "prod")
    assert data["files"] == [RECORD, HOLD]
    assert data["subject"] == f"Roll {ONE} back in prod: 1.1.0"
    assert data["commit"] == depot.log("%H")[0]


def test_a_bot_that_moves_a_held_service_is_found(depot: Depot) -> None:
    """It knows nothing of holds; `validate` does, and `bump` refuses."""
    depot("rollback", ONE, "--env", "prod")
    depot.pull()
    assert depot("bump", ONE, "--env", "prod", "--tag", "1.2.0").code == 5
    record = (depot.root / RECORD).read_text(encoding="utf-8")
    depot.write(RECORD, record.replace(NEW_TAG, "1.2.0"))
    answer = depot("validate")
    assert answer.code == 1
    assert "REL005" in answer.text
