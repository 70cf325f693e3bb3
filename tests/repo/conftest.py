"""A remote with a small GitOps repository, a checkout of it, and a machine on which git knows nothing else."""

from __future__ import annotations

import os
import random
import shutil
import tempfile
from typing import TYPE_CHECKING

import pytest

from generator.folders.trust import cache_directory
from tests.repo.git_server import GitServer, serve
from tests.repo.site import FILES, IDENTITY, Site

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.conftest import Git


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a home folder whose .gitconfig is all that git knows, and a folder for temporary files of its own."""
    for name in [name for name in os.environ if name.startswith(("GIT_", "XDG_", "SSH_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("FAIRLEAD_CACHE_DIR", os.fspath(cache_directory()))  # the tools that are there already
    for name in ("home", "temporary"):
        (tmp_path / name).mkdir()
    monkeypatch.setenv("HOME", os.fspath(tmp_path / "home"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("TMPDIR", os.fspath(tmp_path / "temporary"))
    monkeypatch.setattr(tempfile, "tempdir", os.fspath(tmp_path / "temporary"))
    (tmp_path / "home" / ".gitconfig").write_text(IDENTITY, encoding="utf-8")
    return tmp_path / "home"


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
