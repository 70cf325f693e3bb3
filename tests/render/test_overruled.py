"""What the table of overruled words says; that it is complete is for `tests/properties/test_words.py`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from generator.render.overruled import find_overruled

if TYPE_CHECKING:
    from collections.abc import Callable

    from generator.model.service import Service

WORDS = [
    ("{image: o, replicas: 3, autoscaling: external}", {"replicas": "nothing"}),
    ("{image: o, strategy: {type: Recreate, maxSurge: 1}}", {"strategy.maxSurge": "nothing"}),
    ("{image: o, service: {https: true}}", {"service.https": "nothing"}),
    ("{image: o, service: {host: a.example.com, subdomain: a}}", {"service.subdomain": "nothing"}),
    ("{image: o, ingress: {className: nginx, scheme: internal}}", {"ingress.scheme": "nothing"}),
    ("{command: [run], jobs: {seed: {image: o}}}", {"command": "nothing"}),
    ("{image: o, deployment: false, replicas: 3, jobs: {seed: {}}}", {"replicas": "nothing"}),
    ("{image: o, replicas: 3, strategy: {maxSurge: 1}}", {}),
    ("{deployment: {labels: {a: b}}, jobs: {seed: {image: o}}}", {"deployment.labels": "nothing"}),
    ("{image: o, deployment: {labels: {a: b}}}", {}),
    ("{image: o, networkPolicy: {labels: {a: b}}}", {"networkPolicy.labels": "nothing"}),
    ("{image: o, service: {type: ExternalName, externalName: a.b, selector: {a: b}}}", {"service.selector": "nothing"}),
    ("{image: o, service: {awsController: false}}", {"service.awsController": "nothing"}),
    ("{image: o, service: {type: LoadBalancer, awsController: false, https: true}}", {"service.https": "nothing"}),
    (
        "{image: o, automountServiceAccountToken: true, serviceAccount: {automountServiceAccountToken: false}}",
        {"automountServiceAccountToken": "false"},
    ),
]


@pytest.mark.parametrize(("page", "expected"), WORDS)
def test_words_that_others_overrule(placed: Callable[..., Service], page: str, expected: dict[str, str]) -> None:
    """Each word by its path, with what is rendered in its place."""
    assert {".".join(each.path): each.rendered for each in find_overruled(placed(page))} == expected


BALANCER = """
    image: o
    service: {type: LoadBalancer, spec: {loadBalancerIP: 203.0.113.9, healthCheckNodePort: 30001, externalIPs: [a]}}
"""


def test_without_aws_a_port_of_each_node_has_no_field_of_a_balancer(placed: Callable[..., Service]) -> None:
    """A field that passes through is told as a word is; the other fields of `spec` stay."""
    found = {".".join(each.path): each for each in find_overruled(placed(BALANCER, provider="none"))}
    assert found.keys() == {"service.type", "service.spec.loadBalancerIP", "service.spec.healthCheckNodePort"}
    field = found["service.spec.loadBalancerIP"]
    why = "the cluster is not in AWS, and a Service of type NodePort has no load balancer"
    assert (field.rendered, field.why, field.by) == ("nothing", why, ())


def test_where_somebody_makes_balancers_their_fields_stay(placed: Callable[..., Service]) -> None:
    """`loadBalancers: true` on the cluster's page says so."""
    assert list(find_overruled(placed(BALANCER, provider="none", load_balancers=True))) == []


def test_without_aws_a_balancer_becomes_a_port_of_each_node(placed: Callable[..., Service]) -> None:
    """The environment is what overrules here, so no word of the page is named as the reason."""
    page = "{image: o, service: {type: LoadBalancer, scheme: internal}, serviceAccount: {role: o}}"
    found = {".".join(each.path): (each.rendered, each.by) for each in find_overruled(placed(page, provider="none"))}
    assert found == {
        "service.type": ("NodePort", ()),
        "service.scheme": ("nothing", ()),
        "serviceAccount.role": ("nothing", ()),
    }
