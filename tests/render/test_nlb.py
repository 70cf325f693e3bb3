from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import yaml

from generator.render import nlb, service

if TYPE_CHECKING:
    from collections.abc import Callable

    from generator.model.service import Service


def _words(made: Service) -> dict[str, str]:
    assert made.page.service is not None
    prefix = "service.beta.kubernetes.io/aws-load-balancer-"
    rendered = nlb.render(made, made.page.service)
    assert all(key.startswith(prefix) for key in rendered)
    return {key.removeprefix(prefix): value for key, value in rendered.items()}


TYPE = "service.beta.kubernetes.io/aws-load-balancer-type"
PLAIN = {"type": "external", "nlb-target-type": "ip", "scheme": "internal"}
TLS = {
    "ssl-cert": "arn:aws:acm:eu-west-1:111122223333:certificate/abc",
    "ssl-ports": "443",
    "ssl-negotiation-policy": "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09",
    "backend-protocol": "tcp",
}

CASES: list[tuple[str, str, dict[str, Any], dict[str, str]]] = [
    ("internal unless told", "type: LoadBalancer", {}, PLAIN),
    ("open to the world", "{type: LoadBalancer, scheme: internet-facing}", {},
     PLAIN | {"scheme": "internet-facing"}),
    ("TLS", "{type: LoadBalancer, https: true}", {}, PLAIN | TLS),
    ("TLS without certificate", "{type: LoadBalancer, https: true}", {"certificate": None}, PLAIN),
    ("the controller's own class", "{type: LoadBalancer, loadBalancerClass: service.k8s.aws/nlb}", {}, PLAIN),
    ("another controller's class", "{type: LoadBalancer, https: true, loadBalancerClass: a.com/b}", {}, {}),
    ("somebody else's, as the page says", "{type: LoadBalancer, https: true, awsController: false}", {}, {}),
    ("the cloud provider's", f"{{type: LoadBalancer, https: true, annotations: {{{TYPE}: nlb}}}}", {}, {}),
    ("the controller's own type", f"{{type: LoadBalancer, annotations: {{{TYPE}: nlb-ip}}}}", {}, PLAIN),
    ("inside the cluster", "{type: ClusterIP, https: true, scheme: internal}", {}, {}),
]  # fmt: skip


@pytest.mark.parametrize(("words", "change", "expected"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_annotations(
    placed: Callable[..., Service], words: str, change: dict[str, Any], expected: dict[str, str]
) -> None:
    """A load balancer gets what its controller reads, other Services nothing."""
    text = words if words.startswith("{") else f"{{{words}}}"

    assert _words(placed(f"{{port: 8000, service: {text}}}", **change)) == expected


def test_an_annotation_of_all_objects_says_whose_the_balancer_is(placed: Callable[..., Service]) -> None:
    """As one of the Service alone does."""
    assert _words(placed(f"{{port: 8000, annotations: {{{TYPE}: nlb}}, service: {{type: LoadBalancer}}}}")) == {}


def test_https_port(placed: Callable[[str], Service]) -> None:
    """TLS ends at the balancer: port 443 goes to the same port of the container."""
    manifest = service.render(placed("{port: 8000, service: {type: LoadBalancer, https: true}}"))

    assert manifest is not None
    assert manifest["spec"]["ports"] == yaml.safe_load("""
        - {name: http, port: 80, targetPort: 8000, protocol: TCP}
        - {name: https, port: 443, targetPort: 8000, protocol: TCP}
    """)


def test_no_https_port_without_certificate(base: Callable[[str], Service]) -> None:
    """Without a certificate port 443 would speak plain text, so it is not there (as in the base)."""
    manifest = service.render(base("{port: 8000, service: {type: LoadBalancer, https: true}}"))

    assert manifest is not None
    assert [port["port"] for port in manifest["spec"]["ports"]] == [80]


def test_page_annotations_win(placed: Callable[[str], Service]) -> None:
    """The page may say another target type."""
    key = "service.beta.kubernetes.io/aws-load-balancer-nlb-target-type"
    manifest = service.render(
        placed(f"{{port: 8000, service: {{type: LoadBalancer, annotations: {{{key}: instance}}}}}}")
    )

    assert manifest is not None
    assert manifest["metadata"]["annotations"][key] == "instance"
