"""The NetworkPolicies of the service's pods and of its jobs' pods."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.render import batch
from generator.render.common import BEFORE_MIGRATIONS, SYNC_WAVE, drop_empty, metadata

if TYPE_CHECKING:
    from generator.model.base import Manifest, Raw
    from generator.model.network import NetworkPolicy
    from generator.model.service import Service


def render(service: Service) -> list[Manifest]:
    """Return the NetworkPolicies, none for a page that leaves both directions open.

    One picks the pods of the service and of its jobs by their label `app`. No single one can with a selector of the
    page's own, because requirements are joined by "and": the jobs then have a policy of the same rules for themselves.
    """
    policy = service.page.networkPolicy
    if policy is None or not _directions(policy):
        return []
    name = policy.name or service.workload
    jobs = batch.names(service)
    if not jobs:
        return [_policy(service, policy, name, {"matchLabels": service.selector})]
    if not service.page.selector:
        return [_policy(service, policy, name, _called(service.workload, *jobs))]
    return [
        _policy(service, policy, name, {"matchLabels": service.selector}),
        _policy(service, policy, f"{name}-jobs", _called(*jobs)),
    ]


def _policy(service: Service, policy: NetworkPolicy, name: str, pods: Raw) -> Manifest:
    # Before the migrations: where a namespace denies by default they need it to reach a database.
    annotations = {SYNC_WAVE: BEFORE_MIGRATIONS}
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": metadata(service, name, policy, annotations=annotations),
        "spec": drop_empty(
            {
                "podSelector": pods,
                "policyTypes": _directions(policy),
                "ingress": policy.ingress,
                "egress": policy.egress,
            }
        ),
    }


def _directions(policy: NetworkPolicy) -> list[str]:
    sides = {"Ingress": policy.ingress, "Egress": policy.egress}
    return [side for side, rules in sides.items() if rules is not None]


def _called(*names: str) -> Raw:
    return {"matchExpressions": [{"key": "app", "operator": "In", "values": list(names)}]}
