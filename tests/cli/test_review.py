"""`--pull-request` on real git: a branch for each service, and one request for it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest
import yaml

from generator.cli import pull_request as review
from generator.cli import push as landing
from generator.findings.errors import ToolError
from generator.forge.request import Opened, Proposal
from generator.gates.external_gates import Guard
from generator.release import commit_builder as proposal
from generator.release.holding import unhold
from generator.release.newer import Unchanged
from tests.cli.depot import NEW_TAG, OLD_TAG, ONE, TWO, Depot

if TYPE_CHECKING:
    from generator.findings.progress import Progress

BRANCH, OTHER = f"fairlead/prod/{ONE}", f"fairlead/prod/{TWO}"
BY_HAND = "open a request from it into main (the remote is at no host)"
PUSHED = "{} is pushed; do this again, or open its request by hand"


class FakeForge:
    """Opens the first request of a branch and updates it afterwards; refuses branches that are named in `refused`."""

    limit = 10_000

    def __init__(self) -> None:
        self.proposals: list[Proposal] = []
        self.refused: set[str] = set()

    def propose(self, proposal: Proposal) -> Opened:
        """Remember a proposal."""
        if proposal.branch in self.refused:
            raise ToolError(f"no request for {proposal.branch}")
        created = all(known.branch != proposal.branch for known in self.proposals)
        self.proposals.append(proposal)
        return Opened(url=f"https://git.example.com/{proposal.branch}", number=1, created=created)


@pytest.fixture
def forge(monkeypatch: pytest.MonkeyPatch) -> FakeForge:
    """Let the remote be at a host with an API."""
    fake = FakeForge()
    monkeypatch.setattr(review, "forge_of", lambda _url, _environ: fake)
    return fake


def heads(depot: Depot) -> list[str]:
    """Return the branches of the remote."""
    return depot.git(depot.bare, "branch", "--format=%(refname:short)").split()


def test_a_promotion_becomes_a_branch(depot: Depot) -> None:
    """What Argo CD syncs stays as it is."""
    answer = depot("promote", ONE, "--to", "prod", "--pull-request")

    assert (answer.code, answer.stderr) == (0, "")
    assert answer.stdout == (f"prod/{ONE}: {ONE} 1.0.0 -> 1.1.0\npushed {BRANCH}; {BY_HAND}\n")
    assert (depot.tag("prod"), depot.tag("prod", branch=BRANCH)) == (OLD_TAG, NEW_TAG)
    assert depot.message(BRANCH).startswith(f"Promote {ONE} to prod: 1.1.0\n")


def test_every_service_has_a_branch_of_its_own(depot: Depot) -> None:
    """Each can be merged by itself."""
    assert depot("promote", ONE, TWO, "--to", "prod", "--pull-request").code == 0
    for branch, name in ((BRANCH, ONE), (OTHER, TWO)):
        assert depot.changed(branch) == [f"overlays/prod/{name}/kustomization.yaml"]


def test_a_second_call_changes_nothing(depot: Depot) -> None:
    """There is one commit, and one branch."""
    depot("promote", ONE, "--to", "prod", "--pull-request")
    before = depot.refs()
    answer = depot("promote", ONE, "--to", "prod", "--pull-request")

    assert answer.stdout.endswith(f"\nunchanged {BRANCH}; {BY_HAND}\n")
    assert depot.refs() == before


def test_a_second_rollback_changes_nothing(depot: Depot) -> None:
    """Its hold is since the first one."""
    depot("promote", ONE, "--to", "prod")
    depot("rollback", ONE, "--env", "prod", "--pull-request")
    branch = f"{BRANCH}.rollback"
    assert depot.tag("prod", branch=branch) == OLD_TAG
    before = depot.refs()
    answer = depot("rollback", ONE, "--env", "prod", "--pull-request")

    assert answer.code == 0
    assert depot.refs() == before
    assert yaml.safe_load(depot.file(f"overlays/prod/{ONE}/hold.yaml", branch))["record"] == {ONE: OLD_TAG}


def test_a_promotion_leaves_the_request_of_a_rollback_alone(depot: Depot) -> None:
    """Both wait, each on its own branch."""
    depot("promote", ONE, "--to", "prod")
    depot("rollback", ONE, "--env", "prod", "--pull-request")
    depot.release("staging", "1.2.0")
    assert depot("promote", ONE, "--to", "prod", "--pull-request").code == 0

    assert (depot.tag("prod", branch=f"{BRANCH}.rollback"), depot.tag("prod", branch=BRANCH)) == (OLD_TAG, "1.2.0")


def test_a_branch_that_proposes_what_is_over_is_named(depot: Depot) -> None:
    """What waited in staging went back there: nobody asks for it any more, and the request is still open."""
    depot("promote", ONE, "--to", "prod", "--pull-request")
    depot.release("staging", OLD_TAG)
    answer = depot("promote", ONE, "--to", "prod", "--pull-request")

    assert answer.code == 0
    assert answer.stdout == (
        f"{BRANCH} still proposes 'Promote {ONE} to prod: {NEW_TAG}'; close the request or delete the branch\n"
        f"nothing to do on main of {depot.bare}\n"
    )
    (data,) = depot.data("promote", ONE, "--to", "prod", "--pull-request")
    assert data["stale"] == f"Promote {ONE} to prod: {NEW_TAG}"


def test_a_newer_release_goes_on_top(depot: Depot) -> None:
    """The branch is never forced: who has it can go on from there."""
    depot("promote", ONE, "--to", "prod", "--pull-request")
    first = depot.git(depot.bare, "rev-parse", BRANCH).strip()
    depot.release("staging", "1.2.0")
    depot("promote", ONE, "--to", "prod", "--pull-request")

    assert depot.tag("prod", branch=BRANCH) == "1.2.0"
    assert first in depot.git(depot.bare, "rev-list", BRANCH).split()
    assert depot.git(depot.bare, "diff", "--name-only", f"main...{BRANCH}").split() == [
        f"overlays/prod/{ONE}/kustomization.yaml"
    ]


def test_a_branch_with_commits_of_others_is_left_alone(depot: Depot) -> None:
    """They would be buried."""
    depot("promote", ONE, "--to", "prod", "--pull-request")
    depot.by_somebody("notes.txt", "text\n", BRANCH)
    depot.release("staging", "1.2.0")
    before = depot.refs()
    answer = depot("promote", ONE, "--to", "prod", "--pull-request")

    assert answer.code == 5
    assert "has commits that fairlead did not make" in answer.stderr
    assert depot.refs() == before


def test_what_was_merged_is_done(depot: Depot) -> None:
    """There is nothing to ask for any more."""
    depot("promote", ONE, "--to", "prod", "--pull-request")
    depot.git(depot.bare, "update-ref", "refs/heads/main", BRANCH)
    answer = depot("promote", ONE, "--to", "prod", "--pull-request")
    assert answer.stdout == f"nothing to do on main of {depot.bare}\n"


def test_a_dry_run_pushes_no_branch(depot: Depot) -> None:
    """It shows what the request would be about."""
    before = depot.refs()
    answer = depot("promote", ONE, "--to", "prod", "--pull-request", "--dry-run")

    assert depot.refs() == before
    assert f"\n{BRANCH}: not pushed, as --dry-run asks\n--- a/prod/{ONE}/Deployment" in answer.stdout


# All that waits


def test_of_all_those_that_can_go_get_a_request(depot: Depot) -> None:
    """What waits is named, and gets none."""
    depot("hold", ONE, "--env", "prod", "--reason", "load test")
    answer = depot("promote", "--all", "--to", "prod", "--pull-request")

    assert answer.code == 0
    assert answer.stdout.startswith(f"waiting: prod/{ONE}: hold: held at 1.0.0")
    assert heads(depot) == [OTHER, "main"]


def test_where_nothing_waits_nothing_is_pushed(depot: Depot) -> None:
    """And that is said once."""
    depot("promote", "--all", "--to", "prod")
    answer = depot("promote", "--all", "--to", "prod", "--pull-request")

    assert answer.stdout == f"nothing to do on main of {depot.bare}\n"
    assert depot.data("promote", "--all", "--to", "prod", "--pull-request") == []


def test_the_look_for_what_waits_copies_no_image(depot: Depot, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is a dry run; only what gets a request is worked out in earnest."""
    looks: list[bool] = []

    class Watched(Guard):
        def __init__(self, progress: Progress, *, dry_run: bool) -> None:
            looks.append(dry_run)
            super().__init__(progress, dry_run=dry_run)

    monkeypatch.setattr(proposal, "Guard", Watched)
    assert depot("promote", "--all", "--to", "prod", "--pull-request").code == 0
    assert looks == [True, False, False]


