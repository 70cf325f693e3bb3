"""What other repositories get from .pre-commit-hooks.yaml, and what this one runs itself."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from generator.disk.tree import INPUTS
from generator.roots import rendered_folders

from .conftest import REPOSITORY

HOOKS = yaml.safe_load((REPOSITORY / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
LOCAL = yaml.safe_load((REPOSITORY / ".pre-commit-config.yaml").read_text(encoding="utf-8"))["repos"][0]["hooks"]


@pytest.mark.parametrize("command", ["validate-manifest", "validate-config"])
def test_pre_commit_takes_the_files(command: str) -> None:
    """pre-commit's own judgement of the manifest and of this repository's configuration."""
    subprocess.run([Path(sys.executable).with_name("pre-commit"), command], cwd=REPOSITORY, check=True)


@pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: hook["id"])
def test_a_hook_sees_the_whole_repository(hook: dict[str, Any]) -> None:
    """File names would hide what a change breaks elsewhere, and a commit of deletions alone would run nothing."""
    assert (hook["pass_filenames"], hook["always_run"], hook["require_serial"]) == (False, True, True)


@pytest.mark.parametrize(
    "path", ["gitops.yaml", *(f"{folder}/file.yaml" for folder in (*INPUTS[1:], *rendered_folders()))]
)
def test_inputs_and_rendered_files_concern_the_hooks(path: str) -> None:
    """For those who turn `always_run` off."""
    assert all(re.search(hook["files"], path) for hook in HOOKS)


@pytest.mark.parametrize("path", ["README.md", "generator/plan/plan.py", "docs/gitops.yaml"])
def test_other_files_do_not_concern_the_hooks(path: str) -> None:
    """For those who turn `always_run` off."""
    assert not any(re.search(hook["files"], path) for hook in HOOKS)


def test_this_repository_runs_the_same_hooks() -> None:
    """The own configuration differs only in where the program comes from."""
    assert [(hook["id"], hook["entry"].removeprefix(".venv/bin/")) for hook in LOCAL] == [
        (hook["id"], hook["entry"]) for hook in HOOKS
    ]
