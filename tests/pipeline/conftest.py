"""What the tests of a whole repository share: a place in memory that can be damaged without touching a disk."""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from generator.crds import reference
from generator.disk.tree import Tree, read
from generator.findings.errors import InputError
from generator.findings.progress import Silent
from generator.inputs import schemafiles
from generator.pipeline import generate
from generator.plan.rendering import remember_written
from generator.repo import head

if TYPE_CHECKING:
    from generator.findings.finding import Finding


@pytest.fixture(scope="session")
def tree(pristine: Path, tmp_path_factory: pytest.TempPathFactory) -> Tree:
    """Read a repository that remembers its last run, as on a developer's machine."""
    root = Path(shutil.copytree(pristine, tmp_path_factory.mktemp("remembered") / "repository"))
    found = read(root)
    remember_written(found, generate(found, Silent()))
    return found


# The damage below leaves the last commit and the schemas of custom kinds alone: each is looked at once.
_overlays_at = cache(head.overlays_at)
_foreign_references = cache(reference.foreign_references)


def drift(tree: Tree) -> list[Finding]:
    """Return what `generate --check` says about a tree: every drifted file, or the complaints that stop it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(head, "overlays_at", _overlays_at)
        patch.setattr(schemafiles, "foreign_references", _foreign_references)
        try:
            return list(generate(tree, Silent()).drift())
        except InputError as error:
            return list(error.complaints)