def test_one_that_is_refused_keeps_no_other_one(depot: Depot) -> None:
    """It is told beside the other's request, and decides the exit code."""
    depot("hold", ONE, "--env", "prod", "--reason", "load test")
    answer = depot("promote", ONE, TWO, "--to", "prod", "--pull-request")

    assert answer.code == 5
    assert answer.stderr.startswith(f"prod/{ONE} gets no request:\nprod/{ONE}: hold: held at 1.0.0")
    assert f"pushed {OTHER}" in answer.stdout


# A host with an API


def test_the_request_says_what_moves_and_why(depot: Depot, forge: FakeForge) -> None:
    """Title, the moves, where they come from, what was overridden, and what kustomize builds."""
    depot.gates("{soak: 24h}")
    override = ("--override", "soak", "--reason", "mends the outage")
    answer = depot("promote", ONE, "--to", "prod", "--pull-request", *override)
    (request,) = forge.proposals

    assert answer.stdout.endswith(f"opened https://git.example.com/{BRANCH}\n")
    assert (request.branch, request.base) == (BRANCH, "main")
    assert request.title == f"Promote {ONE} to prod: 1.0.0 -> 1.1.0"
    for told in ("staging", "soak: mends the outage", "+      - image:"):
        assert told in request.body
    assert len(request.body) <= forge.limit


