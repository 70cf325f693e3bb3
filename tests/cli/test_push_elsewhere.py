"""A checkout that pushes to another repository than it fetches from: the state is read where the commit goes."""

from __future__ import annotations

import os
import shlex
from typing import TYPE_CHECKING

import pytest

from tests.cli.depot import ONE, Depot

if TYPE_CHECKING:
    from pathlib import Path


def by_pushurl(depot: Depot, other: Path) -> None:
    """Give the remote an address to push to."""
    depot.git(depot.work, "remote", "set-url", "--push", "origin", os.fspath(other))


def by_a_rule(depot: Depot, other: Path) -> None:
    """Have git write the address of a push anew."""
    written = depot.git(depot.work, "config", "remote.origin.url").strip()
    depot.git(depot.work, "config", f"url.{other}.pushInsteadOf", written)


@pytest.fixture
def fork(depot: Depot, tmp_path: Path) -> Path:
    """Return a copy of the remote."""
    depot.git(tmp_path, "clone", "--quiet", "--bare", os.fspath(depot.bare), "fork.git")
    return tmp_path / "fork.git"


@pytest.mark.parametrize("redirect", [by_pushurl, by_a_rule])
def test_the_repository_that_was_pushed_to_is_named(depot: Depot, fork: Path, redirect: object) -> None:
    """Also in the command that brings the commit into the checkout, which works."""
    assert callable(redirect)
    redirect(depot, fork)
    before = depot.refs()

    answer = depot("bump", ONE, "--env", "prod", "--tag", "1.3.0", "--push")

    commit = depot.git(fork, "log", "-1", "--format=%H", "main")[:12]
    assert f"pushed {commit} to main of {fork}: Bump {ONE} in prod: 1.3.0\n" in answer.stdout
    assert depot.refs() == before
    assert answer.stdout.splitlines()[-1] == f"to have it here: git pull {fork} main"
    depot.git(depot.work, *shlex.split(answer.stdout.rpartition(": git ")[2]))
    assert depot.git(depot.work, "log", "-1", "--format=%H").startswith(commit)


def test_the_state_is_read_from_where_it_is_pushed_to(depot: Depot, fork: Path) -> None:
    """The checkout fetches from a mirror that is behind: what is promoted there already is nothing to do."""
    assert depot("promote", ONE, "--to", "prod").code == 0
    depot.git(depot.work, "remote", "set-url", "origin", os.fspath(fork))
    by_pushurl(depot, depot.bare)
    before = depot.refs()

    answer = depot("promote", ONE, "--to", "prod")

    assert answer.stdout == f"nothing to do on main of {depot.bare}\n"
    assert depot.refs() == before


def test_an_empty_repository_to_push_to_is_refused(depot: Depot, tmp_path: Path) -> None:
    """By its own name."""
    depot.git(tmp_path, "init", "--quiet", "--bare", "--initial-branch=main", "empty.git")
    by_pushurl(depot, tmp_path / "empty.git")

    answer = depot("bump", ONE, "--env", "prod", "--tag", "1.3.0", "--push")

    assert (answer.code, answer.stderr) == (2, f"{tmp_path}/empty.git is empty: push a first commit to 'main'\n")
