from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from generator.render import alb, ingress

if TYPE_CHECKING:
    from collections.abc import Callable

    from generator.model.service import Service

HTTP = {"listen-ports": '[{"HTTP":80}]'}
HTTPS = {
    "listen-ports": '[{"HTTP":80},{"HTTPS":443}]',
    "certificate-arn": "arn:aws:acm:eu-west-1:111122223333:certificate/abc",
    "ssl-redirect": "443",
    "ssl-policy": "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09",
}
PLAIN = {"scheme": "internal", "target-type": "ip"}


def _words(made: Service) -> dict[str, str]:
    assert made.page.ingress is not None
    prefix = "alb.ingress.kubernetes.io/"
    rendered = alb.render(made, made.page.ingress)
    assert all(key.startswith(prefix) for key in rendered)
    return {key.removeprefix(prefix): value for key, value in rendered.items()}


CASES: list[tuple[str, str, dict[str, Any], dict[str, str]]] = [
    ("HTTPS where there is a certificate", "ingress: {}", {}, PLAIN | HTTPS),
    ("HTTP where there is none", "ingress: {}", {"certificate": None}, PLAIN | HTTP),
    ("HTTP when told", "ingress: {https: false}", {}, PLAIN | HTTP),
    ("HTTP without certificate, whatever is wished",
     "ingress: {https: true}", {"certificate": None}, PLAIN | HTTP),
    ("open to the world, by instance",
     "ingress: {scheme: internet-facing, targetType: instance, https: false}", {},
     {"scheme": "internet-facing", "target-type": "instance"} | HTTP),
    ("a group", "ingress: {groupName: shop, groupOrder: 0, https: false}", {},
     PLAIN | {"group.name": "shop", "group.order": "0"} | HTTP),
    ("health from the page",
     "{ingress: {https: false, healthcheckPath: /up}, readinessProbe: {httpGet: /ready}}", {},
     PLAIN | HTTP | {"healthcheck-path": "/up"}),
    ("health from readiness, short", "{ingress: {https: false}, readinessProbe: {httpGet: /ready}}", {},
     PLAIN | HTTP | {"healthcheck-path": "/ready"}),
    ("health at the own port",
     "{port: 8000, ingress: {https: false}, readinessProbe: {httpGet: {path: /r, port: 8000}}}",
     {}, PLAIN | HTTP | {"healthcheck-path": "/r"}),
    ("health at another port",
     "{port: 8000, ingress: {https: false}, readinessProbe: {httpGet: {path: /r, port: 81}}}",
     {}, PLAIN | HTTP | {"healthcheck-path": "/r", "healthcheck-port": "81"}),
    ("readiness by command", "{ingress: {https: false}, readinessProbe: {exec: [curl]}}", {}, PLAIN | HTTP),
]  # fmt: skip


@pytest.mark.parametrize(("page", "change", "expected"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_annotations(
    placed: Callable[..., Service], page: str, change: dict[str, Any], expected: dict[str, str]
) -> None:
    """The page's words become what the controller reads, all of it strings."""
    assert _words(placed(page, **change)) == expected


def test_base_speaks_http(base: Callable[[str], Service]) -> None:
    """The base has no certificate."""
    assert _words(base("ingress: {}")) == PLAIN | HTTP


@pytest.mark.parametrize(("name", "has"), [("alb", True), ("nginx", False)])
def test_only_for_its_class(placed: Callable[[str], Service], name: str, has: bool) -> None:  # noqa: FBT001
    """Another class gets no word of this controller's."""
    manifest = ingress.render(placed(f"ingress: {{className: {name}}}"))

    assert manifest is not None
    assert ("alb.ingress" in str(manifest)) is has


def test_class_is_a_field(placed: Callable[[str], Service]) -> None:
    """The class is a field of the spec, never the deprecated annotation."""
    manifest = ingress.render(placed("ingress: {className: alb}"))

    assert manifest is not None
    assert manifest["spec"]["ingressClassName"] == "alb"
    assert "kubernetes.io/ingress.class" not in manifest["metadata"]["annotations"]
