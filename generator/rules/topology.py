"""Topologies: the constraints that spread pods, the labels of nodes they name, and how many values a pod can reach."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any, NamedTuple

from generator.kubernetes.manifest import at
from generator.kubernetes.pods import pod
from generator.kubernetes.values import items, mapping, text, whole

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.kubernetes.manifest import Path
    from generator.model.base import Manifest

ZONE, HOST = "topology.kubernetes.io/zone", "kubernetes.io/hostname"

# https://kubernetes.io/docs/reference/labels-annotations-taints/ and what EKS, Karpenter and the storage drivers set.
_KNOWN = (
    HOST,
    ZONE,
    "topology.kubernetes.io/region",
    "failure-domain.beta.kubernetes.io/zone",
    "failure-domain.beta.kubernetes.io/region",
    "node.kubernetes.io/instance-type",
    "kubernetes.io/arch",
    "kubernetes.io/os",
    "topology.k8s.aws/zone-id",
    "topology.ebs.csi.aws.com/zone",
    "eks.amazonaws.com/nodegroup",
    "eks.amazonaws.com/capacityType",
    "karpenter.sh/capacity-type",
    "karpenter.sh/nodepool",
)
_NAMES = {key.rpartition("/")[2]: key for key in reversed(_KNOWN)}
_ALIKE = 0.9  # of two whole keys; a team's own key shares much with a known one, but never that much
_OWNER = "kubernetes.io"


class Constraint(NamedTuple):
    """One topology spread constraint, its path in the object, and the object."""

    path: Path
    spec: dict[Any, Any]
    manifest: Manifest

    @property
    def key(self) -> str:
        """The label of nodes whose values are the topologies."""
        return text(self.spec.get("topologyKey"))

    @property
    def skew(self) -> int:
        """How many more pods a topology may have than the one with the least."""
        return whole(self.spec.get("maxSkew"), 1)

    @property
    def strict(self) -> bool:
        """Whether a pod stays Pending rather than break it."""
        return self.spec.get("whenUnsatisfiable") == "DoNotSchedule"


def constraints(manifest: Manifest) -> Iterator[Constraint]:
    """Yield the topology spread constraints of an object's pods."""
    path, spec = pod(manifest)
    for number, one in enumerate(items(spec.get("topologySpreadConstraints"))):
        if isinstance(one, dict):
            yield Constraint((*path, "topologySpreadConstraints", number), one, manifest)


def misspelt(key: str) -> str | None:
    """Return the label that somebody meant by one that no node has, None for a known one and for a team's own."""
    if key in _KNOWN or not key:
        return None
    alike = difflib.get_close_matches(key, _KNOWN, n=1, cutoff=_ALIKE)
    if alike:
        return alike[0]
    prefix, _, name = key.lower().rpartition("/")
    return _NAMES.get(name) if prefix in {"", _OWNER, f"topology.{_OWNER}"} else None


def reachable(pod: dict[Any, Any], key: str) -> int | None:
    """Return how many values of a node label a pod may land on, None where its spec does not limit them."""
    if key in mapping(pod.get("nodeSelector")):
        return 1
    terms = items(
        at(pod, ("affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution", "nodeSelectorTerms"))
    )
    limits = [_limit(term, key) for term in terms]
    if not limits or None in limits:
        return None
    return len({value for limit in limits if limit is not None for value in limit})


def _limit(term: Any, key: str) -> frozenset[str] | None:
    """Return the values that one term of a node affinity allows, None for any."""
    found = [
        frozenset(text(value) for value in items(mapping(rule).get("values")))
        for rule in items(mapping(term).get("matchExpressions"))
        if mapping(rule).get("key") == key and mapping(rule).get("operator") == "In"
    ]
    return frozenset.intersection(*found) if found else None


def called(key: str) -> str:
    """Return what people call the values of a node label: zone, node, or the label itself."""
    return {ZONE: "zone", HOST: "node"}.get(key, f"`{key}`")
