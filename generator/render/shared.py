"""What the services of a system share in a namespace: the Namespace itself, and what guards it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.render.common import SYNC_OPTIONS, drop_empty, ownership

if TYPE_CHECKING:
    from generator.model.base import Manifest, Raw
    from generator.model.project import Namespace


def render_namespace(system: str, name: str, namespace: Namespace) -> Manifest:
    """Return the Namespace; its labels say which pods it admits."""
    admission = drop_empty({"pod-security.kubernetes.io/enforce": namespace.podSecurity})
    # A Namespace takes everything in it along when it goes: Argo CD asks a person first.
    confirm = {SYNC_OPTIONS: "Prune=confirm,Delete=confirm"}
    return {
        "apiVersion": "v1",
        "kind": "Namespace",
        "metadata": {
            "name": name,
            "labels": {**ownership(system), **admission, **namespace.labels},
            "annotations": {**confirm, **namespace.annotations},
        },
    }


def render_quota(system: str, name: str, namespace: Namespace) -> Manifest | None:
    """Return the ResourceQuota, None for a namespace without one."""
    if not namespace.quota:
        return None
    return {
        "apiVersion": "v1",
        "kind": "ResourceQuota",
        "metadata": {"name": f"{name}-quota", "namespace": name, "labels": ownership(system)},
        "spec": {"hard": {resource: str(amount) for resource, amount in namespace.quota.items()}},
    }


def render_limit_range(system: str, name: str, namespace: Namespace) -> Manifest | None:
    """Return the LimitRange, None for a namespace without one."""
    if not namespace.limitRange:
        return None
    return {
        "apiVersion": "v1",
        "kind": "LimitRange",
        "metadata": {"name": f"{name}-limits", "namespace": name, "labels": ownership(system)},
        "spec": {"limits": namespace.limitRange},
    }


def render_default_deny(system: str, name: str, namespace: Namespace) -> Manifest | None:
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
