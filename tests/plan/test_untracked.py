"""Rendered files that git does not track are found by `generate --check`, with the `git add` that is missing."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Answer, Fairlead, Git

PAGE = """\
system: thoughts
image: users_server
port: 8000
readinessProbe: {httpGet: /ready}
resources: {requests: {cpu: 100m, memory: 128Mi}, limits: {memory: 128Mi}}
environments:
  dev: {extraResources: [config.yaml]}
"""
CONFIG = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: more, namespace: example}\n"
NEW = "services/users-copy.yaml"


@pytest.fixture
def new(repository: Path, fairlead: Fairlead) -> Path:
    """Return a repository with a new service that was released to dev, and nothing of it added."""
    (repository / NEW).write_text(PAGE, encoding="utf-8")
    own = repository / "overlays/dev/users-copy/resources/config.yaml"
    own.parent.mkdir(parents=True)
    own.write_text(CONFIG, encoding="utf-8")
    assert fairlead("bump", "users-copy", "--env", "dev", "--tag", "1.0.0", root=repository).code == 0
    assert fairlead("generate", root=repository).code == 0
    return repository


def untracked(answer: Answer) -> list[str]:
    """Return the files that an answer names as not tracked."""
    return [line.partition(":")[0] for line in answer.text.splitlines() if "git does not track this file" in line]


def follow(git: Git, root: Path, answer: Answer) -> None:
    """Run each `git add` of an answer."""
    for line in answer.text.splitlines():
        if "; run `git add " in line:
            git(root, *shlex.split(line.partition("; run `git ")[2].rstrip("`")))


def test_a_new_page_is_added_without_what_it_renders(new: Path, fairlead: Fairlead, git: Git) -> None:
    """Its base, its overlay, and a person's own file in it."""
    git(new, "add", NEW)
    answer = fairlead("generate", "--check", root=new)
    assert answer.code == 1
    assert untracked(answer) == [
        "base/users-copy/deployment.yaml",
        "base/users-copy/kustomization.yaml",
        "base/users-copy/service.yaml",
        "overlays/dev/users-copy/kustomization.yaml",
        "overlays/dev/users-copy/resources/config.yaml",
    ]
    assert answer.stdout.startswith(
        "base/users-copy/deployment.yaml:1:1: error KUS004: git does not track this file, and it tracks the page: "
        "a commit would leave it out; run `git add base/users-copy`\n"
    )
    follow(git, new, answer)
    assert fairlead("generate", "--check", root=new).code == 0


def test_a_known_page_is_released_to_another_environment(new: Path, fairlead: Fairlead, git: Git) -> None:
    """The page was committed before, and the new overlay is in no commit."""
    git(new, "add", "--all")
    git(new, "commit", "--quiet", "--no-verify", "--message=New")
    assert fairlead("bump", "users-copy", "--env", "staging", "--tag", "1.0.0", root=new).code == 0
    answer = fairlead("generate", "--check", root=new)
    assert untracked(answer) == ["overlays/staging/users-copy/kustomization.yaml"]
    follow(git, new, answer)
    assert fairlead("generate", "--check", root=new).code == 0


def test_a_file_of_an_argo_cd_is_missing_in_the_index(repository: Path, fairlead: Fairlead, git: Git) -> None:
    """What Argo CD itself reads belongs to gitops.yaml."""
    path = next(repository.glob("argocd/*/root.yaml")).relative_to(repository).as_posix()
    git(repository, "rm", "--quiet", "--cached", path)
    answer = fairlead("generate", "--check", root=repository)
    assert (answer.code, untracked(answer)) == (1, [path])
    follow(git, repository, answer)
    assert fairlead("generate", "--check", root=repository).code == 0


def test_a_page_that_is_in_no_commit_yet_may_be_worked_on(new: Path, fairlead: Fairlead) -> None:
    """Nothing of it can be left out."""
    assert fairlead("generate", "--check", root=new).code == 0


def test_generate_itself_says_nothing_of_it(new: Path, fairlead: Fairlead, git: Git) -> None:
    """What it has just written cannot be tracked yet."""
    git(new, "add", NEW)
    assert untracked(fairlead("generate", root=new)) == []
