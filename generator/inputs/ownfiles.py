"""A person's own files that pages list: each must be there, and be nothing that kustomize trips over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.inputs.complaint import complaint, problem_complaint
from generator.inputs.nameless import nameless_objects
from generator.inputs.ownannotations import kustomize_annotations
from generator.nearest import nearest
from generator.yamlio import expansion_problems

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.finding import Finding, Place
    from generator.inputs.layers import Layers
    from generator.inputs.project import Project
    from generator.tree import Tree

# Key of a page -> folder in the overlay.
FOLDERS = {"extraResources": "resources", "patches": "patches"}


def unfit_files(project: Project, tree: Tree) -> Iterator[Finding]:
    """Yield a complaint for each listed file that an existing overlay lacks, or that is too much to build."""
    if not any(key in document.text for document in project.documents.values() for key in FOLDERS):
        return
    for page in project.services.values():
        for environment in project.environments_of(page):
            overlay = f"overlays/{environment}/{page.name}"
            if f"{overlay}/kustomization.yaml" in tree.files:
                yield from _unfit(project.layers(page, environment), overlay, tree)


def _unfit(layers: Layers, overlay: str, tree: Tree) -> Iterator[Finding]:
    for key, folder in FOLDERS.items():
        for number, name in enumerate(layers.merged.get(key, ())):
            path = f"{overlay}/{folder}/{name}"
            if path in tree.files:
                yield from own_file_complaints(tree.files[path], path)
            else:
                yield missing_file(layers.place((key, number)), path, tree)


def own_file_complaints(data: bytes, path: str) -> list[Finding]:
    """Return what speaks against letting kustomize read a resource or a patch: too much of it, or words of its own."""
    if problems := expansion_problems(data):
        return [problem_complaint(problem, path) for problem in problems]
    return [*kustomize_annotations(data, path), *nameless_objects(data, path)]


def missing_file(place: Place, path: str, tree: Tree) -> Finding:
    """Return the complaint that a file that is listed at `place` is not there, with the one that may be meant."""
    near = nearest(path, tree.under(path.rpartition("/")[0]))
    remedy = f"did you mean '{near.rpartition('/')[2]}'?" if near else "make it, or take it off the list"
    return complaint("SPC009", place, f"no file {path}", remedy)
