"""A cluster without AWS, and images without a registry: the same page, in words that are understood there."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from generator.kubernetes.image import is_own
from generator.kubernetes.manifest import containers
from generator.render import ingress, render, service, serviceaccount

if TYPE_CHECKING:
    from collections.abc import Callable

    from generator.model.base import Manifest
    from generator.model.service import Service

HERE: dict[str, Any] = {"provider": "none", "region": "", "account": "", "domain": "localhost"}


def test_no_word_of_aws_is_left(placed: Callable[..., Service], full: str) -> None:
    """Nobody reads them there; what the page writes under `annotations` by hand stays."""
    text = json.dumps(render(placed(full, **HERE, certificate="arn:aws:acm:x")))

    words = ("alb.ingress", "aws-load-balancer", "external-dns", "role-arn", "arn:aws", "LoadBalancer")
    assert [word for word in words if word in text] == []


def test_a_load_balancer_becomes_a_node_port(placed: Callable[..., Service]) -> None:
    """Nobody would ever make one; what only a load balancer has goes too."""
    page = """
        port: 8000
        service:
          type: LoadBalancer
          nodePort: 30080
          https: true
          loadBalancerClass: example.com/lb
          loadBalancerSourceRanges: [203.0.113.0/24]
    """
    manifest = service.render(placed(page, **HERE))

    assert manifest is not None
    assert manifest["spec"] == {
        "type": "NodePort",
        "selector": {"app": "orders"},
        "ports": [{"name": "http", "port": 80, "targetPort": 8000, "nodePort": 30080, "protocol": "TCP"}],
    }


@pytest.mark.parametrize(
    ("own", "change"),
    [({"service": {"type": "LoadBalancer"}}, {}), ({}, {"load_balancers": True})],
    ids=["the page's own part", "the cluster's page"],
)
def test_a_load_balancer_stays_where_somebody_makes_it(
    placed: Callable[..., Service], own: dict[str, Any], change: dict[str, Any]
) -> None:
    """The page insists in its part for the environment, or the cluster has `loadBalancers: true`."""
    page = "{port: 8000, service: {type: LoadBalancer, https: true, spec: {loadBalancerIP: 203.0.113.9}}}"
    manifest = service.render(msgspec.structs.replace(placed(page, **HERE, **change), own=own))

    assert manifest is not None
    assert manifest["spec"] == {
        "type": "LoadBalancer",
        "selector": {"app": "orders"},
        "ports": [{"name": "http", "port": 80, "targetPort": 8000, "protocol": "TCP"}],
        "loadBalancerIP": "203.0.113.9",
    }
    assert "annotations" not in manifest["metadata"]


@pytest.mark.parametrize("own", [{}, {"service": {"port": 80}}, {"services": {"other": {"type": "LoadBalancer"}}}])
def test_the_part_for_the_environment_has_to_name_the_type(placed: Callable[..., Service], own: dict[str, Any]) -> None:
    """Another word of it, or of another Service, says nothing about the balancer."""
    made = msgspec.structs.replace(placed("{port: 8000, service: {type: LoadBalancer}}", **HERE), own=own)
    manifest = service.render(made)

    assert manifest is not None
    assert manifest["spec"]["type"] == "NodePort"


@pytest.mark.parametrize(
    ("words", "own", "class_"),
    [
        ("{className: alb}", {}, "traefik"),
        ("{}", {}, "traefik"),
        ("{className: nginx}", {}, "nginx"),
        ("{className: alb}", {"ingress": {"className": "alb"}}, "alb"),
        ("{}", {"ingress": {"className": None}}, None),
        ("{className: alb}", {"ingress": {"paths": ["/"]}}, "traefik"),
    ],
)
def test_the_class_of_the_cluster_stands_in_for_alb_and_for_none(
    placed: Callable[..., Service], words: str, own: dict[str, Any], class_: str | None
) -> None:
    """Any other class of a page stays, and what its own part for the environment says wins."""
    made = placed(f"{{port: 8000, service: {{}}, ingress: {words}}}", **HERE, ingress_class="traefik")
    manifest = ingress.render(msgspec.structs.replace(made, own=own))

    assert manifest is not None
    assert manifest["spec"].get("ingressClassName") == class_


@pytest.mark.parametrize("type_", ["ClusterIP", "NodePort"])
def test_other_services_are_as_in_aws(placed: Callable[..., Service], type_: str) -> None:
    """They need nothing from outside."""
    page = f"{{port: 8000, service: {{type: {type_}}}}}"
    assert service.render(placed(page, **HERE)) == service.render(placed(page))


@pytest.mark.parametrize("class_", ["nginx", None])
def test_the_class_of_an_ingress_is_the_clusters(placed: Callable[..., Service], class_: str | None) -> None:
    """Without one the cluster's default class takes it."""
    manifest = ingress.render(placed("ingress: {className: alb, subdomain: www}", **HERE, ingress_class=class_))

    assert manifest is not None
    assert manifest["spec"].get("ingressClassName") == class_
    assert manifest["spec"]["rules"][0]["host"] == "www.localhost"


def test_tls_of_a_secret_stays(placed: Callable[..., Service]) -> None:
    """Any controller understands it; a certificate of ACM it does not."""
    manifest = ingress.render(placed("ingress: {subdomain: www, https: true, tlsSecret: web-tls}", **HERE))

    assert manifest is not None
    assert manifest["spec"]["tls"] == [{"hosts": ["www.localhost"], "secretName": "web-tls"}]


def test_a_service_account_has_no_role(placed: Callable[..., Service]) -> None:
    """IAM is AWS's."""
    manifest = serviceaccount.render(placed("serviceAccount: {role: orders}", **HERE))

    assert manifest is not None
    assert manifest["metadata"]["annotations"] == {"argocd.argoproj.io/sync-wave": "-2"}


# Images


def policies(manifests: tuple[Manifest, ...]) -> dict[str, str | None]:
    """Return the pull policy of each container by its image."""
    found = (container for manifest in manifests for _, container in containers(manifest))
    return {each["image"]: each.get("imagePullPolicy") for each in found}


PULLED = """
    image: web
    imagePullPolicy: Always
    migrations: {image: web-migrations}
    initContainers: {wait: {image: registry.example.com/wait:1.0, imagePullPolicy: Always}}
    containers: {cache: {image: web-cache, imagePullPolicy: Never}, log: {image: log}}
    cronJobs: {night: {schedule: "@daily", image: web-night}}
"""


def test_what_was_loaded_into_the_node_is_not_pulled(placed: Callable[..., Service]) -> None:
    """Our own images have no registry there; one with a host comes from it as ever."""
    assert policies(render(placed(PULLED, registry=""))) == {
        "web": "IfNotPresent",
        "web-migrations": "IfNotPresent",
        "registry.example.com/wait:1.0": "Always",
        "web-cache": "Never",
        "log": None,
        "web-night": "IfNotPresent",
    }


def test_with_a_registry_the_page_decides(placed: Callable[..., Service], base: Callable[[str], Service]) -> None:
    """In the base too, which knows of none."""
    for rendered in (render(placed(PULLED)), render(base(PULLED))):
        found = policies(rendered)
        assert {found[image] for image in found if is_own(image) and image not in {"web-cache", "log"}} == {"Always"}
