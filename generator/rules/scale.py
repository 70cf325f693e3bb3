"""How many pods: replicas, autoscalers, and percentages the way Kubernetes rounds them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.kubernetes.objects import group, name, near, neighbours
from generator.kubernetes.values import mapping, text, whole

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.model.base import Manifest
    from generator.rules.view import View

# Kind of a scaler -> its field for the fewest pods, and what counts without it.
# https://keda.sh/docs/latest/reference/scaledobject-spec/
_FEWEST = {"HorizontalPodAutoscaler": ("minReplicas", 1), "ScaledObject": ("minReplicaCount", 0)}
_MOST = {"HorizontalPodAutoscaler": ("maxReplicas", 1), "ScaledObject": ("maxReplicaCount", 100)}


def target(autoscaler: Manifest) -> tuple[str, str]:
    """Return kind and name of what an autoscaler scales; a ScaledObject means a Deployment unless it says more."""
    reference = mapping(mapping(autoscaler.get("spec")).get("scaleTargetRef"))
    default = "Deployment" if autoscaler.get("kind") == "ScaledObject" else ""
    return text(reference.get("kind")) or default, text(reference.get("name"))


def autoscaler(workload: Manifest, view: View) -> Manifest | None:
    """Return the HorizontalPodAutoscaler in the view that scales this workload."""
    wanted = (workload.get("kind"), name(workload))
    found = (one for one in near(workload, view.objects, "HorizontalPodAutoscaler") if target(one) == wanted)
    return next(found, None)


def scaler(workload: Manifest, view: View) -> Manifest | None:
    """Return the HorizontalPodAutoscaler or the ScaledObject of KEDA in the view that scales this workload."""
    wanted = (workload.get("kind"), name(workload))
    scaled = (one for one in _scaled_objects(workload, view) if target(one) == wanted)
    return autoscaler(workload, view) or next(scaled, None)


def _scaled_objects(workload: Manifest, view: View) -> Iterator[Manifest]:
    for other in view.objects:
        if (group(other), other.get("kind")) == ("keda.sh", "ScaledObject") and neighbours(workload, other):
            yield other


def least(workload: Manifest, view: View) -> tuple[int, str]:
    """Return the smallest number of pods that a workload runs with, and the field that says so.

    A scaler's own field beats `replicas`, which is 1 when left out. It is 0 where a page leaves the number to a scaler
    that is not in the view: nothing can be said then, as for a workload that is switched off.
    """
    found = scaler(workload, view)
    if found is not None:
        field, default = _FEWEST[text(found.get("kind"))]
        return whole(mapping(found.get("spec")).get(field), default), field
    replicas = mapping(workload.get("spec")).get("replicas")
    return whole(replicas, 0 if replicas is None and _is_rendered(workload, view) else 1), "replicas"


def _is_rendered(workload: Manifest, view: View) -> bool:
    """Report whether a page renders the workload: it writes `replicas` unless something else decides the number."""
    wanted = (workload.get("kind"), name(workload))
    return any((one.get("kind"), name(one)) == wanted for one in view.modelled)


def most(workload: Manifest, view: View) -> int | None:
    """Return the largest number of pods that a workload runs with, None where a scaler out of view decides."""
    found = scaler(workload, view)
    if found is None:
        replicas = mapping(workload.get("spec")).get("replicas")
        return None if replicas is None and _is_rendered(workload, view) else whole(replicas, 1)
    field, default = _MOST[text(found.get("kind"))]
    return whole(mapping(found.get("spec")).get(field), default)


def share(bound: Any, total: int, *, up: bool) -> int | None:
    """Return a bound as a number of pods (`25%` of `total`, rounded up or down), None for what is no bound."""
    if isinstance(bound, str) and bound.endswith("%") and bound[:-1].isdecimal() and len(bound) < 6:  # noqa: PLR2004
        scaled = int(bound[:-1]) * total
        return -(-scaled // 100) if up else scaled // 100
    number = whole(bound, -1)
    return number if number >= 0 else None
