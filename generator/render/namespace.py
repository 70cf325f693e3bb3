"""A Namespace of a system."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.render.common import SYNC_OPTIONS, filled, ownership

if TYPE_CHECKING:
    from generator.model.base import Manifest
    from generator.model.project import Namespace


def render(system: str, name: str, namespace: Namespace) -> Manifest:
    """Return the Namespace; its labels say which pods it admits."""
    admission = filled({"pod-security.kubernetes.io/enforce": namespace.podSecurity})
    # A Namespace takes everything in it along when it goes: Argo CD asks a person first.
    confirm = {SYNC_OPTIONS: "Prune=confirm,Delete=confirm"}
    return {
        "apiVersion": "v1",
        "kind": "Namespace",
        "metadata": {
            "name": name,
            "labels": {**ownership(system), **admission, **namespace.labels},
            "annotations": {**confirm, **namespace.annotations},
        },
    }
