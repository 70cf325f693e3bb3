"""What Argo CD itself has to know: the health of Applications, and what to tell whom.

Both ConfigMaps exist where Argo CD is installed. Ours are applied on the server's side, so that they own their keys and
leave all others alone.
"""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from generator.render.common import SYNC_WAVE
from generator.yamlio import dump

if TYPE_CHECKING:
    from generator.inputs.scope import InstanceScope, SyncedPlace
    from generator.model.base import Manifest

_SETTINGS, _NOTIFICATIONS = "argocd-cm", "argocd-notifications-cm"
_BESIDE_OTHERS = {
    SYNC_WAVE: "-2",
    "argocd.argoproj.io/sync-options": "ServerSideApply=true,Prune=false,Delete=false",
}

# Argo CD has had no health of Applications since 1.8, and waves of Applications wait for nothing without it:
# https://argo-cd.readthedocs.io/en/stable/operator-manual/health/#argocd-app
# Of ours, only what is on its way holds up the next wave: one whose cluster is away, whose sync failed or waits for
# a person would hold up all environments of the instance. Its own status tells the truth.
_APPLICATION_HEALTH = textwrap.dedent("""\
    local status = obj.status or {}
    local health = (status.health or {}).status or "Progressing"
    local labels = obj.metadata.labels or {}
    if labels["app.kubernetes.io/managed-by"] ~= "fairlead" or health == "Degraded" then
      return { status = health, message = (status.health or {}).message or "" }
    end
    local phase = (status.operationState or {}).phase
    local automated = obj.spec.syncPolicy ~= nil and obj.spec.syncPolicy.automated ~= nil
    local coming = health == "Progressing" or (health == "Missing" and automated)
    if coming and phase ~= "Failed" and phase ~= "Error" then
      return { status = "Progressing", message = health }
    end
    return { status = "Healthy", message = health }
    """)

# Trigger -> when it speaks, and what it says. A broken overlay shows as an unknown sync status.
_TRIGGERS = {
    "on-sync-failed": (
        "app.status.operationState != nil && app.status.operationState.phase in ['Error', 'Failed']",
        "{{ .app.metadata.name }}: sync failed: {{ .app.status.operationState.message }}",
    ),
    "on-sync-status-unknown": (
        "app.status.sync.status == 'Unknown'",
        "{{ .app.metadata.name }}: cannot be compared{{ range .app.status.conditions }}: {{ .message }}{{ end }}",
    ),
    "on-health-degraded": (
        "app.status.health.status == 'Degraded'",
        "{{ .app.metadata.name }}: degraded",
    ),
}


def settings(scope: InstanceScope) -> Manifest | None:
    """Return our keys of `argocd-cm`, None where the instance keeps its own settings."""
    if not scope.instance.settings:
        return None
    return _config(scope, _SETTINGS, {"resource.customizations.health.argoproj.io_Application": _APPLICATION_HEALTH})


def notification_settings(scope: InstanceScope) -> Manifest | None:
    """Return our keys of `argocd-notifications-cm`, None where no notification service is on the page."""
    services = scope.instance.notifications
    if not services:
        return None
    data = {f"service.{name}": dump(words) for name, words in services.items()}
    for trigger, (condition, message) in _TRIGGERS.items():
        template = f"app-{trigger.removeprefix('on-')}"
        data[f"trigger.{trigger}"] = dump([{"when": condition, "send": [template]}])
        data[f"template.{template}"] = dump({"message": message})
    return _config(scope, _NOTIFICATIONS, data)


def subscriptions(place: SyncedPlace) -> dict[str, str]:
    """Return the annotations that say who hears of a place's Applications."""
    return {
        f"notifications.argoproj.io/subscribe.{trigger}.{service}": recipient
        for service, recipient in place.recipients.items()
        for trigger in _TRIGGERS
    }


def _config(scope: InstanceScope, name: str, data: dict[str, str]) -> Manifest:
    # The labels of every installation and no other: who keeps the rest of it may have a word on what manages it.
    labels = {"app.kubernetes.io/name": name, "app.kubernetes.io/part-of": "argocd"}
    metadata = {"name": name, "namespace": scope.namespace, "labels": labels, "annotations": _BESIDE_OTHERS}
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": data}
