"""What tests of several folders share: the repository's own input as a fresh git repository, and the real tools."""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import msgspec
import pytest
import yaml
from hypothesis import HealthCheck, settings

import generator
from generator.cli import run
from generator.disk import state
from generator.disk.tree import INPUTS
from generator.roots import rendered_folders
from generator.tools.install import ensure
from generator.tools.pins import KUSTOMIZE, kustomize_version_for

if TYPE_CHECKING:
    from collections.abc import Iterator

CHECKOUT = Path(generator.__file__).parents[1]

# How fast a machine is decides no test. FAIRLEAD_EXAMPLES=nightly tries four times as many examples of each property.
settings.register_profile("nightly", deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=100)
settings.register_profile("daily", settings.get_profile("nightly"), max_examples=25)
settings.load_profile(os.environ.get("FAIRLEAD_EXAMPLES", "daily"))

# Commands that have commands of their own.
_GROUPS = {"argocd", "schemas", "tools"}


class Answer(msgspec.Struct, frozen=True):
    """What a command said, and its exit code."""

    code: int
    stdout: str
    stderr: str

    @property
    def text(self) -> str:
        """Both streams: all that a person sees."""
        return self.stdout + self.stderr


class Fairlead(Protocol):
    """Runs a command of fairlead on the repository at `root`, inside this process."""

    def __call__(self, *arguments: str, root: Path) -> Answer:
        """Run `fairlead ARGUMENTS` there."""


class Git(Protocol):
    """Runs git in the repository at `root` and gives what it printed."""

    def __call__(self, root: Path, *arguments: str) -> str:
        """Run `git ARGUMENTS` there; raises CalledProcessError when it fails."""


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name what was skipped where no test may be: a check that did not run has found nothing."""
    if _skips_fail():
        for report in terminalreporter.stats.get("skipped", []):
            terminalreporter.write_line(f"not run, though FAIRLEAD_SKIPS=fail: {report.nodeid}: {report.longrepr[2]}")


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail a run in which something was skipped, where no test may be."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if _skips_fail() and reporter is not None and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def _skips_fail() -> bool:
    return os.environ.get("FAIRLEAD_SKIPS") == "fail"


@pytest.fixture(scope="session", autouse=True)
def _states(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep what is remembered of folders outside of git away from the user's own cache."""
    states = tmp_path_factory.mktemp("states")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(state, "states_folder", lambda: states)
        yield


@pytest.fixture(scope="session")
def git() -> Git:
    """Run git without the settings of the machine and of the repository around the tests."""
    program = shutil.which("git")
    assert program is not None
    who = {f"GIT_{role}_{part}": "test@example.com" for role in ("AUTHOR", "COMMITTER") for part in ("NAME", "EMAIL")}
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    environment = inherited | who | {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}

    def git(root: Path, *arguments: str) -> str:
        argv = [program, "-C", os.fspath(root), *arguments]
        return subprocess.run(argv, env=environment, check=True, capture_output=True, text=True).stdout

    return git


@pytest.fixture(scope="session")
def pristine(tmp_path_factory: pytest.TempPathFactory, git: Git) -> Path:
    """Copy what this repository holds for fairlead (pages and rendered files) and commit it. Not to be written to."""
    root = tmp_path_factory.mktemp("pristine")
    for name in (*INPUTS, *rendered_folders()):
        source = CHECKOUT / name
        if source.is_dir():
            shutil.copytree(source, root / name)
        elif source.exists():
            shutil.copy(source, root / name)
    git(root, "init", "--quiet", "--initial-branch=main")
    git(root, "add", ".")
    git(root, "commit", "--quiet", "--message=As released")
    return root


@pytest.fixture(scope="session")
def proven(pristine: Path, tmp_path_factory: pytest.TempPathFactory, fairlead: Fairlead) -> Path:
    """Copy the repository and let it remember that all of it was generated and proven. Not to be written to."""
    root = Path(shutil.copytree(pristine, tmp_path_factory.mktemp("proven") / "repository"))
    for command in ("generate", "validate"):
        answer = fairlead(command, root=root)
        assert answer.code == 0, answer.text
    return root


@pytest.fixture
def repository(proven: Path, tmp_path: Path) -> Path:
    """Return a repository of one's own, as on a developer's machine: what was proven before is remembered."""
    return Path(shutil.copytree(proven, tmp_path / "repository"))


@pytest.fixture
def fresh(pristine: Path, tmp_path: Path) -> Path:
    """Return a repository of one's own, as after a clone: nothing is remembered."""
    return Path(shutil.copytree(pristine, tmp_path / "repository"))


@pytest.fixture(scope="session")
def fairlead() -> Fairlead:
    """Run fairlead as its console script does, without the start of a new Python."""

    def fairlead(*arguments: str, root: Path) -> Answer:
        depth = 2 if arguments[0] in _GROUPS else 1
        with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.redirect_stderr(io.StringIO()) as err:
            code = run([*arguments[:depth], "--root", os.fspath(root), *arguments[depth:]])
        return Answer(code, out.getvalue(), err.getvalue())

    return fairlead


@pytest.fixture(scope="session")
def kustomize() -> Path:
    """Return the kustomize that the repository's Argo CD bundles, installed first if it is not there."""
    gitops: Any = yaml.safe_load((CHECKOUT / "gitops.yaml").read_text(encoding="utf-8"))
    return ensure(KUSTOMIZE, kustomize_version_for(gitops["argocd"]["version"]))
