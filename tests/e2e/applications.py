"""What Argo CD says of its Applications, flat; and how it is asked to look again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from tests.e2e.argocd import NAMESPACE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.e2e.api import Object
    from tests.e2e.argocd import ArgoCD

API_VERSION = "argoproj.io/v1alpha1"


class Application(msgspec.Struct, frozen=True, kw_only=True):
    """One Application. `revision` is the commit that was compared last, `synced` the one that the last sync applied."""

    name: str
    project: str
    source: dict[str, str]
    destination: dict[str, str]
    sync: str
    health: str
    revision: str
    phase: str
    synced: str
    message: str
    conditions: dict[str, str]
    resources: dict[tuple[str, str], str]

    @property
    def fine(self) -> bool:
        """Whether everything is as in git, and healthy."""
        return (self.sync, self.health) == ("Synced", "Healthy")

    def has(self, commit: str) -> bool:
        """Return whether a sync has brought the commit, and everything is fine since."""
        return self.fine and (self.revision, self.synced, self.phase) == (commit, commit, "Succeeded")

    def __str__(self) -> str:
        words = [
            f"{self.name}: {self.sync}, {self.health}, compared with {self.revision[:8] or 'nothing'}",
            f"  operation {self.phase or 'none'} {self.synced[:8]} {self.message}".rstrip(),
            *(f"  {kind}: {message}" for kind, message in self.conditions.items()),
            *(f"  {kind} {name}: {state}" for (kind, name), state in self.resources.items() if state != _FINE),
        ]
        return "\n".join(words)


_FINE = "Synced Healthy"


def applications(argocd: ArgoCD) -> dict[str, Application]:
    """Return all Applications of one Argo CD by name."""
    return {found.name: found for found in map(_read, argocd.cluster.api.all(API_VERSION, "Application", NAMESPACE))}


def application_sets(argocd: ArgoCD) -> dict[str, dict[str, str]]:
    """Return the conditions of all ApplicationSets of one Argo CD, by name: type -> message."""
    return {
        found["metadata"]["name"]: {
            each["type"]: each["message"] for each in found.get("status", {}).get("conditions") or []
        }
        for found in argocd.cluster.api.all(API_VERSION, "ApplicationSet", NAMESPACE)
    }


def owning_sets(argocd: ArgoCD) -> dict[str, str]:
    """Return the uid of the ApplicationSet that each Application belongs to, by the Application's name."""
    return {
        found["metadata"]["name"]: owner["uid"]
        for found in argocd.cluster.api.all(API_VERSION, "Application", NAMESPACE)
        for owner in found["metadata"].get("ownerReferences", [])
    }


def refresh(argocd: ArgoCD) -> None:
    """Have everything looked at anew: the same annotations that Argo CD's webhook sets after a push."""
    api = argocd.cluster.api
    for kind, note in (("Application", {"refresh": "normal"}), ("ApplicationSet", {"application-set-refresh": "true"})):
        annotations = {f"argocd.argoproj.io/{key}": value for key, value in note.items()}
        for found in api.all(API_VERSION, kind, NAMESPACE):
            api.merge(found, {"metadata": {"annotations": annotations}})


def _read(found: Object) -> Application:
    spec, status = found["spec"], found.get("status", {})
    sync, operation = status.get("sync", {}), status.get("operationState") or {}
    return Application(
        name=found["metadata"]["name"],
        project=spec["project"],
        source=spec["source"],
        destination=spec["destination"],
        sync=sync.get("status", ""),
        health=status.get("health", {}).get("status", ""),
        revision=sync.get("revision", ""),
        phase=operation.get("phase", ""),
        synced=(operation.get("syncResult") or {}).get("revision", ""),
        message=operation.get("message", ""),
        conditions={each["type"]: each["message"] for each in status.get("conditions") or []},
        resources=dict(_resources(status)),
    )


def _resources(status: dict[str, Any]) -> Iterator[tuple[tuple[str, str], str]]:
    for each in status.get("resources") or []:
        health = (each.get("health") or {}).get("status", "Healthy")
        prune = " to prune" if each.get("requiresPruning") else ""
        yield (each["kind"], each["name"]), f"{each.get('status', '')} {health}{prune}"
