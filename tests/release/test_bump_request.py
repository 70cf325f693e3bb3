"""`fairlead bump`: what it asks before it writes, and what it says."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from generator.disk.tree import read
from generator.findings.errors import SupersededError, UsageError
from generator.gates.gate import GateError
from generator.inputs.load import load
from generator.records.hold import Hold, hold_path, hold_text
from generator.release.bump_request import BumpRequest, bumped

if TYPE_CHECKING:
    from pathlib import Path

    from generator.release.context import Draft
    from tests.conftest import Fairlead, Git

FRONTEND = "overlays/dev/frontend/kustomization.yaml"
REGISTRY = "033870383707.dkr.ecr.us-west-2.amazonaws.com"
DIGEST = f"sha256:{'0123456789abcdef' * 4}"
NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)


def asked(root: Path, *, tag: str = "1.5.0", overrides: dict[str, str] | None = None, now: datetime = NOW) -> Draft:
    """Work out a bump of dev/frontend."""
    tree = read(root)
    services: dict[str, str | None] = {"frontend": tag}
    request = BumpRequest(services=services, environment="dev", overrides=overrides or {})
    return bumped(request, tree, load(tree, only=services), now)


def order_by(root: Path, policy: str) -> None:
    """Give frontend's page a `tagOrder`."""
    page = root / "services/frontend.yaml"
    page.write_text(page.read_text(encoding="utf-8") + f"tagOrder: {policy}\n", encoding="utf-8")


def set_tag(root: Path, text: str) -> None:
    """Put another value into dev/frontend's record."""
    path = root / FRONTEND
    path.write_text(path.read_text(encoding="utf-8").replace('newTag: "1.4.2"', text), encoding="utf-8")


def untouched(git: Git, root: Path) -> bool:
    """Return whether nothing was written."""
    return git(root, "status", "--porcelain") == ""


# Looking first


def test_a_dry_run_shows_and_writes_nothing(repository: Path, fairlead: Fairlead, git: Git) -> None:
    """The moves, what kustomize then builds, and that nothing was written."""
    answer = fairlead("bump", "frontend", "--env", "dev", "--tag", "1.5.0", "--dry-run", root=repository)
    lines = answer.stdout.splitlines()
    assert (answer.code, answer.stderr) == (0, "")
    assert lines[:3] == [
        "dev/frontend: frontend 1.4.2 -> 1.5.0",
        "--- a/dev/frontend/Deployment/example/frontend",
        "+++ b/dev/frontend/Deployment/example/frontend",
    ]
    assert f"-        image: {REGISTRY}/frontend:1.4.2" in lines
    assert f"+        image: {REGISTRY}/frontend:1.5.0" in lines
    assert lines[-1] == "nothing was written, as --dry-run asks"
    assert untouched(git, repository)


def test_a_dry_run_is_data(repository: Path, fairlead: Fairlead, git: Git) -> None:
    """The same for machines: before and after of each image, files, lines, the difference."""
    arguments = ("orders-service", "--env", "dev", "--tag", "1.1", "--dry-run", "--format", "json")
    said = json.loads(fairlead("bump", *arguments, root=repository).stdout)
    assert [(move["image"], move["before"]["newTag"], move["after"]["newTag"]) for move in said["moves"]] == [
        ("coffeemesh-orders", "1.0", "1.1"),
        ("coffeemesh-orders-migrations", "1.0", "1.1"),
    ]
    assert said["files"] == ["overlays/dev/orders-service/kustomization.yaml"]
    assert said["lines"] == {"added": 2, "removed": 2}
    assert said["difference"].count("\n+++ b/dev/orders-service/") == 2
    assert untouched(git, repository)


def test_a_bump_is_data(repository: Path, fairlead: Fairlead, git: Git) -> None:
    """What was written; the difference is for those who look first."""
    arguments = ("frontend", "--env", "dev", "--tag", "1.5.0", "--format", "json")
    said = json.loads(fairlead("bump", *arguments, root=repository).stdout)
    assert said["difference"] is None
    assert said["lines"] == {"added": 1, "removed": 1}
    assert git(repository, "diff", "--numstat") == f"1\t1\t{FRONTEND}\n"
    again = json.loads(fairlead("bump", *arguments, root=repository).stdout)
    assert (again["moves"], again["files"], again["lines"]) == ([], [], {"added": 0, "removed": 0})