def test_the_open_request_is_brought_up_to_date(depot: Depot, forge: FakeForge) -> None:
    """The same one tells of the newer release."""
    depot("promote", ONE, "--to", "prod", "--pull-request")
    depot.release("staging", "1.2.0")
    answer = depot("promote", ONE, "--to", "prod", "--pull-request")

    assert answer.stdout.endswith(f"\nupdated https://git.example.com/{BRANCH}\n")
    assert [proposal.title for proposal in forge.proposals] == [
        f"Promote {ONE} to prod: 1.0.0 -> {tag}" for tag in (NEW_TAG, "1.2.0")
    ]


def test_a_request_that_says_it_all_is_unchanged(depot: Depot, forge: FakeForge) -> None:
    """It is looked for all the same: the first run may have ended before it opened one."""
    depot("promote", ONE, "--to", "prod", "--pull-request")
    answer = depot("promote", ONE, "--to", "prod", "--pull-request")

    assert answer.stdout.endswith(f"\nunchanged https://git.example.com/{BRANCH}\n")
    assert len(forge.proposals) == 2


def test_a_hold_and_its_end_get_a_request(depot: Depot, forge: FakeForge) -> None:
    """No image moves; the request has the commit's subject and the file."""
    answer = depot("hold", ONE, "--env", "prod", "--reason", "load test", "--pull-request")
    (proposal,) = forge.proposals

    assert (answer.code, answer.stderr) == (0, "")
    assert answer.stdout.endswith(f"opened https://git.example.com/{BRANCH}.hold\n")
    assert proposal.title == depot.message(f"{BRANCH}.hold").partition("\n")[0]
    assert f"- `overlays/prod/{ONE}/hold.yaml`\n" in proposal.body
    assert "|" not in proposal.body


def test_the_end_of_a_hold_is_asked_for_on_the_branch_of_holds(depot: Depot, forge: FakeForge) -> None:
    """The newer one of the two replaces the other."""
    depot("hold", ONE, "--env", "prod", "--reason", "load test")
    task = landing.errand(root=depot.root, remote="origin", branch=None, seconds=None, dry_run=False)
    proposer = landing.proposer_of(task, partial(unhold, ONE, "prod", Unchanged()), {ONE})

    assert review.ask_for_review(task, "unhold", "prod", {ONE: proposer}).exit_code == 0
    assert [proposal.branch for proposal in forge.proposals] == [f"{BRANCH}.hold"]


