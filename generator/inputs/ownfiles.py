"""A person's own files that pages list: each one must be there, or the overlay does not build."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.inputs.complaint import complaint
from generator.nearest import nearest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.finding import Finding, Place
    from generator.inputs.layers import Layers
    from generator.inputs.project import Project
    from generator.tree import Tree

# Key of a page -> folder in the overlay.
FOLDERS = {"extraResources": "resources", "patches": "patches"}


def missing_files(project: Project, tree: Tree) -> Iterator[Finding]:
    """Give a complaint for each listed file that an existing overlay lacks."""
    if not any(key in document.text for document in project.documents.values() for key in FOLDERS):
        return
    for page in project.services.values():
        for environment in project.environments_of(page):
            overlay = f"overlays/{environment}/{page.name}"
            if f"{overlay}/kustomization.yaml" in tree.files:
                yield from _missing(project.layers(page, environment), overlay, tree)


def _missing(layers: Layers, overlay: str, tree: Tree) -> Iterator[Finding]:
    for key, folder in FOLDERS.items():
        for number, name in enumerate(layers.merged.get(key, ())):
            path = f"{overlay}/{folder}/{name}"
            if path not in tree.files:
                yield missing_file(layers.place((key, number)), path, tree)


def missing_file(place: Place, path: str, tree: Tree) -> Finding:
    """Return the complaint that a file that is listed at `place` is not there, with the one that may be meant."""
    near = nearest(path, tree.under(path.rpartition("/")[0]))
    remedy = f"did you mean '{near.rpartition('/')[2]}'?" if near else "make it, or take it off the list"
    return complaint("SPC009", place, f"no file {path}", remedy)