def test_a_refusal_is_data(repository: Path, fairlead: Fairlead, git: Git) -> None:
    """Each finding, and the exit code."""
    arguments = ("frontend", "--env", "dev", "--tag", "latest", "--format", "json")
    answer = fairlead("bump", *arguments, root=repository)
    said = json.loads(answer.stdout)
    assert (answer.code, said["exitCode"]) == (1, 1)
    assert [complaint["rule"] for complaint in said["complaints"]] == ["WRK001"]
    assert untouched(git, repository)


def test_a_first_release_is_counted(repository: Path, fairlead: Fairlead, git: Git) -> None:
    """All lines of a new overlay are added ones."""
    git(repository, "rm", "-r", "--quiet", "overlays/dev/frontend")
    git(repository, "commit", "--quiet", "--message=Before the first release")
    arguments = ("frontend", "--env", "dev", "--tag", "1.5.0", "--format", "json")
    said = json.loads(fairlead("bump", *arguments, root=repository).stdout)
    written = [(repository / path).read_text(encoding="utf-8").count("\n") for path in said["files"]]
    assert said["lines"] == {"added": sum(written), "removed": 0}
    assert said["moves"][0]["before"] is None


# --expect


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ('newTag: "1.4.2"', "1.4.2"),
        (f'newTag: "1.4.2@{DIGEST}"', "1.4.2"),
        (f'newTag: "1.4.2@{DIGEST}"', DIGEST),
        (f'digest: "{DIGEST}"', DIGEST),
        (f'newTag: "1.4.2"\n  digest: "{DIGEST}"', DIGEST),
        ("newTag: 1.10", "1.10"),
    ],
)
def test_what_was_expected_goes(repository: Path, fairlead: Fairlead, record: str, expected: str) -> None:
    """Tag or digest, in whatever form the record has them."""
    set_tag(repository, record)
    answer = fairlead("bump", "frontend=1.5.0", "--env", "dev", "--expect", expected, root=repository)
    assert answer.code == 0, answer.text


@pytest.mark.parametrize("expected", ["1.4.1", "none", DIGEST, "1.4", ""])
def test_what_was_not_expected_is_superseded(repository: Path, fairlead: Fairlead, git: Git, expected: str) -> None:
    """Somebody moved it meanwhile: exit 6, and nothing is written."""
    answer = fairlead("bump", "frontend=1.5.0", "--env", "dev", "--expect", f"frontend={expected}", root=repository)
    assert answer.code == 6
    assert answer.stderr.startswith("superseded: dev/frontend runs 1.4.2, not ")
    assert untouched(git, repository)


def test_nothing_can_be_expected(repository: Path, fairlead: Fairlead, git: Git) -> None:
    """`none` stands for a service that is not released."""
    git(repository, "rm", "-r", "--quiet", "overlays/dev/frontend")
    git(repository, "commit", "--quiet", "--message=Before the first release")
    arguments = ("bump", "frontend", "--env", "dev", "--tag", "1.5.0", "--expect")
    assert fairlead(*arguments, "1.4.2", root=repository).code == 6
    assert fairlead(*arguments, "none", root=repository).code == 0


def test_each_service_has_its_own_expectation(repository: Path, fairlead: Fairlead, git: Git) -> None:
    """All of them must hold, or none is moved."""
    services = ("bump", "frontend=2", "users-backend=3", "--env", "dev")
    held = ("--expect", "frontend=1.4.2", "--expect")
    assert fairlead(*services, *held, "users-backend=1.1.9", root=repository).code == 6
    assert untouched(git, repository)
    assert fairlead(*services, *held, "users-backend=1.2.0", root=repository).code == 0


def test_an_expectation_names_its_service(repository: Path, fairlead: Fairlead) -> None:
    """With several services a bare tag says too little."""
    answer = fairlead("bump", "frontend=2", "users-backend=3", "--env", "dev", "--expect", "1.4.2", root=repository)
    assert (answer.code, answer.stderr) == (
        2,
        "--expect 1.4.2: say for which service, --expect SERVICE=1.4.2\n",
    )


