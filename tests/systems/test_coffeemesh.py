"""The orders service of CoffeeMesh, as plain `kustomize build` gives it: one test for each fact on its page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .conftest import Build

REGISTRY = "111122223333.dkr.ecr.eu-west-1.amazonaws.com"
ALB = "alb.ingress.kubernetes.io"
NAME = "orders-service"

in_every_environment = pytest.mark.parametrize("environment", ["dev", "staging", "prod"])


@in_every_environment
def test_the_namespace_is_orders_service(built: Build, environment: str) -> None:
    """The system brings the Namespace, and every object of the service is in it."""
    assert built(environment, "coffeemesh").one("Namespace")["metadata"]["name"] == NAME
    assert {each["metadata"]["namespace"] for each in built(environment, NAME).all} == {NAME}


# Deployment


@in_every_environment
def test_the_deployment_is_labelled_and_selected_by_app(built: Build, environment: str) -> None:
    """Name, label and selector are all `orders-service`."""
    deployment = built(environment, NAME).one("Deployment")
    assert deployment["metadata"]["name"] == NAME
    assert deployment["metadata"]["labels"]["app"] == NAME
    assert deployment["spec"]["selector"] == {"matchLabels": {"app": NAME}}


@pytest.mark.parametrize("environment", ["dev", "staging"])
def test_one_replica_outside_production(built: Build, environment: str) -> None:
    """As in the source."""
    assert built(environment, NAME).one("Deployment")["spec"]["replicas"] == 1


def test_more_replicas_in_production(built: Build) -> None:
    """With one pod every rollout would be an outage."""
    assert built("prod", NAME).one("Deployment")["spec"]["replicas"] == 2


@in_every_environment
def test_the_image_is_the_first_release(built: Build, environment: str) -> None:
    """The whole registry name, and the tag 1.0, which is text and no number."""
    assert built(environment, NAME).container(NAME)["image"] == f"{REGISTRY}/coffeemesh-orders:1.0"


@in_every_environment
def test_the_image_is_always_pulled(built: Build, environment: str) -> None:
    """The container says `imagePullPolicy: Always`."""
    assert built(environment, NAME).container(NAME)["imagePullPolicy"] == "Always"


@in_every_environment
def test_the_container_listens_on_8000(built: Build, environment: str) -> None:
    """The one port of the container."""
    assert [port["containerPort"] for port in built(environment, NAME).container(NAME)["ports"]] == [8000]


@in_every_environment
def test_the_database_address_comes_from_a_secret(built: Build, environment: str) -> None:
    """All keys of `db-credentials` (among them `DB_URL`) are variables; none stands in clear."""
    objects = built(environment, NAME)
    assert objects.container(NAME)["envFrom"] == [{"secretRef": {"name": "db-credentials"}}]
    assert "DB_URL" not in objects.env(NAME)


@pytest.mark.parametrize(
    ("environment", "url"),
    [
        ("dev", "http://localhost:8000"),
        ("staging", "https://coffeemesh-staging.com"),
        ("prod", "https://coffeemesh.com"),
    ],
)
def test_the_public_url_is_configuration(built: Build, environment: str, url: str) -> None:
    """Each environment tells the container where it is reached, instead of building another image."""
    assert built(environment, NAME).env(NAME)["PUBLIC_URL"] == url


@in_every_environment
def test_the_secret_comes_from_the_store_in_aws(built: Build, environment: str) -> None:
    """External Secrets makes `db-credentials`, with its one key, before the migrations."""
    secret = built(environment, NAME).one("ExternalSecret")
    assert secret["apiVersion"] == "external-secrets.io/v1"
    assert secret["metadata"]["annotations"]["argocd.argoproj.io/sync-wave"] == "-2"
    assert secret["spec"]["target"]["name"] == "db-credentials"
    assert secret["spec"]["secretStoreRef"] == {"kind": "ClusterSecretStore", "name": "aws-secrets-manager"}
    assert {each["secretKey"]: each["remoteRef"]["key"] for each in secret["spec"]["data"]} == {
        "DB_URL": "orders/database-url"
    }


# Service and Ingress


@in_every_environment
def test_the_service_is_inside_the_cluster(built: Build, environment: str) -> None:
    """ClusterIP, for the pods with `app: orders-service`."""
    spec = built(environment, NAME).one("Service")["spec"]
    assert spec["type"] == "ClusterIP"
    assert spec["selector"] == {"app": NAME}


@in_every_environment
def test_the_port_is_named_http_and_speaks_tcp(built: Build, environment: str) -> None:
    """80 leads to 8000; the source's `protocol: http` is the name of the port here, and the protocol is TCP."""
    assert built(environment, NAME).one("Service")["spec"]["ports"] == [
        {"name": "http", "port": 80, "protocol": "TCP", "targetPort": 8000}
    ]


