"""The NetworkPolicy that closes a namespace: what its services need, their own policies open again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.render.common import ownership

if TYPE_CHECKING:
    from generator.model.base import Manifest, Raw
    from generator.model.project import Namespace


def render(system: str, name: str, namespace: Namespace) -> Manifest | None:
    """Return the policy that denies both directions save DNS, None for an open namespace."""
    if not namespace.defaultDeny:
        return None
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {"name": f"{name}-default-deny", "namespace": name, "labels": ownership(system)},
        "spec": {
            "podSelector": {},
            "policyTypes": ["Ingress", "Egress"],
            "egress": [_dns()],
        },
    }


def _dns() -> Raw:
    """Return the rule for name lookups: without them no egress rule that a service adds could do anything."""
    nameservers = {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "kube-system"}}}
    return {
        "to": [nameservers],
        "ports": [{"port": 53, "protocol": "UDP"}, {"port": 53, "protocol": "TCP"}],
    }