def test_without_an_image_there_is_no_tag_to_expect(repository: Path, fairlead: Fairlead) -> None:
    """A page of jobs alone, or with a foreign image."""
    page = repository / "services/report.yaml"
    page.write_text("system: thoughts\nimage: docker.io/library/nginx:1.27\nport: 80\n", encoding="utf-8")
    answer = fairlead("bump", "report=1.0", "--env", "dev", "--expect", "none", root=repository)
    assert answer.code == 2
    assert answer.stderr == "--expect: report has no image of its own, so there is no tag to expect\n"


# Holds


@pytest.fixture
def held(repository: Path, git: Git) -> Path:
    """Hold dev/frontend at 1.4.2 for a day."""
    hold = Hold(
        by="dev@example.com",
        reason="1.4.3 loses orders",
        since=NOW,
        until=NOW + timedelta(days=1),
        record={"frontend": "1.4.2"},
    )
    (repository / hold_path("dev", "frontend")).write_text(hold_text(hold), encoding="utf-8")
    git(repository, "add", ".")
    git(repository, "commit", "--quiet", "--message=Hold")
    return repository


def test_a_held_service_is_refused(held: Path) -> None:
    """Who holds it and why is said."""
    with pytest.raises(GateError, match=r"dev/frontend: hold: held at 1\.4\.2 by dev@example\.com"):
        asked(held)


def test_a_hold_ends(held: Path) -> None:
    """After its time it keeps nothing."""
    assert len(asked(held, now=NOW + timedelta(days=1)).moves) == 1


def test_a_hold_can_be_overridden(held: Path) -> None:
    """The reason goes into the commit."""
    draft = asked(held, overrides={"hold": "the fix is in"})
    assert [refusal.gate for refusal in draft.used] == ["hold"]
    assert draft.trailers == (("Gate-Override", "hold: the fix is in"),)


def test_back_to_what_is_held_one_may_go(held: Path) -> None:
    """A bot moved it over the hold; putting it back is what the hold asks for."""
    set_tag(held, 'newTag: "1.4.3"')
    assert len(asked(held, tag="1.4.2").moves) == 1


def test_every_held_service_is_named(held: Path, fairlead: Fairlead, git: Git) -> None:
    """Several services are one bump: none moves while one is held."""
    forever = Hold(by="dev@example.com", reason="audit", since=NOW, record={"users_server": "1.2.0"})
    (held / hold_path("dev", "users-backend")).write_text(hold_text(forever), encoding="utf-8")
    (held / hold_path("dev", "frontend")).write_text(
        hold_text(Hold(by="dev@example.com", reason="audit", since=NOW, record={"frontend": "1.4.2"})), encoding="utf-8"
    )
    git(held, "add", ".")
    git(held, "commit", "--quiet", "--message=Hold both")
    answer = fairlead("bump", "frontend=2", "users-backend=2", "--env", "dev", root=held)
    assert answer.code == 5
    assert [line.partition(": ")[0] for line in answer.stderr.splitlines()] == ["dev/frontend", "dev/users-backend"]
    assert untouched(git, held)


def test_a_hold_that_nobody_can_read_is_no_hold_to_ignore(held: Path, fairlead: Fairlead) -> None:
    """What cannot be checked is refused."""
    (held / hold_path("dev", "frontend")).write_text("by: [\n", encoding="utf-8")
    assert fairlead("bump", "frontend=2", "--env", "dev", root=held).code == 2


# The order of tags


def test_an_older_tag_is_superseded(repository: Path, fairlead: Fairlead, git: Git) -> None:
    """The page says how its tags are ordered, so a late job cannot take back what a later one did."""
    order_by(repository, "semver")
    git(repository, "commit", "--quiet", "--all", "--message=Order")
    answer = fairlead("bump", "frontend=1.4.1", "--env", "dev", root=repository)
    assert answer.code == 6
    assert "frontend has 1.4.2, and 1.4.1 is older (tagOrder: semver)" in answer.stderr
    assert untouched(git, repository)


