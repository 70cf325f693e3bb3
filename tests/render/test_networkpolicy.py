from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import yaml

from generator.render import networkpolicy

if TYPE_CHECKING:
    from collections.abc import Callable

    from generator.model.service import Service


def test_whole(base: Callable[[str], Service]) -> None:
    """The policy opens what the page says and is there before the migrations run."""
    page = "networkPolicy: {ingress: [{from: [{podSelector: {}}]}], egress: [{ports: [{port: 5432}]}]}"
    (policy,) = networkpolicy.render(base(page))
    assert policy == yaml.safe_load("""
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata:
          name: orders
          namespace: shop
          labels:
            app: orders
            app.kubernetes.io/part-of: coffeemesh
            app.kubernetes.io/managed-by: fairlead
          annotations:
            argocd.argoproj.io/sync-wave: "-2"
        spec:
          podSelector: {matchLabels: {app: orders}}
          policyTypes: [Ingress, Egress]
          ingress: [{from: [{podSelector: {}}]}]
          egress: [{ports: [{port: 5432}]}]
    """)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("{ingress: []}", "{policyTypes: [Ingress]}"),
        ("{egress: []}", "{policyTypes: [Egress]}"),
        ("{ingress: [{}], egress: []}", "{policyTypes: [Ingress, Egress], ingress: [{}]}"),
    ],
)
def test_directions(base: Callable[[str], Service], words: str, expected: str) -> None:
    """An empty list closes its direction, a missing one leaves it open."""
    (manifest,) = networkpolicy.render(base(f"networkPolicy: {words}"))

    assert manifest["spec"] == {
        "podSelector": {"matchLabels": {"app": "orders"}},
        **yaml.safe_load(expected),
    }


@pytest.mark.parametrize("page", ["image: o", "networkPolicy: {}"])
def test_none(base: Callable[[str], Service], page: str) -> None:
    """With both directions open there is no policy: an empty one would close the way in."""
    assert networkpolicy.render(base(page)) == []


def test_jobs_are_covered(base: Callable[[str], Service]) -> None:
    """Pods of the page's jobs need the same ways out as the service's."""
    page = """
        networkPolicy: {egress: []}
        migrations: {}
        jobs: {seed: {}}
        cronJobs: {report: {schedule: "@daily", name: nightly}}
    """
    (manifest,) = networkpolicy.render(base(page))

    assert manifest["spec"]["podSelector"] == yaml.safe_load("""
        matchExpressions:
        - {key: app, operator: In, values: [orders, orders-migrations, orders-seed, nightly]}
    """)


def test_jobs_beside_a_selector_of_ones_own_have_a_policy_for_themselves(base: Callable[[str], Service]) -> None:
    """No one selector finds both: its labels are joined by "and", and the jobs' pods have others."""
    page = """
        selector: {app.kubernetes.io/name: orders, tier: back}
        networkPolicy: {egress: []}
        migrations: {}
    """
    service, jobs = networkpolicy.render(base(page))

    assert (service["metadata"]["name"], jobs["metadata"]["name"]) == ("orders", "orders-jobs")
    assert service["spec"]["podSelector"] == {"matchLabels": {"app.kubernetes.io/name": "orders", "tier": "back"}}
    assert jobs["spec"] == {
        "podSelector": {"matchExpressions": [{"key": "app", "operator": "In", "values": ["orders-migrations"]}]},
        "policyTypes": ["Egress"],
    }


def test_without_jobs_a_selector_of_ones_own_is_all(base: Callable[[str], Service]) -> None:
    """The policy of a team that has one already."""
    (policy,) = networkpolicy.render(base("selector: {tier: back}\nnetworkPolicy: {ingress: []}\n"))
    assert policy["spec"]["podSelector"] == {"matchLabels": {"tier": "back"}}
