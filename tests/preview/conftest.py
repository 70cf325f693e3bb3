"""Run `fairlead argocd` on a small repository, inside this process."""

from __future__ import annotations

import contextlib
import io
import json
import os
from pathlib import Path
from typing import Any

import msgspec
import pytest

from generator.cli import run
from tests.conftest import Git
from tests.preview.hub import write


class Shop(msgspec.Struct, frozen=True):
    """A repository at `root`, under git once it is committed."""

    root: Path
    git: Git

    def put(self, files: dict[str, str]) -> None:
        """Write files."""
        write(self.root, files)

    def drop(self, *paths: str) -> None:
        """Delete files."""
        for path in paths:
            (self.root / path).unlink()

    def commit(self) -> None:
        """Commit everything."""
        if not (self.root / ".git").exists():
            self.git(self.root, "init", "--quiet", "--initial-branch=main")
        self.git(self.root, "add", "--all")
        self.git(self.root, "commit", "--quiet", "--message=state")

    def argocd(self, *arguments: str) -> tuple[int, str]:
        """Run `fairlead argocd ARGUMENTS` here and give its exit code and all that it says."""
        said = io.StringIO()
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            code = run(["argocd", *arguments, "--root", os.fspath(self.root)])
        return code, said.getvalue()

    def plan(self, *arguments: str, code: int = 0) -> dict[str, Any]:
        """Run `fairlead argocd plan --format json` and give its applications by name, and the rest beside them."""
        got, said = self.argocd("plan", "--format", "json", *arguments)
        assert got == code, said
        value = json.loads(said)
        return {**value, **{each["name"]: each for each in value["applications"]}}


@pytest.fixture
def empty(tmp_path: Path, git: Git) -> Shop:
    """Return a repository with nothing in it."""
    return Shop(tmp_path, git)
