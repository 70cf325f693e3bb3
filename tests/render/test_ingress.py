from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import yaml

from generator.render import ingress

if TYPE_CHECKING:
    from collections.abc import Callable

    from generator.model.service import Service


def test_whole(base: Callable[[str], Service]) -> None:
    """An Ingress sends its paths to the page's Service, after the workload is up."""
    page = """
        name: frontend
        port: 8000
        service: {name: frontend-service, port: 8080}
        ingress: {name: frontend-ingress, className: nginx, host: frontend.example.local}
    """
    assert ingress.render(base(page)) == yaml.safe_load("""
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata:
          name: frontend-ingress
          namespace: shop
          labels:
            app: frontend
            app.kubernetes.io/part-of: coffeemesh
            app.kubernetes.io/managed-by: fairlead
          annotations:
            argocd.argoproj.io/sync-wave: "1"
            external-dns.alpha.kubernetes.io/hostname: frontend.example.local
        spec:
          ingressClassName: nginx
          rules:
          - host: frontend.example.local
            http:
              paths:
              - path: /
                pathType: Prefix
                backend: {service: {name: frontend-service, port: {number: 8080}}}
    """)


def test_none_without_the_word(base: Callable[[str], Service]) -> None:
    """A page without `ingress` has none."""
    assert ingress.render(base("{port: 8000, service: {}}")) is None


def _backend() -> dict[str, Any]:
    return {"service": {"name": "orders", "port": {"number": 80}}}


def test_paths(base: Callable[[str], Service]) -> None:
    """Every path goes to the Service, in the page's order, and without a host all hosts match."""
    manifest = ingress.render(base("{port: 1, service: {}, ingress: {paths: [/b, /a], pathType: Exact}}"))

    assert manifest is not None
    paths = [{"path": path, "pathType": "Exact", "backend": _backend()} for path in ("/b", "/a")]
    assert manifest["spec"] == {"rules": [{"http": {"paths": paths}}]}


@pytest.mark.parametrize(
    ("change", "host"),
    [({}, "api.coffeemesh.com"), ({"domain": "example.org"}, "api.example.org"), ({"domain": None}, None)],
)
def test_subdomain(placed: Callable[..., Service], change: dict[str, Any], host: str | None) -> None:
    """A subdomain takes the environment's domain."""
    manifest = ingress.render(placed("{port: 1, service: {}, ingress: {subdomain: api}}", **change))

    assert manifest is not None
    assert manifest["spec"]["rules"][0].get("host") == host


def test_subdomain_in_the_base(base: Callable[[str], Service]) -> None:
    """The base has no domain, so it has no host and announces none."""
    manifest = ingress.render(base("{port: 1, service: {}, ingress: {subdomain: api}}"))

    assert manifest is not None
    assert "host" not in manifest["spec"]["rules"][0]
    assert manifest["metadata"]["annotations"] == {"argocd.argoproj.io/sync-wave": "1"}


@pytest.mark.parametrize(
    ("words", "tls"),
    [
        ("host: a.example.com", {"hosts": ["a.example.com"], "secretName": "cert"}),
        ("", {"secretName": "cert"}),
    ],
)
def test_tls_secret(base: Callable[[str], Service], words: str, tls: dict[str, Any]) -> None:
    """A TLS secret serves the host, or all hosts when there is none."""
    manifest = ingress.render(base(f"{{ingress: {{tlsSecret: cert, {words}}}}}"))

    assert manifest is not None
    assert manifest["spec"]["tls"] == [tls]


def test_page_annotations_and_labels(base: Callable[[str], Service]) -> None:
    """What the page says of its Ingress wins."""
    page = "ingress: {labels: {tier: edge}, annotations: {argocd.argoproj.io/sync-wave: '5', nginx/x: y}}"
    manifest = ingress.render(base(page))

    assert manifest is not None
    assert manifest["metadata"]["labels"]["tier"] == "edge"
    assert manifest["metadata"]["annotations"] == {"argocd.argoproj.io/sync-wave": "5", "nginx/x": "y"}
