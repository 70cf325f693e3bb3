"""ApplicationSets: the services of one system in one environment, an Application for each overlay that is there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.argocd.application import API_VERSION, REACH, destination, labels, source
from generator.argocd.policy import CONFIRMED, sync_policy
from generator.argocd.settings import subscriptions
from generator.paths import application_name, base_folder, overlay_folder
from generator.render.common import SYNC_WAVE

if TYPE_CHECKING:
    from generator.inputs.scope import InstanceScope, SyncedPlace
    from generator.model.base import Manifest

# The last part of an overlay's path: the service.
_SERVICE = "{{ .path.basename }}"


# Fields that the API server fills in with some releases of an operator and does not know with others: written out they
# would be drift there, left out here. https://external-secrets.io/latest/api/spec/ (nullBytePolicy: from 2.0 on)
_SET_BY_OPERATORS = [
    {
        "group": "external-secrets.io",
        "kind": "ExternalSecret",
        "jqPathExpressions": [".spec.data[].remoteRef.nullBytePolicy"],
    }
]


def application_set(scope: InstanceScope, place: SyncedPlace) -> Manifest:
    """Return the ApplicationSet of a place.

    It creates and updates, and deletes nothing: an overlay that vanishes leaves its Application and every object behind
    until somebody removes them (`fairlead retire`). Project and destination are fixed, so no path can choose them.
    """
    return {
        "apiVersion": API_VERSION,
        "kind": "ApplicationSet",
        "metadata": {
            "name": application_name(place.environment, place.system),
            "namespace": scope.namespace,
            "labels": labels(place),
            "annotations": {SYNC_WAVE: "0", **CONFIRMED},
        },
        "spec": {
            "goTemplate": True,
            "goTemplateOptions": ["missingkey=error"],
            "generators": [{"git": _overlays(scope, place)}],
            "syncPolicy": {"applicationsSync": "create-update", "preserveResourcesOnDeletion": True},
            "template": {"metadata": _metadata(place), "spec": _spec(scope, place)},
        },
    }


def _overlays(scope: InstanceScope, place: SyncedPlace) -> dict[str, Any]:
    """Return the generator: exact paths, so that no other folder ever becomes an Application."""
    return {
        "repoURL": scope.repository,
        "revision": scope.revision,
        "directories": [{"path": overlay_folder(place.environment, service)} for service in place.services],
    }


def _metadata(place: SyncedPlace) -> dict[str, Any]:
    # All that a service's overlay reaches: itself and its base. Other commits then cost Argo CD no rendering.
    reach = f".;/{base_folder(_SERVICE)}"
    return {
        "name": application_name(place.environment, _SERVICE),
        "labels": labels(place),
        "annotations": {REACH: reach, **subscriptions(place)},
    }


def _spec(scope: InstanceScope, place: SyncedPlace) -> dict[str, Any]:
    return {
        "project": place.system,
        "source": source(scope, "{{ .path.path }}"),
        "destination": destination(place),
        **({"ignoreDifferences": _SET_BY_OPERATORS} if place.external_secrets else {}),
        "syncPolicy": sync_policy(place.sync),
    }
