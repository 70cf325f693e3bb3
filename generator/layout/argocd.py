"""The folder that one Argo CD syncs for itself: `argocd/<instance>/`, a file for each object."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.kubernetes.manifest import identity
from generator.layout.kustomization import kustomization, rendered
from generator.paths import NAME

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.layout.base import Files
    from generator.layout.own import Own
    from generator.model.base import Manifest

_FOLDERS = {
    "AppProject": "projects/",
    "ConfigMap": "settings/",
    "Application": "applications/",
    "ApplicationSet": "applicationsets/",
}
ROOT_FILE = "root.yaml"


def instance_files(folder: str, objects: Sequence[Manifest], own: Own) -> Files:
    """Return path -> text of an instance's folder; the last of `objects` is its root Application."""
    *others, root = objects
    names = {ROOT_FILE: root} | {_file(manifest): manifest for manifest in others}
    files = {f"{folder}/{name}": rendered(manifest) for name, manifest in names.items()}
    files[f"{folder}/{NAME}"] = kustomization([*names, *own.resources])
    return files


def _file(manifest: Manifest) -> str:
    id_ = identity(manifest)
    return f"{_FOLDERS[id_.kind]}{id_.name}.yaml"
