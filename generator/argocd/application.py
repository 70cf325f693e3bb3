"""Applications: the root that brings everything else, and one for what the services of a system share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.argocd.policy import CONFIRMED, sync_policy
from generator.argocd.settings import subscriptions
from generator.model.project import Sync
from generator.paths import application_name, overlay_folder
from generator.render.common import SYNC_WAVE, ownership

if TYPE_CHECKING:
    from generator.inputs.scope import InstanceScope, SyncedPlace
    from generator.model.base import Manifest

API_VERSION = "argoproj.io/v1alpha1"
REACH = "argocd.argoproj.io/manifest-generate-paths"
ENVIRONMENT = "environment"

# Projects that belong to no system.
ROOT, PLATFORM = "root", "platform"


def root_application(scope: InstanceScope) -> Manifest:
    """Return the Application that syncs an instance's own folder, itself included.

    It prunes nothing by itself: what it would take away stands for whole systems, and a prune that waits for a person
    would hold up every later commit of all of them.
    """
    return {
        "apiVersion": API_VERSION,
        "kind": "Application",
        "metadata": {
            "name": root_name(scope.name),
            "namespace": scope.namespace,
            "labels": ownership(ROOT),
            "annotations": {REACH: ".", **CONFIRMED},
        },
        "spec": {
            "project": ROOT,
            "source": source(scope, scope.folder),
            "destination": {**scope.here, "namespace": scope.namespace},
            "syncPolicy": sync_policy(Sync(prune=False)),
        },
    }


def root_name(instance: str) -> str:
    """Return the name of an instance's root Application."""
    return f"root-{instance}"


def shared_application(scope: InstanceScope, place: SyncedPlace) -> Manifest:
    """Return the Application of what a system's services share: its namespaces, one wave before the services.

    Argo CD waits for its health in the root's sync, for which `argocd-cm` needs the health of Applications.
    """
    return {
        "apiVersion": API_VERSION,
        "kind": "Application",
        "metadata": {
            "name": application_name(place.environment, place.system),
            "namespace": scope.namespace,
            "labels": labels(place),
            "annotations": {SYNC_WAVE: "-1", REACH: ".", **subscriptions(place), **CONFIRMED},
        },
        "spec": {
            "project": PLATFORM,
            "source": source(scope, overlay_folder(place.environment, place.system)),
            "destination": destination(place),
            "syncPolicy": sync_policy(place.sync),
        },
    }


def labels(place: SyncedPlace) -> dict[str, str]:
    """Return the labels of everything that Argo CD holds for a place."""
    return {**ownership(place.system), ENVIRONMENT: place.environment}


def source(scope: InstanceScope, path: str) -> dict[str, str]:
    """Return a source in the repository."""
    return {"repoURL": scope.repository, "targetRevision": scope.revision, "path": path}


def destination(place: SyncedPlace) -> dict[str, Any]:
    """Return where the objects of a place go; all of them name their namespace, so this one is but a default."""
    return {**place.cluster, "namespace": place.namespaces[0]}
