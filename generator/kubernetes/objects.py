"""Which object is which: kinds by their API group, names, and who shares a namespace with whom.

A kind counts only in Kubernetes' own API group: Knative has a `Service` and Volcano a `Job` that no rule
here knows.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from generator.kubernetes.manifest import ObjectId
from generator.kubernetes.values import mapping, text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from generator.model.base import Manifest

# https://kubernetes.io/docs/reference/generated/kubernetes-api/v1.34/; `extensions` served some of them until
# 1.22.
_GROUPS = {
    "": "Pod Service ConfigMap Secret Namespace PersistentVolumeClaim ServiceAccount LimitRange ResourceQuota",
    "apps": "Deployment StatefulSet DaemonSet ReplicaSet",
    "extensions": "Deployment DaemonSet ReplicaSet Ingress",
    "batch": "Job CronJob",
    "autoscaling": "HorizontalPodAutoscaler",
    "policy": "PodDisruptionBudget",
    "networking.k8s.io": "Ingress NetworkPolicy",
    "rbac.authorization.k8s.io": "Role ClusterRole RoleBinding ClusterRoleBinding",
    "certificates.k8s.io": "ClusterTrustBundle",
}
_KNOWN = frozenset((group, kind) for group, kinds in _GROUPS.items() for kind in kinds.split())

# Kinds that keep pods running; Jobs and CronJobs run theirs to an end.
SERVING = frozenset({"Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Pod"})
SCALED = frozenset({"Deployment", "StatefulSet", "ReplicaSet"})
# Kinds that hold a pod template, or are a pod.
RUNNING = SERVING | {"Job", "CronJob"}


def group(manifest: Manifest) -> str:
    """Return the API group: `apps` for `apps/v1`, the empty text for `v1`."""
    return text(manifest.get("apiVersion")).rpartition("/")[0]


def kind(manifest: Manifest) -> str:
    """Return the kind of an object that the rules know, the empty text for any other."""
    return _known(text(manifest.get("apiVersion")), text(manifest.get("kind")))


@lru_cache(maxsize=1024)  # asked a hundred times of every object
def _known(version: str, word: str) -> str:
    return word if (version.rpartition("/")[0], word) in _KNOWN else ""


def name(manifest: Manifest) -> str:
    """Return `metadata.name`."""
    return text(mapping(manifest.get("metadata")).get("name"))


def namespace(manifest: Manifest) -> str:
    """Return `metadata.namespace`, the empty text where it is left to the Application's destination."""
    return text(mapping(manifest.get("metadata")).get("namespace"))


def title(manifest: Manifest) -> str:
    """Return `Kind/namespace/name`, whatever shape the object has."""
    return str(ObjectId(group(manifest), text(manifest.get("kind")), namespace(manifest), name(manifest)))


def neighbours(one: Manifest, other: Manifest) -> bool:
    """Return whether two objects may share a namespace; a namespace left out may turn out to be any."""
    here, there = namespace(one), namespace(other)
    return here == there or not here or not there


def near(manifest: Manifest, objects: Iterable[Manifest], *kinds: str) -> Iterator[Manifest]:
    """Yield the objects of some kinds that share the manifest's namespace, in their order."""
    for other in objects:
        if other.get("kind") in kinds and kind(other) in kinds and neighbours(manifest, other):
            yield other
