from __future__ import annotations

import pytest
import yaml

from generator.model.project import Namespace
from generator.render import shared


def test_namespace() -> None:
    """A Namespace says which pods it admits and is never deleted without a person's word."""
    page = Namespace(labels={"team": "orders"}, annotations={"note": "x"}, podSecurity="baseline")
    assert shared.render_namespace("coffeemesh", "shop", page) == yaml.safe_load("""
        apiVersion: v1
        kind: Namespace
        metadata:
          name: shop
          labels:
            app.kubernetes.io/part-of: coffeemesh
            app.kubernetes.io/managed-by: fairlead
            pod-security.kubernetes.io/enforce: baseline
            team: orders
          annotations:
            argocd.argoproj.io/sync-options: Prune=confirm,Delete=confirm
            note: x
    """)


def test_plain_namespace() -> None:
    """Without pod security there is no such label."""
    assert shared.render_namespace("coffeemesh", "shop", Namespace())["metadata"]["labels"] == {
        "app.kubernetes.io/part-of": "coffeemesh",
        "app.kubernetes.io/managed-by": "fairlead",
    }


def test_quota() -> None:
    """A quota's amounts are strings."""
    page = Namespace(quota={"pods": 20, "requests.cpu": "4"})
    assert shared.render_quota("coffeemesh", "shop", page) == yaml.safe_load("""
        apiVersion: v1
        kind: ResourceQuota
        metadata:
          name: shop-quota
          namespace: shop
          labels: {app.kubernetes.io/part-of: coffeemesh, app.kubernetes.io/managed-by: fairlead}
        spec: {hard: {pods: "20", requests.cpu: "4"}}
    """)


def test_limit_range() -> None:
    """Limits are passed on as they are."""
    limit = {"type": "Container", "default": {"memory": "128Mi"}}
    assert shared.render_limit_range("coffeemesh", "shop", Namespace(limitRange=[limit])) == yaml.safe_load("""
        apiVersion: v1
        kind: LimitRange
        metadata:
          name: shop-limits
          namespace: shop
          labels: {app.kubernetes.io/part-of: coffeemesh, app.kubernetes.io/managed-by: fairlead}
        spec: {limits: [{type: Container, default: {memory: 128Mi}}]}
    """)


def test_default_deny() -> None:
    """A closed namespace lets nothing in, and nothing out but name lookups."""
    assert shared.render_default_deny("coffeemesh", "shop", Namespace(defaultDeny=True)) == yaml.safe_load("""
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata:
          name: shop-default-deny
          namespace: shop
          labels: {app.kubernetes.io/part-of: coffeemesh, app.kubernetes.io/managed-by: fairlead}
        spec:
          podSelector: {}
          policyTypes: [Ingress, Egress]
          egress:
          - to: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: kube-system}}}]
            ports: [{port: 53, protocol: UDP}, {port: 53, protocol: TCP}]
    """)


@pytest.mark.parametrize("guard", [shared.render_quota, shared.render_limit_range, shared.render_default_deny])
def test_no_guard_unless_asked_for(guard: object) -> None:
    """A plain namespace is guarded by nothing."""
    assert callable(guard)
    assert guard("coffeemesh", "shop", Namespace()) is None
