"""The PodDisruptionBudget of the Deployment's pods."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.render.common import drop_empty, metadata

if TYPE_CHECKING:
    from generator.model.base import Manifest
    from generator.model.service import Service


def render(service: Service) -> Manifest | None:
    """Return the PodDisruptionBudget, None for a page without one or without pods of its own."""
    budget = service.page.podDisruptionBudget
    if budget is None or not service.page.has_deployment:
        return None
    return {
        "apiVersion": "policy/v1",
        "kind": "PodDisruptionBudget",
        "metadata": metadata(service, budget.name or service.workload, budget),
        "spec": drop_empty(
            {
                "minAvailable": budget.minAvailable,
                "maxUnavailable": budget.maxUnavailable,
                "selector": {"matchLabels": service.selector},
                "unhealthyPodEvictionPolicy": budget.unhealthyPodEvictionPolicy,
            }
        ),
    }
