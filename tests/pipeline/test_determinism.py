"""The same pages and releases give the same bytes: on every machine, in every folder, at every run."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from generator.disk.state import state_folder
from generator.disk.tree import read
from generator.roots import is_rendered_path
from tests.conftest import CHECKOUT

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Fairlead, Git

ENVIRONMENTS = {
    "plain": {"PYTHONHASHSEED": "0", "LC_ALL": "C", "TZ": "UTC"},
    "another hash seed": {"PYTHONHASHSEED": "4242", "LC_ALL": "C.UTF-8", "TZ": "UTC"},
    "another place": {"PYTHONHASHSEED": "77", "LC_ALL": "tr_TR.UTF-8", "TZ": "Pacific/Kiritimati"},
    "no UTF-8": {"PYTHONHASHSEED": "1", "LC_ALL": "POSIX", "TZ": "America/St_Johns", "PYTHONUTF8": "0"},
}


def rendered(root: Path) -> dict[str, bytes]:
    """Return every rendered file."""
    return {path: data for path, data in read(root).files.items() if is_rendered_path(path)}


def emptied(source: Path, target: Path) -> Path:
    """Copy the pages, and of the rendered folders the release records alone."""
    shutil.copytree(source, target, ignore=shutil.ignore_patterns(".git", "base", "overlays"))
    for path in sorted((source / "overlays").glob("*/*/kustomization.yaml"), reverse=True):
        copy = target / path.relative_to(source)
        copy.parent.mkdir(parents=True)
        shutil.copy(path, copy)
    return target


def generate(root: Path, environment: dict[str, str]) -> None:
    """Run `python -m generator generate` in a new process with exactly these variables."""
    variables = {"PATH": os.environ["PATH"], "PYTHONPATH": os.fspath(CHECKOUT), **environment}
    argv = [sys.executable, "-m", "generator", "generate", "--root", os.fspath(root)]
    subprocess.run(argv, env=variables, cwd=root, check=True, capture_output=True)


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_the_machine_does_not_matter(pristine: Path, tmp_path: Path, name: str) -> None:
    """From pages and records alone every process writes the committed bytes, whatever its seed, locale and zone."""
    root = emptied(pristine, tmp_path / "empty")
    generate(root, ENVIRONMENTS[name])
    assert rendered(root) == rendered(pristine)


def test_the_folder_does_not_matter(pristine: Path, tmp_path: Path) -> None:
    """No path of the machine gets into a file; the folder's name may hold anything."""
    root = emptied(pristine, tmp_path / "a folder, with ünusual 'name'")
    generate(root, ENVIRONMENTS["plain"])
    assert rendered(root) == rendered(pristine)


def test_a_copy_is_in_order_at_once(fresh: Path, fairlead: Fairlead) -> None:
    """What one place has rendered needs no rendering in another."""
    assert fairlead("generate", "--check", root=fresh).code == 0


@pytest.mark.parametrize("remembered", [True, False], ids=["remembering", "forgetting"])
def test_a_second_run_plans_nothing(pristine: Path, tmp_path: Path, fairlead: Fairlead, remembered: bool) -> None:  # noqa: FBT001  # pytest hands it over by name
    """With or without the memory of the first run: no change, no tidying, no stray file."""
    root = emptied(pristine, tmp_path / "empty")
    assert fairlead("generate", root=root).code == 0
    if not remembered:
        shutil.rmtree(state_folder(root))
    plan = json.loads(fairlead("generate", "--dry-run", "--format", "json", root=root).stdout)
    assert plan == {
        "changes": [],
        "restyled": [],
        "recordsRemoved": [],
        "strays": [],
        "untracked": [],
        "hints": [],
        "unchanged": len(rendered(pristine)),
    }


def test_a_second_run_writes_nothing(fresh: Path, fairlead: Fairlead, git: Git) -> None:
    """Not even the same bytes again: no file is replaced."""
    assert fairlead("generate", root=fresh).code == 0
    before = {path: (fresh / path).stat() for path in rendered(fresh)}
    assert fairlead("generate", root=fresh).code == 0
    after = {path: (fresh / path).stat() for path in rendered(fresh)}
    assert {path: (stat.st_ino, stat.st_mtime_ns) for path, stat in before.items()} == {
        path: (stat.st_ino, stat.st_mtime_ns) for path, stat in after.items()
    }
    assert git(fresh, "status", "--porcelain") == ""


def test_a_damaged_memory_is_no_memory(fresh: Path, fairlead: Fairlead) -> None:
    """What earlier runs left behind may be cut off or changed: the answer stays the same."""
    assert fairlead("generate", root=fresh).code == 0
    assert fairlead("validate", root=fresh).code == 0
    kept = list(state_folder(fresh).iterdir())
    assert kept
    for path in kept:
        data = path.read_bytes()
        path.write_bytes(data[: len(data) // 2] + b"\0")
    assert fairlead("generate", "--check", root=fresh).code == 0
    assert fairlead("validate", root=fresh).code == 0
