"""The schemas that a repository brings along: each is complete in its file, so that nothing is fetched."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.crds.files import FOLDER
from generator.crds.reference import foreign_references

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.disk.tree import Tree
    from generator.findings.finding import Finding


def foreign_schemas(tree: Tree) -> Iterator[Finding]:
    """Yield a complaint for each word in `schemas/crds/` that leads out of the file that it stands in."""
    for path in tree.under(FOLDER):
        yield from foreign_references(tree.files[path], path)
