"""What `generate` says of differences: where they come from, and what comes next."""

from __future__ import annotations

import json
import shlex
from typing import TYPE_CHECKING

import pytest

from tests.cli.depot import ONE, Depot

if TYPE_CHECKING:
    from tests.conftest import Fairlead, Git

BASE = f"base/{ONE}/deployment.yaml"
PAGE = f"services/{ONE}.yaml"


def edit(depot: Depot, path: str, old: str, new: str) -> None:
    """Replace a text of a file in the checkout."""
    text = (depot.root / path).read_text(encoding="utf-8")
    assert old in text
    depot.write(path, text.replace(old, new))


def edit_page(depot: Depot) -> None:
    """Let the page ask for five pods."""
    edit(depot, PAGE, "replicas: 2", "replicas: 5")


def told(depot: Depot, option: str) -> str:
    """Return the line about the Deployment of the base."""
    lines = depot("generate", option).stdout.splitlines()
    (line,) = [line for line in lines if line.startswith(f"{BASE}:")]
    return line.partition(": error KUS004: ")[2]


@pytest.mark.parametrize("option", ["--check", "--dry-run"])
def test_a_page_edit_is_told_as_one(depot: Depot, option: str) -> None:
    """Nobody edited the rendered file, and nothing has to be undone."""
    edit_page(depot)

    assert told(depot, option) == (
        "a page changed since this was rendered: `replicas: 2` here, `replicas: 5` rendered; run `fairlead generate`"
    )
    assert depot("generate").code == 0
    assert depot("generate", "--check").code == 0


@pytest.mark.parametrize("option", ["--check", "--dry-run"])
def test_a_hand_edit_is_told_as_one(depot: Depot, option: str) -> None:
    """The remedy is the one that works: `generate` alone refuses to destroy what only the disk has."""
    edit(depot, BASE, "replicas: 2", "replicas: 7")

    assert told(depot, option) == (
        "edited by hand since fairlead wrote it: `replicas: 7` here, `replicas: 2` rendered; "
        "`fairlead generate --force` renders over it; a change meant to stay belongs on the page"
    )
    assert depot("generate").code == 1
    assert depot("generate", "--force").code == 0
    assert depot("generate", "--check").code == 0


def test_a_hand_edit_that_was_committed_is_told_as_what_the_pages_do_not_explain(depot: Depot) -> None:
    """Whether a hand, a forgotten `generate` or another release made it, git does not say."""
    edit(depot, BASE, "replicas: 2", "replicas: 7")
    depot.push()

    assert told(depot, "--check") == (
        "not what the pages of the last commit render (page committed alone, hand edit, or another fairlead): "
        "`replicas: 7` here, `replicas: 2` rendered; "
        "run `fairlead generate`, and commit; a change meant to stay belongs on the page"
    )


def test_the_origin_of_each_difference_is_data(depot: Depot) -> None:
    """For whoever reads the answer with a program."""
    edit_page(depot)
    edit(depot, f"base/{ONE}/service.yaml", "port: 80", "port: 81")
    changes = json.loads(depot("generate", "--check", "--format", "json").stdout)["changes"]

    assert {change["path"]: change["origin"] for change in changes} == {
        BASE: "page",
        f"base/{ONE}/service.yaml": "hand",
    }


def test_before_the_first_commit_a_rendered_file_is_no_hand_edit(depot: Depot, git: Git, fairlead: Fairlead) -> None:
    """A copied repository has neither a commit nor the journal of the checkout that it was copied from."""
    edit(depot, BASE, "replicas: 2", "replicas: 7")
    (depot.work / ".git").rename(depot.work.with_suffix(".git"))
    git(depot.work, "init", "--quiet")

    assert told(depot, "--check") == (
        "differs from what the pages render: `replicas: 7` here, `replicas: 2` rendered; "
        "run `fairlead generate`; a change meant to stay belongs on the page"
    )
    assert fairlead("generate", root=depot.root).code == 0
    assert "replicas: 2" in (depot.root / BASE).read_text(encoding="utf-8")


def test_before_the_first_commit_what_fairlead_wrote_itself_is_not_lost(depot: Depot, git: Git) -> None:
    """Of an edit in such a file nothing else has the bytes."""
    (depot.work / ".git").rename(depot.work.with_suffix(".git"))
    git(depot.work, "init", "--quiet")
    edit_page(depot)
    assert depot("generate").code == 0
    edit(depot, BASE, "replicas: 5", "replicas: 7")

    answer = depot("generate")
    assert answer.code == 1
    assert f"{BASE}:" in answer.stderr
    assert ": edited by hand since fairlead wrote it:" in answer.stderr


def test_the_last_line_is_the_git_add_of_pages_and_rendered_files(depot: Depot) -> None:
    """Run as it stands it leaves nothing of them behind; where nothing was written there is no such line."""
    edit_page(depot)
    answer = depot("generate").stdout.splitlines()

    assert answer[-1] == f"to commit it: git -C {depot.root} add services base"
    depot.git(depot.root, *shlex.split(answer[-1].partition(": git ")[2])[2:])
    assert depot.git(depot.root, "diff", "--name-only") == ""
    assert depot.git(depot.root, "ls-files", "--others", "--exclude-standard") == ""
    assert "git" not in depot("generate").stdout


def test_the_git_add_names_what_an_earlier_command_rendered(depot: Depot) -> None:
    """A first release makes the base, and `generate` has only the rest to write."""
    page = (depot.root / PAGE).read_text(encoding="utf-8")
    depot.write("services/another.yaml", page.replace(f"image: {ONE}", "image: another"))
    assert depot("bump", "another", "--env", "dev", "--tag", "1.0.0").code == 0
    depot.write(PAGE, f"{page}environments: {{prod: {{replicas: 5}}}}\n")
    answer = depot("generate").stdout.splitlines()[-1]

    assert answer == f"to commit it: git -C {depot.root} add services base overlays"
    depot.git(depot.root, *shlex.split(answer.partition(": git ")[2])[2:])
    assert depot.git(depot.root, "ls-files", "--others", "--exclude-standard") == ""


def test_the_git_add_takes_own_files_that_are_new(depot: Depot) -> None:
    """One that lies in the base is copied into overlays, and is nothing without the other."""
    depot.write(f"base/{ONE}/resources/more.yaml", "kind: ConfigMap\napiVersion: v1\nmetadata: {name: more}\n")
    depot.write(PAGE, depot.file(PAGE) + "extraResources: [more.yaml]\n")

    answer = depot("generate")

    assert answer.code == 0, answer.text
    depot.git(depot.root, *shlex.split(answer.stdout.splitlines()[-1].partition(": git ")[2])[2:])
    assert depot.git(depot.root, "ls-files", "--others", "--exclude-standard") == ""


def test_outside_git_there_is_no_git_add(depot: Depot) -> None:
    """Nor anything else about git but the note that it is not there."""
    (depot.work / ".git").rename(depot.work.with_suffix(".git"))
    edit_page(depot)

    assert "to commit it" not in depot("generate").text


def test_in_the_folder_itself_the_command_names_no_folder(depot: Depot, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is meant to be pasted where `fairlead generate` was typed."""
    edit_page(depot)
    monkeypatch.chdir(depot.root)

    assert depot("generate").stdout.splitlines()[-1] == "to commit it: git add services base"
