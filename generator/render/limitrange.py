"""The LimitRange of a namespace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.render.common import ownership

if TYPE_CHECKING:
    from generator.model.base import Manifest
    from generator.model.project import Namespace


def render(system: str, name: str, namespace: Namespace) -> Manifest | None:
    """Return the LimitRange, None for a namespace without one."""
    if not namespace.limitRange:
        return None
    return {
        "apiVersion": "v1",
        "kind": "LimitRange",
        "metadata": {"name": f"{name}-limits", "namespace": name, "labels": ownership(system)},
        "spec": {"limits": namespace.limitRange},
    }
