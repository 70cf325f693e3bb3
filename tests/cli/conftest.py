"""Run the command line inside this process, on a small repository of one's own."""

from __future__ import annotations

import contextlib
import io
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import msgspec
import platformdirs
import pytest

from generator.cli import run
from tests.cases.case import repository
from tests.cli.depot import Depot, make_depot
from tests.offline import counter, widget_shop
from tests.repo.site import IDENTITY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import Fairlead, Git

__all__ = ["Said", "Say", "counter", "depot", "home", "say", "shop", "stocked", "widget_shop"]


class Said(msgspec.Struct, frozen=True):
    """What a command said, and its exit code."""

    code: int
    out: str
    err: str


class Say(Protocol):
    """Runs a command."""

    def __call__(self, *arguments: str, where: Path | None = None) -> Said:
        """Run it in the folder `shop`, or where it is told to."""


@pytest.fixture
def shop() -> Iterator[Path]:
    """Return a repository with the service `web`, released in dev and prod."""
    with repository("hpa") as root:
        yield root


@pytest.fixture
def say(shop: Path) -> Say:
    """Return the runner."""

    def say(*arguments: str, where: Path | None = None) -> Said:
        out, err = io.StringIO(), io.StringIO()
        streams = contextlib.ExitStack()
        with streams:
            streams.enter_context(contextlib.chdir(where or shop))
            streams.enter_context(contextlib.redirect_stdout(out))
            streams.enter_context(contextlib.redirect_stderr(err))
            code = run(list(arguments))
        return Said(code, out.getvalue(), err.getvalue())

    return say


@pytest.fixture(scope="session")
def stocked(tmp_path_factory: pytest.TempPathFactory, git: Git) -> Path:
    """Make the repository that every depot starts from. Not to be written to."""
    folder = tmp_path_factory.mktemp("stocked")
    make_depot(folder, git)
    return folder


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a home folder whose .gitconfig is all that git knows; programs that were installed are still there."""
    monkeypatch.setenv("XDG_CACHE_HOME", os.fspath(platformdirs.user_cache_path()))
    for name in [name for name in os.environ if name.startswith(("GIT_", "XDG_CONFIG_", "SSH_"))]:
        monkeypatch.delenv(name)
    home = tmp_path / "home"
    home.mkdir()
    (home / ".gitconfig").write_text(IDENTITY, encoding="utf-8")
    monkeypatch.setenv("HOME", os.fspath(home))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    return home


@pytest.fixture
def depot(stocked: Path, tmp_path: Path, home: Path, git: Git, fairlead: Fairlead) -> Depot:
    """Return a remote whose services wait for prod, and a checkout of it."""
    assert home.is_dir()
    folder = Path(shutil.copytree(stocked, tmp_path / "depot"))
    return Depot(folder / "gitops.git", folder / "work", git, fairlead)
