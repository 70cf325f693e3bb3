"""A repository with two systems, three environments and one Argo CD, as its pages say it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from generator.argocd import render
from generator.disk.tree import Tree, read
from generator.inputs.enrolment import roster
from generator.inputs.load import load
from generator.inputs.scope import scope_of
from tests.cases.case import repository

if TYPE_CHECKING:
    from collections.abc import Iterator

Objects = dict[tuple[str, str], dict[str, Any]]


@pytest.fixture(scope="session")
def shop() -> Iterator[Tree]:
    """Return the pages of the golden case `argocd`."""
    with repository("argocd") as root:
        yield read(Path(root))


@pytest.fixture(scope="session")
def hub(shop: Tree) -> Objects:
    """Return what the instance `hub` syncs for itself, by (kind, name)."""
    return objects(shop, "hub")


def objects(tree: Tree, instance: str) -> Objects:
    """Return an instance's objects by (kind, name)."""
    project = load(tree)
    found = render(scope_of(project, instance, roster(project, tree)))
    return {(each["kind"], each["metadata"]["name"]): each for each in found}