def test_a_host_that_cannot_be_asked_stops_it_before_the_push(depot: Depot, monkeypatch: pytest.MonkeyPatch) -> None:
    """A library that is missing, a token that is none."""

    def broken(_url: str, _environ: object) -> None:
        raise ToolError("the library that opens requests is missing")

    monkeypatch.setattr(review, "forge_of", broken)
    before = depot.refs()
    answer = depot("promote", ONE, "--to", "prod", "--pull-request")

    assert (answer.code, answer.stderr) == (3, "the library that opens requests is missing\n")
    assert depot.refs() == before


def test_the_request_is_opened_where_the_branch_is_pushed_to(depot: Depot, monkeypatch: pytest.MonkeyPatch) -> None:
    """It may be fetched from a mirror."""
    depot.git(depot.work, "remote", "set-url", "--push", "origin", depot.bare.as_uri())
    asked = []
    monkeypatch.setattr(review, "forge_of", lambda url, _: asked.append(url))
    depot("promote", ONE, "--to", "prod", "--pull-request")

    assert asked == [depot.bare.as_uri()]


def test_without_moves_there_is_no_request(depot: Depot, forge: FakeForge) -> None:
    """Nobody reviews nothing."""
    depot("promote", ONE, "--to", "prod")
    depot("promote", ONE, "--to", "prod", "--pull-request")
    assert forge.proposals == []


def test_the_answer_as_data(depot: Depot, forge: FakeForge) -> None:
    """One entry for each service, with the same keys whatever became of it."""
    forge.refused = {OTHER}
    first, second = depot.data("promote", ONE, TWO, "--to", "prod", "--pull-request", code=3)

    assert first["service"] == ONE
    assert first["branch"] == BRANCH
    assert first["commit"] == depot.git(depot.bare, "rev-parse", BRANCH).strip()
    assert first["pullRequest"] == {"url": f"https://git.example.com/{BRANCH}", "number": 1, "created": True}
    assert first["error"] is None
    assert second["service"] == TWO
    assert second["commit"] == depot.git(depot.bare, "rev-parse", OTHER).strip()
    assert second["error"] == {"error": f"no request for {OTHER}\n{PUSHED.format(OTHER)}", "exitCode": 3}
    assert first.keys() == second.keys()


def test_what_waits_as_data(depot: Depot, forge: FakeForge) -> None:
    """With the gate, and without a branch."""
    depot("hold", ONE, "--env", "prod", "--reason", "load test")
    waits, goes = depot.data("promote", "--all", "--to", "prod", "--pull-request")

    assert (waits["service"], waits["branch"], waits["waiting"][0]["gate"]) == (ONE, None, "hold")
    assert (goes["service"], goes["branch"], goes["waiting"]) == (TWO, OTHER, [])
    assert len(forge.proposals) == 1


def test_a_host_that_refuses_is_told(depot: Depot, forge: FakeForge) -> None:
    """The branch is there; a second call opens the request."""
    forge.refused = {BRANCH}
    answer = depot("promote", ONE, "--to", "prod", "--pull-request")
    assert (answer.code, answer.stderr) == (3, f"no request for {BRANCH}\n{PUSHED.format(BRANCH)}\n")

    forge.refused = set()
    assert depot("promote", ONE, "--to", "prod", "--pull-request").code == 0
    assert len(forge.proposals) == 1


@pytest.mark.parametrize(
    ("command", "title"),
    [
        (("hold", ONE, "--env", "prod", "--reason", "load test"), f"Hold {ONE} in prod"),
        (("unhold", TWO, "--env", "prod"), f"Unhold {TWO} in prod"),
    ],
)
def test_a_hold_and_its_end_may_wait_for_review(
    depot: Depot, forge: FakeForge, command: tuple[str, ...], title: str
) -> None:
    """On a branch of their own, beside the service's promotion."""
    depot("hold", TWO, "--env", "prod", "--reason", "audit")
    before = depot.log("%H")
    answer = depot(*command, "--pull-request")
    (request,) = forge.proposals

    assert answer.code == 0, answer.text
    assert request.title.startswith(title)
    assert depot.log("%H") == before
    assert depot.changed(request.branch) == [f"overlays/prod/{command[1]}/hold.yaml"]
