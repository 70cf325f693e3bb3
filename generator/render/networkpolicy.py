"""The NetworkPolicy of the service's pods and of its jobs' pods."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.render import batch
from generator.render.common import BEFORE_MIGRATIONS, SYNC_WAVE, filled, metadata, selector

if TYPE_CHECKING:
    from generator.model.base import Manifest, Raw
    from generator.model.network import NetworkPolicy
    from generator.model.service import Service


def render(service: Service) -> Manifest | None:
    """Give the NetworkPolicy, None for a page that leaves both directions open."""
    policy = service.page.networkPolicy
    if policy is None or not _directions(policy):
        return None
    # Before the migrations: where a namespace denies by default they need it to reach a database.
    annotations = {SYNC_WAVE: BEFORE_MIGRATIONS}
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": metadata(service, policy.name or service.workload, annotations=annotations),
        "spec": filled(
            {
                "podSelector": _pods(service),
                "policyTypes": _directions(policy),
                "ingress": policy.ingress,
                "egress": policy.egress,
            }
        ),
    }


def _directions(policy: NetworkPolicy) -> list[str]:
    sides = {"Ingress": policy.ingress, "Egress": policy.egress}
    return [side for side, rules in sides.items() if rules is not None]


def _pods(service: Service) -> Raw:
    jobs = batch.names(service)
    if not jobs:
        return {"matchLabels": selector(service)}
    return {"matchExpressions": [{"key": "app", "operator": "In", "values": [service.workload, *jobs]}]}
