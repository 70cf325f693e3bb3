"""`fairlead bump --push` and `--pull-request` on real git; without them the working tree is where it writes."""

from __future__ import annotations

import re

import pytest

from generator.cli import pull_request as review
from generator.repo.clone import Clone
from generator.repo.push import DEADLINE_SECONDS
from tests.cli.depot import NEW_TAG, OLD_TAG, ONE, TWO, Depot
from tests.cli.test_review import FakeForge

RECORD = f"overlays/staging/{ONE}/kustomization.yaml"


def bump(*arguments: str) -> tuple[str, ...]:
    """Return the command line of a bump into staging."""
    return ("bump", ONE, "--env", "staging", "--tag", "1.2.0", *arguments)


def test_a_pushed_bump_is_a_commit_on_the_remote(depot: Depot) -> None:
    """One line of one file, and the checkout is as it was."""
    before = depot.state()
    answer = depot(*bump("--push"))

    assert answer.code == 0, answer.text
    assert depot.tag("staging") == "1.2.0"
    assert depot.git(depot.bare, "diff", "--numstat", "main^", "main").split() == ["1", "1", RECORD]
    assert re.fullmatch(
        rf"Bump {ONE} in staging: 1\.2\.0\n\nstaging/{ONE}: {ONE} 1\.1\.0 -> 1\.2\.0\n\nPromotion-Id: [0-9a-f-]{{36}}",
        depot.message(),
    )
    assert depot.state() == before


def test_without_it_the_working_tree_is_written(depot: Depot) -> None:
    """And the remote is as it was."""
    before = depot.refs()
    assert depot(*bump()).code == 0
    assert depot.refs() == before
    assert depot.git(depot.work, "diff", "--name-only").split() == [RECORD]


@pytest.mark.parametrize("option", ["--remote=origin", "--branch=main", "--deadline=9"])
def test_where_to_push_is_said_for_a_push_alone(depot: Depot, option: str) -> None:
    """Else it would say nothing."""
    answer = depot(*bump(option))
    name = option.partition("=")[0]
    assert (answer.code, answer.stderr) == (2, f"{name} is about a push: say --push, or --pull-request\n")


def test_a_tag_that_nobody_would_get_is_refused(depot: Depot) -> None:
    """Every service has one of its own."""
    answer = depot("bump", f"{ONE}=1.2.0", "--env", "staging", "--tag", "1.3.0", "--push")
    assert (answer.code, answer.stderr) == (
        2,
        "--tag 1.3.0: every service has a tag of its own, so nothing would get this one\n",
    )


def test_the_first_bump_of_a_service_makes_its_overlay(depot: Depot) -> None:
    """On the remote."""
    answer = depot("bump", f"{ONE}=1.2.0", f"{TWO}=1.3.0", "--env", "dev", "--push")
    assert answer.code == 0, answer.text
    assert (depot.tag("dev"), depot.tag("dev", TWO)) == ("1.2.0", "1.3.0")
    assert depot.log()[0] == "Bump 2 services in dev"
    depot.pull()
    assert depot("generate", "--check").code == 0


def test_a_dry_run_pushes_nothing(depot: Depot) -> None:
    """It shows what kustomize would build there."""
    before = depot.refs()
    answer = depot(*bump("--push", "--dry-run"))
    assert depot.refs() == before
    assert "\n+      - image: 111122223333.dkr.ecr.eu-west-1.amazonaws.com/service-000:1.2.0\n" in answer.stdout


def test_an_expected_tag_that_is_not_there_ends_as_superseded(depot: Depot) -> None:
    """It is compared on the remote, whatever the checkout has."""
    depot.release("staging", "1.1.1")
    depot.git(depot.work, "reset", "--quiet", "--hard", "HEAD^")
    answer = depot(*bump("--push", "--expect", NEW_TAG))
    assert (answer.code, answer.stderr) == (
        6,
        f"superseded: staging/{ONE} runs 1.1.1, not {NEW_TAG}; nothing was written\n",
    )


def test_past_an_environment_the_gates_ask(depot: Depot) -> None:
    """Staging never had it; the override is in the commit."""
    depot.gates("{soak: 24h}")
    asked = ("bump", ONE, "--env", "prod", "--tag", "2.0.0", "--push")
    refused = depot.data(*asked, code=5)
    assert [refusal["gate"] for refusal in refused["refusals"]] == ["soak"]
    assert "staging has not had 2.0.0 before" in refused["error"]

    answer = depot(*asked, "--override", "soak", "--reason", "mends the outage")
    assert answer.code == 0
    assert answer.stdout.splitlines()[1].startswith(f"overridden: prod/{ONE}: soak: ")
    assert "\nGate-Override: soak: mends the outage\n" in depot.message()


def test_the_slower_of_two_jobs_is_superseded(depot: Depot, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing says that its tag is newer."""
    monkeypatch.setattr("random.uniform", lambda low, _: low)
    push, waiting = Clone.push, [True]

    def faster(clone: Clone) -> str:
        if waiting:
            waiting.clear()
            assert depot("bump", ONE, "--env", "staging", "--tag", "1.3.0", "--push").code == 0
        return push(clone)

    monkeypatch.setattr(Clone, "push", faster)
    answer = depot(*bump("--push"))
    assert answer.code == 6
    assert f"superseded: staging/{ONE} got {ONE} 1.3.0 meanwhile" in answer.stderr
    assert depot.tag("staging") == "1.3.0"


def test_what_an_order_cannot_tell_is_noted(depot: Depot) -> None:
    """It goes all the same."""
    page = depot.file(f"services/{ONE}.yaml")
    depot.write(f"services/{ONE}.yaml", f"{page}tagOrder: semver\n")
    depot.push("An order")
    answer = depot("bump", ONE, "--env", "staging", "--tag", "build-7a", "--push")
    assert answer.code == 0
    assert answer.stderr == (
        f"note: staging/{ONE}: which of {NEW_TAG} and build-7a is newer, tagOrder: semver cannot tell\n"
    )


def test_a_bump_may_wait_for_review(depot: Depot, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each service on a branch of its own."""
    forge = FakeForge()
    monkeypatch.setattr(review, "forge_of", lambda _url, _environ: forge)
    answer = depot(
        "bump", f"{ONE}=1.2.0", f"{TWO}=1.3.0", "--env", "prod", "--pull-request", "--expect", f"{ONE}={OLD_TAG}"
    )

    assert answer.code == 0, answer.text
    assert [proposal.title for proposal in forge.proposals] == [
        f"Bump {ONE} in prod: 1.0.0 -> 1.2.0",
        f"Bump {TWO} in prod: 1.0.0 -> 1.3.0",
    ]
    assert depot.tag("prod", branch=f"fairlead/prod/{ONE}") == "1.2.0"
    assert depot.tag("prod") == OLD_TAG


def test_the_help_says_how_long_it_tries(depot: Depot) -> None:
    """As long as it does."""
    assert f"[default: {DEADLINE_SECONDS:g}]" in depot.fairlead("bump", "--help", root=depot.root).stdout