@pytest.mark.parametrize("tag", ["1.4.3", "1.10.0", "v1.4.2", f"1.4.2@{DIGEST}"])
def test_a_newer_tag_goes(repository: Path, tag: str) -> None:
    """So does the same version with another name or a digest."""
    order_by(repository, "semver")
    assert asked(repository, tag=tag).notes == ()


def test_what_nobody_can_compare_goes_with_a_note(repository: Path, fairlead: Fairlead) -> None:
    """The order does not know a branch's name."""
    order_by(repository, "semver")
    answer = fairlead("bump", "frontend=main-4f2a91c", "--env", "dev", root=repository)
    assert answer.code == 0
    note = "note: dev/frontend: which of 1.4.2 and main-4f2a91c is newer, tagOrder: semver cannot tell\n"
    assert answer.stderr == note


def test_an_older_tag_can_be_let_through(repository: Path) -> None:
    """By name and with a reason, as a gate."""
    order_by(repository, "semver")
    with pytest.raises(SupersededError):
        asked(repository, tag="1.4.1")
    draft = asked(repository, tag="1.4.1", overrides={"tagOrder": "1.4.2 was built from the wrong branch"})
    assert [refusal.gate for refusal in draft.used] == ["tagOrder"]
    assert draft.trailers == (("Gate-Override", "tagOrder: 1.4.2 was built from the wrong branch"),)


def test_a_gate_that_is_none_cannot_be_overridden(repository: Path) -> None:
    """A misspelt name must not pass for the real one."""
    with pytest.raises(UsageError, match="did you mean 'hold'"):
        asked(repository, overrides={"hodl": "why not"})


@pytest.mark.parametrize("digest", ["before", "after"])
def test_a_digest_has_no_place_in_the_order(repository: Path, digest: str) -> None:
    """Without two tags there is nothing to compare."""
    order_by(repository, "semver")
    tree_tag = f'digest: "{DIGEST}"' if digest == "before" else 'newTag: "1.4.2"'
    set_tag(repository, tree_tag)
    tree = read(repository)
    services: dict[str, str | None] = {"frontend": "1.0.0" if digest == "before" else None}
    request = BumpRequest(services=services, environment="dev", digest=None if digest == "before" else DIGEST)
    assert len(bumped(request, tree, load(tree, only=services), NOW).moves) == 1


def test_the_order_is_that_of_the_services_own_images(repository: Path) -> None:
    """The database beside a service has versions of its own."""
    page = repository / "services/users-backend.yaml"
    page.write_text(page.read_text(encoding="utf-8") + "tagOrder: semver\n", encoding="utf-8")
    tree = read(repository)
    services: dict[str, str | None] = {"users-backend": None}
    request = BumpRequest(services=services, environment="dev", images=("users_backend_db=15.0.0",))
    assert len(bumped(request, tree, load(tree, only=services), NOW).moves) == 1


# The words of a commit


def test_the_subject_says_what_moves(repository: Path) -> None:
    """One service with its release, several by their number."""
    assert asked(repository).subject == "Bump frontend in dev: 1.5.0"
    tree = read(repository)
    services: dict[str, str | None] = {"frontend": "2", "users-backend": "3"}
    draft = bumped(BumpRequest(services=services, environment="dev"), tree, load(tree, only=services), NOW)
    assert draft.subject == "Bump 2 services in dev"


def test_an_expectation_of_something_else_is_refused(repository: Path) -> None:
    """A typing error must not pass for a guard."""
    tree = read(repository)
    services: dict[str, str | None] = {"frontend": "2"}
    request = BumpRequest(services=services, environment="dev", expected={"fronted": "1.4.2"})
    with pytest.raises(UsageError, match="fronted"):
        bumped(request, tree, load(tree, only=services), NOW)


def test_a_page_without_an_image_of_ours_has_nothing_to_bump(repository: Path, fairlead: Fairlead) -> None:
    """It says so."""
    page = repository / "services/report.yaml"
    page.write_text("system: thoughts\nimage: docker.io/library/nginx:1.27\nport: 80\n", encoding="utf-8")
    answer = fairlead("bump", "report=1.0", "--env", "dev", root=repository)
    assert (answer.code, answer.stderr) == (2, "report has no image of ours; name one with --image\n")
