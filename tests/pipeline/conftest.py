"""What the tests of a whole repository share: a place in memory that can be damaged without touching a disk."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from generator.disk.tree import Tree, read
from generator.findings.errors import InputError
from generator.findings.progress import Silent
from generator.pipeline import generate
from generator.plan.rendering import remember_written

if TYPE_CHECKING:
    from generator.findings.finding import Finding


@pytest.fixture(scope="session")
def tree(pristine: Path, tmp_path_factory: pytest.TempPathFactory) -> Tree:
    """Read a repository that remembers its last run, as on a developer's machine."""
    root = Path(shutil.copytree(pristine, tmp_path_factory.mktemp("remembered") / "repository"))
    found = read(root)
    remember_written(found, generate(found, Silent()))
    return found


def drift(tree: Tree) -> list[Finding]:
    """Return what `generate --check` says about a tree: every drifted file, or the complaints that stop it."""
    try:
        return list(generate(tree, Silent()).drift())
    except InputError as error:
        return list(error.complaints)
