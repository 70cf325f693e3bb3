"""Both systems on a laptop (minikube, kind), as plain `kustomize build` gives them: the same pages, and no AWS."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .conftest import Build

SERVICES = ["frontend", "users-backend", "thoughts-backend", "orders-service"]
HOSTS = {
    "frontend": "frontend.localhost",
    "users-backend": "users.localhost",
    "thoughts-backend": "thoughts.localhost",
    "orders-service": None,
}

of_every_service = pytest.mark.parametrize("service", SERVICES)


@of_every_service
def test_no_word_of_aws_is_left(built: Build, service: str) -> None:
    """No balancer, no DNS zone, no role, no registry: nobody there would read it."""
    text = json.dumps(built("local", service).all)
    words = ("amazonaws", "arn:", "alb.ingress", "aws-load-balancer", "eks.", "external-dns", "LoadBalancer")
    assert [word for word in words if word in text] == []


@of_every_service
def test_images_have_the_names_under_which_they_are_loaded(built: Build, service: str) -> None:
    """The bare repository with the tag that dev runs, and nothing is pulled."""
    here, dev = built("local", service), built("dev", service)
    assert {name: each["image"] for name, each in here.containers.items()} == {
        name: each["image"].rpartition("/")[2] for name, each in dev.containers.items()
    }
    assert {each["imagePullPolicy"] for each in here.containers.values()} == {"IfNotPresent"}


def test_migrations_have_a_bare_image_too(built: Build) -> None:
    """They are loaded beside the service's image."""
    (container,) = built("local", "orders-service").one("Job")["spec"]["template"]["spec"]["containers"]
    assert container["image"] == "coffeemesh-orders-migrations:1.0"
    assert container["imagePullPolicy"] == "IfNotPresent"


@of_every_service
def test_an_ingress_of_the_controller_that_is_there(built: Build, service: str) -> None:
    """Class `nginx`; hosts under `localhost` need no DNS, and orders are found under any host."""
    spec = built("local", service).one("Ingress")["spec"]
    assert spec["ingressClassName"] == "nginx"
    assert [rule.get("host") for rule in spec["rules"]] == [HOSTS[service]]


def test_the_load_balancer_is_a_node_port(built: Build) -> None:
    """`minikube service frontend-service` finds it."""
    assert built("local", "frontend").one("Service")["spec"]["type"] == "NodePort"


@of_every_service
def test_one_pod_of_each(built: Build, service: str) -> None:
    """A laptop has no second node."""
    assert built("local", service).one("Deployment")["spec"]["replicas"] == 1


@of_every_service
def test_secrets_are_not_in_git(built: Build, service: str) -> None:
    """`fairlead secrets --env local` makes them from a file that git ignores; the containers find them by name."""
    kinds = {each["kind"] for each in built("local", service).all}
    assert kinds.isdisjoint({"Secret", "ExternalSecret", "SecretProviderClass"})
    named = [list(each.get("envFrom", ())) for each in built("dev", service).containers.values()]
    assert [list(each.get("envFrom", ())) for each in built("local", service).containers.values()] == named


def test_the_public_url_is_the_laptop(built: Build) -> None:
    """One of the servers that the description of the API lists."""
    assert built("local", "orders-service").env("orders-service")["PUBLIC_URL"] == "http://localhost:8000"
