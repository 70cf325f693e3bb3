"""A copy of the repository as its next commit would be, and an environment in which a stranger would use it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
IDENTITY = ["-c", "user.name=test", "-c", "user.email=test@example.com"]


def committed_files() -> list[str]:
    """Return the paths of the repository that git keeps, or would keep with the next commit."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=REPOSITORY,
        env=clean_environment(),
        check=True,
        stdout=subprocess.PIPE,
    ).stdout
    paths = sorted(path for path in listed.decode().split("\0") if path)
    return [path for path in paths if (REPOSITORY / path).is_file()]


def clean_environment(**more: str) -> dict[str, str]:
    """Return this environment without git's variables (a hook may run these tests) and with `more`."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "COV_", "COVERAGE_"))}
    return {**kept, **more}


@pytest.fixture
def repository_copy(tmp_path: Path) -> Path:
    """A git repository with the same files in one commit, tagged as the first release."""
    return copy_repository(tmp_path)


def copy_repository(folder: Path) -> Path:
    """Make a git repository with the same files in one commit, tagged as the first release."""
    copy = folder / "fairlead"
    for path in committed_files():
        (copy / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(REPOSITORY / path, copy / path)
    for arguments in (["init", "-q"], ["add", "--all"], [*IDENTITY, "commit", "-qm", "copy"], ["tag", "v0.1.0"]):
        subprocess.run(["git", *arguments], cwd=copy, env=clean_environment(), check=True)
    return copy


@pytest.fixture
def with_fairlead() -> dict[str, str]:
    """An environment in which `fairlead` is this interpreter's own."""
    return clean_environment(PATH=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
