"""How containers of our own get their image where there is no registry: it was loaded into the node beforehand."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

from generator.kubernetes.image import is_own
from generator.kubernetes.manifest import containers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.model.base import Manifest, Raw
    from generator.model.service import Service


def set_pull_policy(service: Service, manifest: Manifest) -> Manifest:
    """Return the manifest with `Always` replaced for our own images where nothing can be pulled."""
    if service.placement is None or service.placement.registry or not any(_pulling(manifest)):
        return manifest
    changed = copy.deepcopy(manifest)
    for container in _pulling(changed):
        container["imagePullPolicy"] = "IfNotPresent"
    return changed


def _pulling(manifest: Manifest) -> Iterator[Raw]:
    """Yield the containers that would always ask a registry for an image of ours."""
    for _, container in containers(manifest):
        if container.get("imagePullPolicy") == "Always" and is_own(str(container.get("image"))):
            yield container
