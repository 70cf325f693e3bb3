"""The HorizontalPodAutoscaler of the Deployment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.render.common import drop_empty, metadata

if TYPE_CHECKING:
    from generator.model.base import Manifest, Raw
    from generator.model.scaling import Autoscaling
    from generator.model.service import Service


def render(service: Service) -> Manifest | None:
    """Return the HorizontalPodAutoscaler, None for a page without one of its own."""
    scaling = service.page.autoscaling
    if scaling is None or scaling == "external":
        return None
    return {
        "apiVersion": "autoscaling/v2",
        "kind": "HorizontalPodAutoscaler",
        "metadata": metadata(service, scaling.name or service.workload, scaling),
        "spec": drop_empty(
            {
                "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": service.workload},
                "minReplicas": scaling.minReplicas,
                "maxReplicas": scaling.maxReplicas,
                "metrics": _metrics(scaling),
                "behavior": scaling.behavior,
            }
        ),
    }


def _metrics(scaling: Autoscaling) -> list[Raw]:
    """Return the metrics with CPU last.

    The API server may store the object as autoscaling/v1, which keeps CPU in a field of its own and puts it
    back behind all others; in any other order Argo CD sees a difference for ever (argo-cd #1079, kubernetes
    #74099).
    """
    return [*_utilization("memory", scaling.memory), *scaling.metrics, *_utilization("cpu", scaling.cpu)]


def _utilization(resource: str, percent: int | None) -> list[Raw]:
    if percent is None:
        return []
    target = {"type": "Utilization", "averageUtilization": percent}
    return [{"type": "Resource", "resource": {"name": resource, "target": target}}]