@in_every_environment
def test_the_ingress_sends_three_prefixes_to_the_service(built: Build, environment: str) -> None:
    """Orders, their documentation and their description go to port 80 of `orders-service`."""
    ingress = built(environment, NAME).one("Ingress")
    (rule,) = ingress["spec"]["rules"]
    assert ingress["metadata"]["name"] == "orders-service-ingress"
    assert [(path["path"], path["pathType"]) for path in rule["http"]["paths"]] == [
        ("/orders", "Prefix"),
        ("/docs/orders", "Prefix"),
        ("/openapi/orders.json", "Prefix"),
    ]
    assert all(path["backend"] == {"service": {"name": NAME, "port": {"number": 80}}} for path in rule["http"]["paths"])


@in_every_environment
def test_the_ingress_is_a_public_application_load_balancer(built: Build, environment: str) -> None:
    """Targets are pod addresses, which Fargate needs; the class is a field, not the deprecated annotation."""
    objects = built(environment, NAME)
    assert objects.one("Ingress")["spec"]["ingressClassName"] == "alb"
    assert objects.annotations("Ingress")[f"{ALB}/scheme"] == "internet-facing"
    assert objects.annotations("Ingress")[f"{ALB}/target-type"] == "ip"
    assert "kubernetes.io/ingress.class" not in objects.annotations("Ingress")


@pytest.mark.parametrize("environment", ["staging", "prod"])
def test_the_public_url_has_a_certificate(built: Build, environment: str) -> None:
    """An `https://` address needs one on the load balancer, of the same account and region."""
    arn = built(environment, NAME).annotations("Ingress")[f"{ALB}/certificate-arn"]
    assert arn.startswith("arn:aws:acm:eu-west-1:111122223333:certificate/")


# Migrations


@in_every_environment
def test_migrations_run_the_image_of_the_same_release(built: Build, environment: str) -> None:
    """The Job and the Deployment carry the same tag: they are bumped together."""
    objects = built(environment, NAME)
    job = objects.one("Job")
    (container,) = job["spec"]["template"]["spec"]["containers"]
    assert job["metadata"]["name"] == "orders-service-migrations"
    assert container["image"] == f"{REGISTRY}/coffeemesh-orders-migrations:1.0"
    assert container["image"].rpartition(":")[2] == objects.container(NAME)["image"].rpartition(":")[2]


@in_every_environment
def test_migrations_use_the_same_secret(built: Build, environment: str) -> None:
    """The Job reaches the database as the service does."""
    (container,) = built(environment, NAME).one("Job")["spec"]["template"]["spec"]["containers"]
    assert container["envFrom"] == [{"secretRef": {"name": "db-credentials"}}]


@in_every_environment
def test_a_finished_migration_is_not_restarted_and_goes_away(built: Build, environment: str) -> None:
    """`restartPolicy: Never`, and the Job is removed 30 s after its end."""
    spec = built(environment, NAME).one("Job")["spec"]
    assert spec["template"]["spec"]["restartPolicy"] == "Never"
    assert spec["ttlSecondsAfterFinished"] == 30


@in_every_environment
def test_migrations_are_a_sync_hook_before_the_workload(built: Build, environment: str) -> None:
    """Wave -1, after the secret of wave -2; the Job of the release before is deleted first."""
    annotations = built(environment, NAME).annotations("Job")
    assert annotations["argocd.argoproj.io/hook"] == "Sync"
    assert annotations["argocd.argoproj.io/sync-wave"] == "-1"
    assert annotations["argocd.argoproj.io/hook-delete-policy"] == "BeforeHookCreation"


@in_every_environment
def test_migrations_that_hang_fail_by_themselves(built: Build, environment: str) -> None:
    """The sync waits for them, and every later commit for the sync."""
    assert built(environment, NAME).one("Job")["spec"]["activeDeadlineSeconds"] == 600


@in_every_environment
def test_pods_of_migrations_are_not_behind_the_service(built: Build, environment: str) -> None:
    """Their label differs from the Service's selector, or requests would reach a migration."""
    objects = built(environment, NAME)
    labels = objects.one("Job")["spec"]["template"]["metadata"]["labels"]
    assert not objects.one("Service")["spec"]["selector"].items() <= labels.items()
