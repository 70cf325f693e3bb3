"""How many pods: replicas, autoscalers, and percentages the way Kubernetes rounds them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.rules.objects import name, near
from generator.rules.values import mapping, text, whole

if TYPE_CHECKING:
    from generator.model.base import Manifest
    from generator.rules.rule import View


def target(autoscaler: Manifest) -> tuple[str, str]:
    """Give kind and name of what an autoscaler scales."""
    reference = mapping(mapping(autoscaler.get("spec")).get("scaleTargetRef"))
    return text(reference.get("kind")), text(reference.get("name"))


def autoscaler(workload: Manifest, view: View) -> Manifest | None:
    """Give the HorizontalPodAutoscaler in the view that scales this workload."""
    wanted = (workload.get("kind"), name(workload))
    found = (one for one in near(workload, view, "HorizontalPodAutoscaler") if target(one) == wanted)
    return next(found, None)


def least(workload: Manifest, view: View) -> tuple[int, str]:
    """Give the smallest number of pods that a workload runs with, and the field that says so.

    An autoscaler's `minReplicas` beats `replicas`; each is 1 when left out.
    """
    scaler = autoscaler(workload, view)
    field = "minReplicas" if scaler else "replicas"
    return whole(mapping((scaler or workload).get("spec")).get(field), 1), field


def share(bound: Any, total: int, *, up: bool) -> int | None:
    """Give a bound as a number of pods (`25%` of `total`, rounded up or down), None for what is no bound."""
    if isinstance(bound, str) and bound.endswith("%") and bound[:-1].isdecimal() and len(bound) < 6:  # noqa: PLR2004
        scaled = int(bound[:-1]) * total
        return -(-scaled // 100) if up else scaled // 100
    number = whole(bound, -1)
    return number if number >= 0 else None
