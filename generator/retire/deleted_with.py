"""What is lost with a Kubernetes object when Argo CD deletes it: data, an address, or what others made from it.

An object whose loss cannot be undone from git has to be named by whoever deletes it. A custom resource of which nothing
is known here counts as one: its controller may delete anything.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from generator.kubernetes.manifest import at, identity

if TYPE_CHECKING:
    from collections.abc import Callable

    from generator.model.base import Manifest

_SYNC_OPTIONS = "argocd.argoproj.io/sync-options"
_ACK_POLICY = "services.k8s.aws/deletion-policy"
# Kubernetes' own API groups without a domain; the others end in `.k8s.io`.
_BUILT_IN = frozenset({"", "apps", "batch", "autoscaling", "policy", "extensions"})
# Custom resources that only configure something: gone, they can be applied again. Argo CD's own are told apart below.
_CONFIGURATION = (
    ".k8s.io", ".argoproj.io", ".cert-manager.io", ".cilium.io", ".elbv2.k8s.aws", ".external-secrets.io", ".keda.sh",
    ".kyverno.io", ".monitoring.coreos.com", ".networking.istio.io", ".secrets-store.csi.x-k8s.io",
    ".security.istio.io", ".traefik.io",
)  # fmt: skip


class Pruned(msgspec.Struct, frozen=True, kw_only=True):
    """An object that goes, as `Kind/namespace/name`, and what is lost with it (empty: nothing that git does not have).

    `irreplaceable` objects have to be named to go. `stays` says that Argo CD was told to leave this one alone,
    `confirmed` that it asks before it deletes it.
    """

    object: str
    loss: str = ""
    irreplaceable: bool = False
    stays: bool = False
    confirmed: bool = False


def pruned(manifest: Manifest) -> Pruned:
    """Return what is lost with an object."""
    id_ = identity(manifest)
    options = {option.strip() for option in _annotation(manifest, _SYNC_OPTIONS).split(",")}
    if "Delete=false" in options:
        return Pruned(object=str(id_), loss="stays, without an owner (Delete=false)", stays=True)
    loss, irreplaceable = _LOSSES.get((id_.group, id_.kind), _of_group)(manifest)
    return Pruned(object=str(id_), loss=loss, irreplaceable=irreplaceable, confirmed="Delete=confirm" in options)


Loss = tuple[str, bool]  # the words, and whether it cannot be undone from git
_NOTHING: Loss = ("", False)


def _annotation(manifest: Manifest, name: str) -> str:
    return str(at(manifest, ("metadata", "annotations", name)) or "")


def _irreplaceable(words: str) -> Callable[[Manifest], Loss]:
    return lambda _: (words, True)


def _stateful_set(manifest: Manifest) -> Loss:
    if not at(manifest, ("spec", "volumeClaimTemplates")):
        return _NOTHING
    if at(manifest, ("spec", "persistentVolumeClaimRetentionPolicy", "whenDeleted")) == "Delete":
        return "its volumes go with it (whenDeleted: Delete)", True
    return "its volumes stay behind, and nothing runs on them", True


def _service(manifest: Manifest) -> Loss:
    if at(manifest, ("spec", "type")) != "LoadBalancer":
        return _NOTHING
    return "its load balancer goes, and with it its DNS name and addresses", False


def _ingress(manifest: Manifest) -> Loss:
    if at(manifest, ("spec", "ingressClassName")) != "alb":
        return _NOTHING
    group = _annotation(manifest, "alb.ingress.kubernetes.io/group.name")
    if group:
        return f"its load balancer goes, unless another Ingress is in the group {group}", False
    return "its load balancer goes, and with it its DNS name", False


def _external_secret(manifest: Manifest) -> Loss:
    target = at(manifest, ("spec", "target"))
    target = target if isinstance(target, dict) else {}
    if target.get("creationPolicy", "Owner") != "Owner":
        return _NOTHING
    return f"the Secret {target.get('name') or identity(manifest).name} that it makes goes with it", False


def _snapshot(manifest: Manifest) -> Loss:
    if at(manifest, ("spec", "deletionPolicy")) == "Retain":
        return _NOTHING
    return "its snapshot goes with it, unless its class says Retain", True


def _of_group(manifest: Manifest) -> Loss:
    """Return what is lost with an object of no kind above."""
    group = identity(manifest).group
    if group.endswith(".services.k8s.aws"):
        if _annotation(manifest, _ACK_POLICY) == "retain":
            return f"what it stands for in AWS stays ({_ACK_POLICY}: retain)", False
        return "what it stands for in AWS is deleted, data included", True
    if group in _BUILT_IN or f".{group}".endswith(_CONFIGURATION):
        return _NOTHING
    return "a custom resource: what its controller deletes with it is not known here", True


_LOSSES: dict[tuple[str, str], Callable[[Manifest], Loss]] = {
    ("", "PersistentVolumeClaim"): _irreplaceable("its volume goes with it, unless that says Retain"),
    ("", "PersistentVolume"): _irreplaceable("the storage behind it goes with it, unless it says Retain"),
    ("", "Namespace"): _irreplaceable("everything inside goes with it"),
    ("", "Service"): _service,
    ("apps", "StatefulSet"): _stateful_set,
    ("apiextensions.k8s.io", "CustomResourceDefinition"): _irreplaceable("every object of its kind goes with it"),
    ("argoproj.io", "Application"): _irreplaceable("what it syncs goes with it, if it has the finalizer"),
    ("argoproj.io", "ApplicationSet"): _irreplaceable("its Applications go with it"),
    ("external-secrets.io", "ExternalSecret"): _external_secret,
    ("networking.k8s.io", "Ingress"): _ingress,
    ("snapshot.storage.k8s.io", "VolumeSnapshot"): _snapshot,
    ("snapshot.storage.k8s.io", "VolumeSnapshotContent"): _snapshot,
}
