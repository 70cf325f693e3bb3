"""The ResourceQuota of a namespace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.render.common import ownership

if TYPE_CHECKING:
    from generator.model.base import Manifest
    from generator.model.project import Namespace


def render(system: str, name: str, namespace: Namespace) -> Manifest | None:
    """Return the ResourceQuota, None for a namespace without one."""
    if not namespace.quota:
        return None
    return {
        "apiVersion": "v1",
        "kind": "ResourceQuota",
        "metadata": {"name": f"{name}-quota", "namespace": name, "labels": ownership(system)},
        "spec": {"hard": {resource: str(amount) for resource, amount in namespace.quota.items()}},
    }
