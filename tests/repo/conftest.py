"""A remote with a small GitOps repository, a checkout of it, and a machine on which git knows nothing else."""

from __future__ import annotations

import os
import random
import shutil
from typing import TYPE_CHECKING

import pytest

from tests.repo.git_server import GitServer, serve
from tests.repo.machine import home
from tests.repo.site import FILES, Site

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.conftest import Git

__all__ = ["at_once", "home", "original", "server", "site"]


@pytest.fixture(scope="session")
def original(tmp_path_factory: pytest.TempPathFactory, git: Git) -> Path:
    """Make the repository that every remote starts from. Not to be written to."""
    work = tmp_path_factory.mktemp("original")
    for path, text in FILES.items():
        (work / path).parent.mkdir(parents=True, exist_ok=True)
        (work / path).write_text(text, encoding="utf-8")
    git(work, "init", "--quiet", "--initial-branch=main")
    git(work, "add", "--all")
    git(work, "commit", "--quiet", "--message=First")
    git(work, "clone", "--quiet", "--bare", ".", "gitops.git")
    git(work / "gitops.git", "config", "uploadpack.allowFilter", "true")
    shutil.rmtree(work / "gitops.git" / "hooks")
    return work / "gitops.git"


@pytest.fixture
def site(tmp_path: Path, original: Path, git: Git, home: Path) -> Site:
    """Return a bare repository of one's own and a checkout of it."""
    bare, work = tmp_path / "server" / "gitops.git", tmp_path / "work"
    shutil.copytree(original, bare)
    git(tmp_path, "clone", "--quiet", os.fspath(bare), os.fspath(work))
    assert home.is_dir()
    return Site(bare, work, git)


@pytest.fixture
def server(site: Site) -> Iterator[GitServer]:
    """Serve the site's bare repository over HTTP, and make that the checkout's origin."""
    with serve(site.bare.parent) as running:
        site.git(site.work, "remote", "set-url", "origin", f"{running.url}/{site.bare.name}")
        yield running


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no attempt wait for the next one."""
    monkeypatch.setattr(random, "uniform", lambda low, _: low)
