"""`fairlead promote` on real git: what lands on the remote, what is refused, and what is left alone."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from generator.repo.clone import Clone
from tests.cli.depot import NEW_TAG, OLD_TAG, ONE, TWO, Depot, make_depot

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Fairlead, Git

RECORD = f"overlays/prod/{ONE}/kustomization.yaml"
MARK = r"Promotion-Id: [0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}"


def test_a_release_on_its_way_there_and_back(depot: Depot) -> None:
    """Bumped, promoted, rolled back, held, released and promoted again, each by a commit on the remote."""
    depot.release("staging", "1.2.0")
    assert depot("promote", ONE, "--to", "prod").code == 0
    assert depot.tag("prod") == "1.2.0"

    assert depot("rollback", ONE, "--env", "prod", "--reason", "5xx").code == 0
    assert depot.tag("prod") == OLD_TAG
    refused = depot("promote", ONE, "--to", "prod")
    assert refused.code == 5
    assert "hold: held at 1.0.0 by Writer <writer@example.com> (5xx)" in refused.stderr

    assert depot("unhold", ONE, "--env", "prod").code == 0
    assert depot("promote", ONE, "--to", "prod").code == 0
    depot.pull()
    history = depot("history", ONE, "--env", "prod").stdout
    for told in ("1.2.0 -> 1.0.0", "1.0.0 -> 1.2.0", "promoted from staging", "5xx"):
        assert told in history
    assert depot("validate").code == 0


def test_the_commit_says_what_moved_and_where_it_came_from(depot: Depot) -> None:
    """Subject, moves and trailers; one line of one file."""
    depot("promote", ONE, "--to", "prod")

    assert re.fullmatch(
        rf"Promote {ONE} to prod: 1\.1\.0\n\nprod/{ONE}: {ONE} 1\.0\.0 -> 1\.1\.0\n\nPromoted-From: staging\n{MARK}",
        depot.message(),
    )
    assert depot.git(depot.bare, "diff", "--numstat", "main^", "main").split() == ["1", "1", RECORD]
    assert depot.log("%an <%ae>")[0] == "Writer <writer@example.com>"


def test_the_answer_says_where_the_commit_is(depot: Depot) -> None:
    """A line for each move, and one for the commit."""
    answer = depot("promote", ONE, "--to", "prod")
    commit = depot.log("%H")[0][:12]
    assert answer.stdout == (
        f"prod/{ONE}: {ONE} 1.0.0 -> 1.1.0\n"
        f"pushed {commit} to main of {depot.bare}: Promote {ONE} to prod: 1.1.0\n"
        "to have it here: git pull\n"
    )
    assert answer.stderr == ""


def test_two_services_are_one_commit(depot: Depot) -> None:
    """Both or none."""
    depot("promote", ONE, TWO, "--to", "prod")

    assert depot.log()[:2] == ["Promote 2 services to prod", "Released to staging"]
    assert depot.changed() == [f"overlays/prod/{name}/kustomization.yaml" for name in (ONE, TWO)]


def test_all_that_waits_goes(depot: Depot) -> None:
    """What is held waits, and is named."""
    depot("hold", ONE, "--env", "prod", "--reason", "load test")
    answer = depot("promote", "--all", "--to", "prod")

    assert answer.code == 0
    assert f"waiting: prod/{ONE}: hold: held at 1.0.0" in answer.stdout
    assert (depot.tag("prod"), depot.tag("prod", TWO)) == (OLD_TAG, NEW_TAG)


def test_a_second_time_there_is_nothing_to_do(depot: Depot) -> None:
    """And no commit."""
    depot("promote", "--all", "--to", "prod")
    before = depot.refs()
    for asked in (("--all",), (ONE,)):
        answer = depot("promote", *asked, "--to", "prod")
        assert (answer.code, answer.stdout) == (0, f"nothing to do on main of {depot.bare}\n")
    assert depot.refs() == before


def test_where_there_is_nothing_to_do_what_was_not_pushed_is_named(depot: Depot) -> None:
    """Somebody bumped here, committed, and wonders why nothing goes."""
    depot("promote", ONE, "--to", "prod")
    depot.pull()
    depot("bump", ONE, "--env", "staging", "--tag", "1.2.0")
    depot.git(depot.work, "commit", "--quiet", "--all", "--message=Mine")
    answer = depot("promote", ONE, "--to", "prod")
    assert answer.code == 0
    assert answer.stderr == (
        f"note: prod/{ONE} has {ONE} 1.1.0 already, as staging has\n"
        "note: HEAD has commits that no remote branch has (1); git push\n"
    )


def test_the_first_promotion_makes_the_overlay(depot: Depot) -> None:
    """As the page renders it: `generate --check` has nothing to say afterwards."""
    for path in (depot.root / f"overlays/prod/{ONE}").iterdir():
        path.unlink()
    depot.push("Taken out by hand")
    answer = depot("promote", ONE, "--to", "prod")

    assert answer.stdout.startswith(f"prod/{ONE}: {ONE} not released -> 1.1.0\n")
    depot.pull()
    assert depot("generate", "--check").code == 0


def test_an_earlier_release_is_superseded_by_what_is_there(depot: Depot) -> None:
    """The older of two jobs is the slower one."""
    depot("promote", ONE, "--to", "prod")
    depot.release("staging", "1.2.0")
    depot("promote", ONE, "--to", "prod")
    answer = depot("promote", f"{ONE}={NEW_TAG}", "--to", "prod")

    assert answer.code == 6
    assert answer.stderr.startswith(f"superseded: prod/{ONE} has {ONE} 1.2.0, which is as new or newer")
    assert depot.tag("prod") == "1.2.0"


def test_an_expected_tag_that_is_not_there_ends_as_superseded(depot: Depot) -> None:
    """A bare tag is that of the one service."""
    assert depot("promote", ONE, "--to", "prod", "--expect", "0.9").code == 6
    assert depot("promote", ONE, "--to", "prod", "--expect", f"{ONE}={OLD_TAG}").code == 0


# JSON


def test_the_answer_as_data(depot: Depot) -> None:
    """All that a script wants to know."""
    data = depot.data("promote", ONE, "--to", "prod")

    assert "\n+      - image: 111122223333.dkr.ecr.eu-west-1.amazonaws.com/service-000:1.1.0\n" in data.pop(
        "difference"
    )
    assert data == {
        "branch": "main",
        "remote": str(depot.bare),
        "commit": depot.log("%H")[0],
        "attempts": 1,
        "subject": f"Promote {ONE} to prod: 1.1.0",
        "moves": [
            {
                "service": ONE,
                "environment": "prod",
                "image": ONE,
                "before": {"newTag": "1.0.0", "digest": None},
                "after": {"newTag": "1.1.0", "digest": None},
            }
        ],
        "files": [RECORD],
        "waiting": [],
        "overridden": [],
        "notes": [],
    }


def test_nothing_to_do_as_data(depot: Depot) -> None:
    """The same keys, and no commit."""
    depot("promote", ONE, "--to", "prod")
    data = depot.data("promote", ONE, "--to", "prod")
    assert (data["commit"], data["moves"], data["files"], data["difference"]) == (None, [], [], "")


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["wbe", "--to", "prod"], 2, "no service 'wbe'"),
        ([ONE, "--to", "prod", "--expect", "9"], 6, "superseded: "),
        ([ONE, "--to", "prod", "--remote", "nowhere"], 2, "no git remote 'nowhere' here (it has: origin)"),
    ],
)
def test_an_error_as_data(depot: Depot, arguments: list[str], code: int, words: str) -> None:
    """Its message and its exit code; a person reads the same on the other stream."""
    data = depot.data("promote", *arguments, code=code)
    assert data["exitCode"] == code
    assert words in data["error"]


def test_gates_that_refuse_as_data(depot: Depot) -> None:
    """Each with the time from which it passes."""
    depot.gates("{soak: 24h, digest: required}")
    data = depot.data("promote", ONE, "--to", "prod", code=5)

    assert [refusal["gate"] for refusal in data["refusals"]] == ["soak", "digest"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", data["refusals"][0]["until"])


# What is left alone


def test_a_dry_run_pushes_nothing_and_shows_what_kustomize_would_build(depot: Depot) -> None:
    """Not a ref of the remote moves."""
    before = depot.refs()
    answer = depot("promote", ONE, "--to", "prod", "--dry-run")

    assert answer.code == 0
    assert depot.refs() == before
    assert f"--- a/prod/{ONE}/Deployment/shop/{ONE}\n+++ b/prod/{ONE}/Deployment/shop/{ONE}\n" in answer.stdout
    assert answer.stdout.endswith(f"Promote {ONE} to prod: 1.1.0: not pushed, as --dry-run asks\n")


def test_a_dry_run_needs_nobody_who_commits(depot: Depot, home: Path) -> None:
    """It makes no commit."""
    (home / ".gitconfig").write_text("", encoding="utf-8")
    assert depot("promote", ONE, "--to", "prod", "--dry-run").code == 0
    answer = depot("promote", ONE, "--to", "prod")
    assert answer.code == 3
    assert "user.name" in answer.stderr


def test_the_checkout_is_not_touched(depot: Depot) -> None:
    """Whatever is in it: edits, staged files, a stash, a branch of one's own."""
    depot.git(depot.work, "checkout", "--quiet", "-b", "mine")
    depot.write("services/service-000.yaml", "not even YAML: [\n")
    depot.git(depot.work, "stash", "--quiet")
    depot.write(RECORD, "mine\n")
    depot.write("new.txt", "new\n")
    depot.git(depot.work, "add", RECORD)
    before = depot.state()
    for command in (
        ("promote", ONE, "--to", "prod"),
        ("rollback", ONE, "--env", "prod"),
        ("unhold", ONE, "--env", "prod"),
        ("hold", ONE, "--env", "prod", "--reason", "why"),
        ("promote", TWO, "--to", "prod", "--pull-request"),
    ):
        assert depot(*command).code == 0
        assert depot.state() == before
    assert (depot.root / RECORD).read_text(encoding="utf-8") == "mine\n"


