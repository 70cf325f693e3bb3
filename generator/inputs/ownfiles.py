"""A person's own files that pages list: each one must be there, or the overlay does not build."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.inputs.complaint import complaint
from generator.nearest import nearest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.finding import Finding
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
                near = nearest(path, tree.under(f"{overlay}/{folder}"))
                remedy = f"did you mean '{near.rpartition('/')[2]}'?" if near else "make it, or take it off the list"
                yield complaint("SPC009", layers.place((key, number)), f"no file {path}", remedy)
