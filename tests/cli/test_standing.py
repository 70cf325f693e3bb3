"""A checkout that is ahead of its remote or behind it is told so where only one of the two is looked at."""

from __future__ import annotations

import shlex

import pytest

from tests.cli.depot import NEW_TAG, ONE, TWO, Depot

PROMOTE = ("promote", ONE, "--to", "prod")


def land_elsewhere(depot: Depot) -> None:
    """Let somebody else push a commit."""
    depot.by_somebody("notes.txt", "new\n")


def commit_here(depot: Depot) -> None:
    """Commit in the checkout, and push nothing."""
    depot.write("mine.txt", "mine\n")
    depot.git(depot.work, "add", "mine.txt")
    depot.git(depot.work, "commit", "--quiet", "--message=Mine")


def notes(depot: Depot, *arguments: str) -> list[str]:
    """Run a command and return its notes about the checkout."""
    answer = depot(*arguments)
    assert answer.code == 0, answer.text
    return [line for line in answer.stderr.splitlines() if line.startswith("note: this checkout")]


def test_a_dry_run_and_the_status_of_a_current_checkout_say_nothing(depot: Depot) -> None:
    """What is shown is what is here."""
    assert notes(depot, *PROMOTE, "--dry-run") == []
    assert notes(depot, "status") == []


def test_a_dry_run_tells_what_was_never_fetched(depot: Depot) -> None:
    """How many commits that are nobody knows here."""
    land_elsewhere(depot)

    said = f"note: this checkout is behind main of {depot.bare}: what came last was never fetched"
    assert notes(depot, *PROMOTE, "--dry-run") == [said]


def test_what_was_fetched_and_not_pulled_is_counted(depot: Depot) -> None:
    """By the dry run against the remote itself, by the status against what was last fetched of it."""
    land_elsewhere(depot)
    land_elsewhere_again = depot("promote", TWO, "--to", "prod")
    assert land_elsewhere_again.code == 0
    depot.git(depot.work, "fetch", "--quiet")

    assert notes(depot, *PROMOTE, "--dry-run") == [f"note: this checkout is 2 commits behind main of {depot.bare}"]
    assert notes(depot, "status") == ["note: this checkout is 2 commits behind origin/main as last fetched"]


def test_what_was_not_pushed_is_counted(depot: Depot) -> None:
    """And the remedy works."""
    commit_here(depot)

    assert notes(depot, *PROMOTE, "--dry-run") == [
        f"note: this checkout is 1 commit ahead of main of {depot.bare}: git push"
    ]
    assert notes(depot, "status") == ["note: this checkout is 1 commit ahead of origin/main as last fetched: git push"]
    depot.git(depot.work, "push", "--quiet")
    assert notes(depot, "status") == []


def advice(depot: Depot) -> str:
    """Promote, and return what is said to bring the commit to the checkout."""
    answer = depot(*PROMOTE)
    assert answer.code == 0, answer.text
    return answer.stdout.splitlines()[-1].removeprefix("to have it here: ")


def run(depot: Depot, command: str) -> None:
    """Run a git command in the checkout, as it was told."""
    depot.git(depot.work, *shlex.split(command)[1:])


def test_git_pull_is_told_where_it_works(depot: Depot) -> None:
    """On a branch that follows the remote's."""
    said = advice(depot)
    run(depot, said)

    assert said == "git pull"
    assert NEW_TAG in (depot.root / f"overlays/prod/{ONE}/kustomization.yaml").read_text(encoding="utf-8")


def test_with_commits_of_its_own_the_checkout_rebases(depot: Depot) -> None:
    """A plain `git pull` would ask how to bring the two together."""
    commit_here(depot)
    said = advice(depot)
    run(depot, said)

    assert said == "git pull --rebase"
    assert notes(depot, "status") == ["note: this checkout is 1 commit ahead of origin/main as last fetched: git push"]


@pytest.mark.parametrize(
    ("switch", "where"),
    [
        (("checkout", "--quiet", "-b", "mine"), "the branch mine"),
        (("checkout", "--quiet", "--detach"), "no branch that follows it"),
    ],
)
def test_elsewhere_it_is_fetched(depot: Depot, switch: tuple[str, ...], where: str) -> None:
    """Nobody is told to merge into a branch that does not follow the remote's."""
    depot.git(depot.work, *switch)
    said = advice(depot)

    assert said == f"git fetch origin main (this checkout is on {where})"
    run(depot, said.partition(" (")[0])


def test_what_a_pull_would_overwrite_is_named(depot: Depot) -> None:
    """Git refuses to pull over it."""
    record = f"overlays/prod/{ONE}/kustomization.yaml"
    depot.write(record, (depot.root / record).read_text(encoding="utf-8") + "# mine\n")

    assert advice(depot) == f"git pull, once {record} is committed or restored"
