"""What Argo CD itself reads: its projects, Applications and ApplicationSets, one folder for each Argo CD.

Everything here is made from pages alone. A release touches none of it: an ApplicationSet lists the overlays that its
system's services may have, and makes an Application once one is there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.argocd.application import root_application, shared_application
from generator.argocd.applicationset import application_set
from generator.argocd.project import platform_project, root_project, system_project
from generator.argocd.settings import notification_settings, settings

if TYPE_CHECKING:
    from generator.inputs.scope import InstanceScope
    from generator.model.base import Manifest


def render(scope: InstanceScope) -> tuple[Manifest, ...]:
    """Return everything that one Argo CD syncs from its own folder, in the order in which it does."""
    projects = (system_project(scope, system) for system in scope.systems)
    optional = (settings(scope), notification_settings(scope))
    return (
        root_project(scope),
        platform_project(scope),
        *projects,
        *(manifest for manifest in optional if manifest is not None),
        *(shared_application(scope, place) for place in scope.places),
        *(application_set(scope, place) for place in scope.places if place.services),
        root_application(scope),
    )


__all__ = ["render"]