def test_what_the_checkout_is_behind_does_not_matter(depot: Depot) -> None:
    """The remote's branch is what counts."""
    depot.release("staging", "1.2.0")
    depot.git(depot.work, "reset", "--quiet", "--hard", "HEAD^")
    depot("promote", ONE, "--to", "prod")
    assert depot.tag("prod") == "1.2.0"


def test_from_inside_a_git_hook_that_repository_is_left_alone(
    depot: Depot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A hook is told which repository and index are its own; they are not those of the promotion."""
    other = tmp_path / "other"
    other.mkdir()
    depot.git(other, "init", "--quiet")
    (other / "file").write_text("text\n", encoding="utf-8")
    depot.git(other, "add", "file")
    index = (other / ".git" / "index").read_bytes()
    for name, path in (("GIT_DIR", ".git"), ("GIT_INDEX_FILE", ".git/index"), ("GIT_WORK_TREE", ".")):
        monkeypatch.setenv(name, str(other / path))
    monkeypatch.setenv("GIT_PREFIX", "deep/")
    before = depot.state()
    answer = depot("promote", ONE, "--to", "prod")

    assert answer.code == 0, answer.text
    assert depot.tag("prod") == NEW_TAG
    assert depot.state() == before
    assert (other / ".git" / "index").read_bytes() == index
    assert depot.git(other, "for-each-ref") == ""


# Where


def test_the_gitops_repository_may_be_a_folder_of_a_larger_one(
    tmp_path: Path, home: Path, git: Git, fairlead: Fairlead
) -> None:
    """Only what is in it changes, and its history is read."""
    assert home.is_dir()
    make_depot(tmp_path, git, "deploy/gitops")
    depot = Depot(tmp_path / "gitops.git", tmp_path / "work", git, fairlead, "deploy/gitops/")
    assert depot("promote", ONE, "--to", "prod").code == 0
    assert depot.changed() == [f"deploy/gitops/{RECORD}"]
    assert depot("rollback", ONE, "--env", "prod").code == 0
    assert depot.tag("prod") == OLD_TAG


@pytest.mark.parametrize("form", ["{}", "file://{}"])
def test_the_remote_may_be_an_address(depot: Depot, form: str) -> None:
    """Of a folder or of a server."""
    depot.git(depot.work, "remote", "remove", "origin")
    assert depot("promote", ONE, "--to", "prod", "--remote", form.format(depot.bare)).code == 0
    assert depot.tag("prod") == NEW_TAG


def test_another_branch_may_be_named(depot: Depot) -> None:
    """The one of targetRevision stays as it is."""
    depot.git(depot.bare, "branch", "release", "main")
    depot("promote", ONE, "--to", "prod", "--branch", "release")
    assert (depot.tag("prod"), depot.tag("prod", branch="release")) == (OLD_TAG, NEW_TAG)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (
            ["--remote", "nowhere"],
            "no git remote 'nowhere' here (it has: origin); name another, or an address, with --remote",
        ),
        (["--branch", "HEAD"], "'HEAD' is no branch to push to; name one with --branch"),
        (["--branch", "refs/heads/main"], "'refs/heads/main' is no branch to push to; name one with --branch"),
        (["--branch", "a..b"], "'a..b' is no name of a branch"),
        (["--branch", "mian"], "has no branch 'mian'; did you mean 'main'?"),
    ],
)
def test_a_place_that_is_none_is_told(depot: Depot, arguments: list[str], words: str) -> None:
    """Before anything is worked out."""
    answer = depot("promote", ONE, "--to", "prod", *arguments)
    assert answer.code == 2
    assert words in answer.stderr
    assert len(answer.stderr.splitlines()) == 1


def test_outside_git_there_is_no_remote(depot: Depot, tmp_path: Path) -> None:
    """That is told as such."""
    (depot.work / ".git").rename(tmp_path / "git")
    answer = depot("promote", ONE, "--to", "prod")
    assert (answer.code, answer.stderr) == (
        2,
        "no git remote 'origin' here (it has none); name another, or an address, with --remote\n",
    )


# The command line


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--to", "prod"], "name the services to promote, or --all"),
        ([ONE, "--all", "--to", "prod"], "name the services to promote, or --all"),
        ([ONE, f"{ONE}=1", "--to", "prod"], f"{ONE} is named twice; which release does it get?"),
        (
            [f"{ONE}=", "--to", "prod"],
            f"{ONE}=: say which release, or leave the = out for what the environment before has",
        ),
        ([ONE, "--to", "prod", "--override", "soak"], "--override asks for --reason: it is recorded in the commit"),
        ([ONE, "--to", "prod", "--reason", "why"], "--reason says why a gate is overridden: name it with --override"),
        (
            [ONE, TWO, "--to", "prod", "--expect", "1"],
            "--expect 1: say for which service, --expect SERVICE=1",
        ),
        (
            [ONE, "--to", "prod", "--expect", f"{TWO}=1"],
            f"--expect {TWO}=1: the promotion is not about {TWO}; did you mean '{ONE}'?",
        ),
        ([ONE, "--to", "prod", "--override", "sok", "--reason", "x"], "no gate 'sok'; did you mean 'soak'?"),
        ([ONE, "--to", "dev"], "dev is the first environment: use `fairlead bump` to release into it"),
        (["--all", "--to", "prdo"], "no environment 'prdo'; did you mean 'prod'?"),
        (
            [ONE, "--to", "prod", "--from", "dev"],
            f"dev to prod would skip staging for {ONE}; if you mean it: --skip staging",
        ),
        ([ONE, "--to", "staging"], f"{ONE} is not released in dev: there is nothing to promote"),
        (
            [f"{ONE}=9", "--to", "prod"],
            f"staging never ran 9 of {ONE}; `fairlead history {ONE} --env staging` lists them",
        ),
    ],
)
def test_what_cannot_be_is_one_line_with_a_remedy(depot: Depot, arguments: list[str], words: str) -> None:
    """And nothing is pushed."""
    before = depot.refs()
    answer = depot("promote", *arguments)
    assert (answer.code, answer.stderr) == (2, f"{words}\n")
    assert depot.refs() == before


# Gates


def test_a_gate_refuses_and_may_be_overridden(depot: Depot) -> None:
    """With a reason that the history shows."""
    depot.gates("{soak: 24h}")
    refused = depot("promote", ONE, "--to", "prod")
    assert refused.code == 5
    assert refused.stderr.startswith(f"prod/{ONE}: soak: staging has 1.1.0 since ")

    assert depot("promote", ONE, "--to", "prod", "--override", "soak", "--reason", "mends\nthe outage").code == 0
    assert "\nPromoted-From: staging\nGate-Override: soak: mends the outage\nPromotion-Id: " in depot.message()
    depot.pull()
    assert "soak: mends the outage" in depot("history", ONE, "--env", "prod").stdout


def test_the_command_of_an_environment_sees_the_whole_repository(depot: Depot) -> None:
    """Also what fairlead has no use for; what it prints is shown when it refuses."""
    depot.write("scripts/data/allowed.txt", f"{TWO}\n")
    depot.write(
        "scripts/smoke", '#!/bin/sh\ngrep -x "$FAIRLEAD_SERVICE" scripts/data/allowed.txt || { echo no; exit 7; }\n'
    )
    (depot.root / "scripts/smoke").chmod(0o755)
    depot.gates("{command: {args: [scripts/smoke]}}")
    answer = depot("promote", ONE, "--to", "prod")

    assert answer.code == 5
    assert answer.stderr.startswith(f"prod/{ONE}: command: scripts/smoke ended with 7; ")
    assert answer.stderr.endswith("\n  no\n")
    assert depot("promote", TWO, "--to", "prod").code == 0


# Races


def meanwhile(monkeypatch: pytest.MonkeyPatch, act: object) -> None:
    """Let `act` happen once, between the first attempt's work and its push."""
    push = Clone.push
    waiting = [act]

    def faster(clone: Clone) -> str:
        for each in waiting[:]:
            waiting.remove(each)
            each()  # type: ignore[operator]  # it is called, whatever it gives
        return push(clone)

    monkeypatch.setattr(Clone, "push", faster)


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no attempt wait for the next one."""
    monkeypatch.setattr("random.uniform", lambda low, _: low)


@pytest.mark.usefixtures("at_once")
def test_a_commit_of_somebody_else_is_kept(depot: Depot, monkeypatch: pytest.MonkeyPatch) -> None:
    """The promotion is worked out anew on top of it."""
    meanwhile(monkeypatch, lambda: depot.by_somebody("notes.txt", "text\n"))
    answer = depot("promote", ONE, "--to", "prod")

    assert " (2 attempts): Promote " in answer.stdout
    assert answer.stderr.startswith(f"{depot.bare}: attempt 1: ")
    assert depot.log()[:2] == [f"Promote {ONE} to prod: 1.1.0", "By somebody"]


@pytest.mark.usefixtures("at_once")
def test_of_two_equal_jobs_one_is_superseded(depot: Depot, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing lands twice."""
    meanwhile(monkeypatch, lambda: depot("promote", ONE, "--to", "prod"))
    answer = depot("promote", ONE, "--to", "prod")

    assert answer.code == 6
    assert depot.log()[:2] == [f"Promote {ONE} to prod: 1.1.0", "Released to staging"]


@pytest.mark.usefixtures("at_once")
@pytest.mark.parametrize(
    ("gates", "said", "name"),
    [
        ('{freezes: [{schedule: "* * * * *", duration: 1h}]}', "freeze", "freezes"),
        ('{freezes: [{schedule: "* * * * *", duration: 1h}]}', "freezes", "freezes"),
        ('{tagPattern: "v.*"}', "tag-pattern", "tagPattern"),
        ('{tagPattern: "v.*"}', "tagPattern", "tagPattern"),
    ],
)
def test_a_gate_has_the_spelling_of_the_page_and_its_former_one_passes_too(
    depot: Depot, gates: str, said: str, name: str
) -> None:
    """The refusal, its remedy and the trailer say the word of the page."""
    depot.gates(gates)
    refused = depot("promote", ONE, "--to", "prod")
    assert refused.stderr.startswith(f"prod/{ONE}: {name}: ")
    assert depot.data("promote", ONE, "--to", "prod", code=5)["refusals"][0]["gate"] == name

    assert depot("promote", ONE, "--to", "prod", "--override", said, "--reason", "agreed").code == 0
    assert f"\nGate-Override: {name}: agreed\n" in depot.message()


def test_a_freeze_that_begins_meanwhile_holds(depot: Depot, monkeypatch: pytest.MonkeyPatch) -> None:
    """Gates are asked at every attempt."""
    freeze = 'production: false\ngates: {freezes: [{from: "2020-01-01T00:00", to: "2099-01-01T00:00"}]}\n'
    meanwhile(monkeypatch, lambda: depot.by_somebody("environments/prod.yaml", freeze))
    answer = depot("promote", ONE, "--to", "prod")

    assert answer.code == 5
    assert "prod is frozen" in answer.stderr
    assert depot.tag("prod") == OLD_TAG


# The proof


def test_what_kustomize_builds_otherwise_is_not_pushed(depot: Depot) -> None:
    """A patch of a person's own that sets the image: the new tag would change nothing."""
    page = depot.file(f"services/{ONE}.yaml")
    depot.write(f"services/{ONE}.yaml", page + "environments: {prod: {patches: [image.yaml]}}\n")
    patch = {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": ONE, "namespace": "shop"},
        "spec": {"template": {"spec": {"containers": [{"name": ONE, "image": "example.com/pinned:1"}]}}},
    }
    depot.write(f"overlays/prod/{ONE}/patches/image.yaml", json.dumps(patch) + "\n")
    assert depot("generate").code == 0
    depot.push("A patch")
    before = depot.refs()
    answer = depot("promote", ONE, "--to", "prod")

    assert answer.code == 1
    assert "DIF006" in answer.stderr
    assert depot.refs() == before
