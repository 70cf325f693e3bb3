"""A person's own files that pages list: each must be there, and be nothing that kustomize trips over."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from generator.findings.finding import Place
from generator.findings.nearest import nearest
from generator.inputs.nameless import nameless_objects
from generator.inputs.ownannotations import kustomize_annotations
from generator.paths import is_copy, is_ours
from generator.rules.kustomization import KUS004
from generator.rules.reader import problem_complaint
from generator.rules.spec import SPC009
from generator.yamlio import expansion_problems

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from generator.disk.tree import Tree
    from generator.findings.finding import Finding
    from generator.inputs.layers import Layers
    from generator.inputs.project import Project

# Key of a page -> folder of its files, in the base for all environments or in an overlay for that one.
FOLDERS = {"extraResources": "resources", "patches": "patches"}


def find_own_file(files: Mapping[str, bytes], service: str, environment: str, name: str) -> str:
    """Return the path of a service's own file (`resources/alert.yaml`): the environment's, else the base's for all.

    What the overlay holds may be our copy of the base's. Where neither is there, it is the overlay's path.
    """
    own, shared = f"overlays/{environment}/{service}/{name}", f"base/{service}/{name}"
    if own in files and not is_copy(files[own]):
        return own
    return shared if shared in files else own


def unfit_files(project: Project, tree: Tree) -> Iterator[Finding]:
    """Yield a complaint for each listed file that an existing overlay lacks, or that is too much to build."""
    if not any(key in document.text for document in project.documents.values() for key in FOLDERS):
        return
    found = (
        finding
        for page in project.services.values()
        for environment in project.environments_of(page)
        for finding in _unfit(project.layers(page, environment), page.name, environment, tree)
    )
    yield from dict.fromkeys(found)  # a file of the base is looked at for each environment


def _unfit(layers: Layers, service: str, environment: str, tree: Tree) -> Iterator[Finding]:
    released = f"overlays/{environment}/{service}/kustomization.yaml" in tree.files
    for key, folder in FOLDERS.items():
        for number, name in enumerate(layers.merged.get(key, ())):
            path = find_own_file(tree.files, service, environment, f"{folder}/{name}")
            if path in tree.files:
                yield from own_file_complaints(tree.files[path], path)
                yield from _headed(tree.files[path], path)
            elif released:
                shared = f"base/{service}/{folder}/{name}"
                yield _missing(layers.place((key, number)), path, shared, tree)


def own_file_complaints(data: bytes, path: str) -> list[Finding]:
    """Return what speaks against letting kustomize read a resource or a patch: too much of it, or words of its own."""
    if problems := expansion_problems(data):
        return [problem_complaint(problem, path) for problem in problems]
    return [*kustomize_annotations(data, path), *nameless_objects(data, path)]


def _headed(data: bytes, path: str) -> Iterator[Finding]:
    """Yield a complaint about a file of the base that begins as those that we write and delete: a copy moved there."""
    if path.startswith("base/") and is_ours(data):
        message = "the first line says that this file is rendered, so `fairlead generate` would delete it"
        yield KUS004.complaint(Place(path), message, "take out that line")


def _missing(place: Place, path: str, shared: str, tree: Tree) -> Finding:
    """Return the complaint about a file that is neither in the overlay nor in the base."""
    near = nearest(shared, tree.under(shared.rpartition("/")[0]))
    found = missing_file(place, path, tree)
    remedy = f"did you mean '{near.rpartition('/')[2]}'?" if near and "did you mean" not in found.remedy else ""
    message = f"{found.message} (for this environment) and no {shared} (for all)"
    return msgspec.structs.replace(found, message=message, remedy=remedy or found.remedy)


def missing_file(place: Place, path: str, tree: Tree) -> Finding:
    """Return the complaint that a file that is listed at `place` is not there, with the one that may be meant."""
    near = nearest(path, tree.under(path.rpartition("/")[0]))
    remedy = f"did you mean '{near.rpartition('/')[2]}'?" if near else "make it, or take it off the list"
    return SPC009.complaint(place, f"no file {path}", remedy)
