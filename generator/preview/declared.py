"""What an instance of Argo CD is told: the objects that `argocd/<instance>/` declares, with their places.

Files are read as they stand. A kustomization that changes them on the way is not worked out here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from generator.controller.application import API_VERSION
from generator.findings.errors import InputError
from generator.findings.finding import Place
from generator.kubernetes.manifest import at
from generator.model.base import Manifest
from generator.paths import NAME
from generator.preview.stream import documents
from generator.prove.kustomization_gate import reach

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.disk.tree import Tree

FOLDER = "argocd"

# Keys of a kustomization that leave what it lists as it is.
_HARMLESS = frozenset({"apiVersion", "kind", "metadata", "resources"})


class Declared(msgspec.Struct, frozen=True):
    """An object and the place where its document begins."""

    manifest: Manifest
    place: Place

    @property
    def name(self) -> str:
        """Its name."""
        return str(at(self.manifest, ("metadata", "name")) or "")

    @property
    def annotations(self) -> dict[str, str]:
        """Its annotations."""
        found = at(self.manifest, ("metadata", "annotations"))
        return found if isinstance(found, dict) else {}


class Declaration(msgspec.Struct, frozen=True, kw_only=True):
    """All that an instance is told, by kind of Argo CD; `changed` are keys of kustomizations that change it unseen."""

    instance: str
    applications: tuple[Declared, ...]
    sets: tuple[Declared, ...]
    projects: dict[str, Declared]
    changed: tuple[tuple[Place, str], ...]

    @property
    def root(self) -> Declared | None:
        """The Application of all this itself: the one whose path is the instance's folder."""
        folder = f"{FOLDER}/{self.instance}"
        return next((each for each in self.applications if _path(each.manifest) == folder), None)


def instances(tree: Tree) -> tuple[str, ...]:
    """Return the instances that have a folder with a kustomization."""
    found = (path.split("/") for path in tree.under(FOLDER))
    return tuple(sorted({parts[1] for parts in found if len(parts) == 3 and parts[2] == NAME}))  # noqa: PLR2004  # argocd/<instance>/<file>


def declaration(tree: Tree, instance: str) -> Declaration:
    """Read what an instance is told; raises InputError for what the gate refuses and for what is no YAML."""
    reached = reach(tree, f"{FOLDER}/{instance}")
    if reached.findings:
        raise InputError(reached.findings)
    found = [each for path in reached.files if not _is_kustomization(path) for each in _objects(tree, path)]
    return Declaration(
        instance=instance,
        applications=tuple(_of("Application", found)),
        sets=tuple(_of("ApplicationSet", found)),
        projects={each.name: each for each in _of("AppProject", found)},
        changed=tuple(each for path in reached.files if _is_kustomization(path) for each in _changes(tree, path)),
    )


def _of(kind: str, found: list[Declared]) -> Iterator[Declared]:
    wanted = (API_VERSION, kind)
    return (each for each in found if (each.manifest.get("apiVersion"), each.manifest.get("kind")) == wanted)


def _is_kustomization(path: str) -> bool:
    return path.rpartition("/")[2] in {NAME, "kustomization.yml", "Kustomization"}


def _objects(tree: Tree, path: str) -> Iterator[Declared]:
    for value, line in documents(tree.files[path], path):
        if isinstance(value, dict):
            yield Declared(value, Place(path, line))


def _changes(tree: Tree, path: str) -> Iterator[tuple[Place, str]]:
    for value, line in documents(tree.files[path], path):
        yield from ((Place(path, line), key) for key in value if key not in _HARMLESS)


def _path(manifest: Manifest) -> Any:
    path = at(manifest, ("spec", "source", "path"))
    return path.strip("/") if isinstance(path, str) else None
