"""The Kustomize base of a service: its full manifests, one object a file, free of any environment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.kubernetes.manifest import identity
from generator.layout.kustomization import filenames, kustomization, rendered
from generator.paths import NAME, base_folder

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.model.base import Manifest

Files = dict[str, str]


def base_files(service: str, manifests: Sequence[Manifest]) -> Files:
    """Return path -> text of a service's base; a page that renders nothing without an environment has none."""
    return object_files(base_folder(service), manifests) if manifests else {}


def object_files(folder: str, manifests: Sequence[Manifest]) -> Files:
    """Return path -> text of a folder that holds `manifests` and the kustomization that lists them."""
    by_id = {identity(manifest): manifest for manifest in manifests}
    names = filenames(by_id)
    files = {f"{folder}/{NAME}": kustomization([names[id_] for id_ in by_id])}
    files.update((f"{folder}/{names[id_]}", rendered(manifest)) for id_, manifest in by_id.items())
    return files
