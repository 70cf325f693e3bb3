"""The thoughts system, as plain `kustomize build` gives it: one test for each fact that its pages state."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .conftest import Build

ENVIRONMENTS = ["dev", "staging", "prod"]
REGISTRY = "033870383707.dkr.ecr.us-west-2.amazonaws.com"
ALB = "alb.ingress.kubernetes.io"
NLB = "service.beta.kubernetes.io/aws-load-balancer"
DNS = "external-dns.alpha.kubernetes.io/hostname"
CURL = {"command": ["curl", "http://localhost:8000/"]}

# Page -> container of the service, Kubernetes Service, name of its port, type, image.
SERVICES = {
    "frontend": ("frontend-service", "frontend-service", "frontend", "LoadBalancer", "frontend"),
    "users-backend": ("users-backend-service", "users-service", "users-backend", "NodePort", "users_server"),
    "thoughts-backend": (
        "thoughts-backend-service",
        "thoughts-service",
        "thoughts-backend",
        "NodePort",
        "thoughts_server",
    ),
}
BACKENDS = {
    "users-backend": ("users-backend-db", "users_backend_db", "users-db-credentials"),
    "thoughts-backend": ("thoughts-backend-db", "thoughts_backend_db", "thoughts-db-credentials"),
}

in_every_environment = pytest.mark.parametrize("environment", ENVIRONMENTS)
of_every_service = pytest.mark.parametrize("service", SERVICES)
of_every_backend = pytest.mark.parametrize("service", BACKENDS)


# Names


@in_every_environment
def test_the_namespace_is_example(built: Build, environment: str) -> None:
    """What the services share is the Namespace `example`."""
    assert built(environment, "thoughts").one("Namespace")["metadata"]["name"] == "example"


@in_every_environment
@of_every_service
def test_every_object_is_in_the_namespace(built: Build, environment: str, service: str) -> None:
    """No object is left to the namespace that a sync happens to use."""
    assert {each["metadata"]["namespace"] for each in built(environment, service).all} == {"example"}


@in_every_environment
@of_every_service
def test_the_deployment_is_named_like_the_page(built: Build, environment: str, service: str) -> None:
    """Deployments are `frontend`, `users-backend`, `thoughts-backend`."""
    assert built(environment, service).one("Deployment")["metadata"]["name"] == service


@in_every_environment
@of_every_service
def test_the_service_has_its_own_name(built: Build, environment: str, service: str) -> None:
    """Services are `frontend-service`, `users-service`, `thoughts-service`."""
    assert built(environment, service).one("Service")["metadata"]["name"] == SERVICES[service][1]


@in_every_environment
@of_every_service
def test_the_ingress_has_its_own_name(built: Build, environment: str, service: str) -> None:
    """Ingresses are named after the page with `-ingress` behind it."""
    assert built(environment, service).one("Ingress")["metadata"]["name"] == f"{service}-ingress"


@in_every_environment
@of_every_service
def test_the_app_label_is_the_selector(built: Build, environment: str, service: str) -> None:
    """Deployment, pods and selector carry the same `app`."""
    deployment = built(environment, service).one("Deployment")
    assert deployment["metadata"]["labels"]["app"] == service
    assert deployment["spec"]["template"]["metadata"]["labels"]["app"] == service
    assert deployment["spec"]["selector"] == {"matchLabels": {"app": service}}


@in_every_environment
def test_the_frontend_service_is_labelled_with_its_own_name(built: Build, environment: str) -> None:
    """The Service has the label `app: frontend-service`, while its pods have `app: frontend`."""
    assert built(environment, "frontend").one("Service")["metadata"]["labels"]["app"] == "frontend-service"


# Containers and images


@in_every_environment
@of_every_service
def test_images_come_from_the_registry_with_a_pinned_tag(built: Build, environment: str, service: str) -> None:
    """The whole registry name stands in front, and a tag other than `latest` behind."""
    container, _, _, _, repository = SERVICES[service]
    name, _, tag = built(environment, service).container(container)["image"].rpartition(":")
    assert name == f"{REGISTRY}/{repository}"
    assert tag not in {"", "latest"}


@in_every_environment
@of_every_service
def test_images_are_always_pulled(built: Build, environment: str, service: str) -> None:
    """Every container says `imagePullPolicy: Always`."""
    containers = built(environment, service).containers.values()
    assert {each["imagePullPolicy"] for each in containers} == {"Always"}


@in_every_environment
@of_every_service
def test_the_service_container_listens_on_8000(built: Build, environment: str, service: str) -> None:
    """Port 8000, where the probes ask too."""
    ports = built(environment, service).container(SERVICES[service][0])["ports"]
    assert [port["containerPort"] for port in ports] == [8000]


@in_every_environment
@of_every_service
def test_requests_and_limits(built: Build, environment: str, service: str) -> None:
    """64M and 60m are asked for, 128M and 70m are the limit."""
    assert built(environment, service).container(SERVICES[service][0])["resources"] == {
        "requests": {"cpu": "60m", "memory": "64M"},
        "limits": {"cpu": "70m", "memory": "128M"},
    }


# Environment variables


@in_every_environment
def test_the_frontend_knows_the_back_ends_by_their_services(built: Build, environment: str) -> None:
    """Both addresses are names of Services of the same namespace."""
    assert built(environment, "frontend").env("frontend-service") == {
        "THOUGHTS_BACKEND_URL": "http://thoughts-service",
        "USER_BACKEND_URL": "http://users-service",
    }


@in_every_environment
@of_every_backend
def test_the_back_ends_use_postgres(built: Build, environment: str, service: str) -> None:
    """Engine, database, user and port are the same everywhere, the port as text."""
    env = built(environment, service).env(SERVICES[service][0])
    assert {name: value for name, value in env.items() if name != "POSTGRES_HOST"} == {
        "DATABASE_ENGINE": "POSTGRESQL",
        "POSTGRES_DB": "thoughts",
        "POSTGRES_USER": "postgres",
        "POSTGRES_PORT": "5432",
    }


@in_every_environment
@of_every_backend
def test_the_password_is_a_secret_by_name(built: Build, environment: str, service: str) -> None:
    """All containers take it from the secret; no container has it in clear."""
    objects = built(environment, service)
    for container in objects.containers.values():
        assert container["envFrom"] == [{"secretRef": {"name": BACKENDS[service][2]}}]
        assert "POSTGRES_PASSWORD" not in objects.env(container["name"])


@in_every_environment
@of_every_backend
def test_the_password_comes_from_the_store_in_aws(built: Build, environment: str, service: str) -> None:
    """External Secrets makes the Secret that the containers name."""
    spec = built(environment, service).one("ExternalSecret")["spec"]
    assert spec["target"]["name"] == BACKENDS[service][2]
    assert [each["secretKey"] for each in spec["data"]] == ["POSTGRES_PASSWORD"]
    assert spec["secretStoreRef"] == {"kind": "ClusterSecretStore", "name": "aws-secrets-manager"}


# The database beside the service


@of_every_backend
def test_a_database_stands_beside_the_service_in_dev(built: Build, service: str) -> None:
    """Two containers a pod, the service's own first."""
    container, (database, _, _) = SERVICES[service][0], BACKENDS[service]
    assert list(built("dev", service).containers) == [container, database]


@of_every_backend
def test_the_database_image_is_released_like_our_own(built: Build, service: str) -> None:
    """It comes from the same registry and has a tag of its own."""
    database, repository, _ = BACKENDS[service]
    name, _, tag = built("dev", service).container(database)["image"].rpartition(":")
    assert name == f"{REGISTRY}/{repository}"
    assert tag not in {"", "latest"}


@of_every_backend
def test_the_service_finds_the_database_beside_it(built: Build, service: str) -> None:
    """In dev the host is the pod itself."""
    assert built("dev", service).env(SERVICES[service][0])["POSTGRES_HOST"] == "127.0.0.1"


@pytest.mark.parametrize("environment", ["staging", "prod"])
@of_every_backend
def test_no_database_stands_beside_the_service_after_dev(built: Build, environment: str, service: str) -> None:
    """One container a pod is left."""
    assert list(built(environment, service).containers) == [SERVICES[service][0]]


@of_every_backend
def test_prod_uses_an_external_database(built: Build, service: str) -> None:
    """The host is outside the cluster, in the system's domain."""
    host = built("prod", service).env(SERVICES[service][0])["POSTGRES_HOST"]
    assert host == f"{service.removesuffix('-backend')}-db.example.local"


@of_every_backend
def test_a_database_beside_each_pod_is_one_pod(built: Build, service: str) -> None:
    """Four pods in dev would be four databases with different data."""
    assert built("dev", service).one("Deployment")["spec"]["replicas"] == 1


# Probes


@in_every_environment
@of_every_service
def test_the_liveness_probe(built: Build, environment: str, service: str) -> None:
    """The first look after 5 s, one every 30 s, a restart after 3 failures; the timings stand beside `exec`."""
    assert built(environment, service).container(SERVICES[service][0])["livenessProbe"] == {
        "exec": CURL,
        "initialDelaySeconds": 5,
        "periodSeconds": 30,
        "failureThreshold": 3,
    }


@in_every_environment
@of_every_service
def test_the_readiness_probe(built: Build, environment: str, service: str) -> None:
    """The same command, every 10 s."""
    assert built(environment, service).container(SERVICES[service][0])["readinessProbe"] == {
        "exec": CURL,
        "initialDelaySeconds": 5,
        "periodSeconds": 10,
    }


# Rollout and scale


@in_every_environment
@of_every_service
def test_the_rollout(built: Build, environment: str, service: str) -> None:
    """A quarter may be missing and one may be added."""
    assert built(environment, service).one("Deployment")["spec"]["strategy"] == {
        "type": "RollingUpdate",
        "rollingUpdate": {"maxUnavailable": "25%", "maxSurge": 1},
    }


@pytest.mark.parametrize(
    ("environment", "service"),
    [
        ("dev", "frontend"),
        ("staging", "users-backend"),
        ("prod", "users-backend"),
        ("staging", "thoughts-backend"),
        ("prod", "thoughts-backend"),
    ],
)
def test_four_replicas_where_nothing_scales(built: Build, environment: str, service: str) -> None:
    """The page says `replicas: 4`."""
    assert built(environment, service).one("Deployment")["spec"]["replicas"] == 4


@pytest.mark.parametrize("environment", ["staging", "prod"])
def test_the_frontend_is_scaled_from_2_to_8_at_10_percent(built: Build, environment: str) -> None:
    """The autoscaler aims at 10 % of the requested CPU."""
    spec = built(environment, "frontend").one("HorizontalPodAutoscaler")["spec"]
    assert (spec["minReplicas"], spec["maxReplicas"]) == (2, 8)
    assert spec["scaleTargetRef"] == {"apiVersion": "apps/v1", "kind": "Deployment", "name": "frontend"}
    assert spec["metrics"] == [
        {
            "type": "Resource",
            "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 10}},
        }
    ]


@pytest.mark.parametrize("environment", ["staging", "prod"])
def test_the_autoscaler_alone_says_how_many(built: Build, environment: str) -> None:
    """The scaled Deployment has no `replicas`: each sync would take the autoscaler's number back."""
    assert "replicas" not in built(environment, "frontend").one("Deployment")["spec"]


@in_every_environment
@of_every_backend
def test_the_back_ends_are_not_scaled(built: Build, environment: str, service: str) -> None:
    """A service with a database beside it must not have an autoscaler."""
    assert built(environment, service).of("HorizontalPodAutoscaler") == []


# Spread


@in_every_environment
def test_the_frontend_is_spread_over_zones_and_nodes(built: Build, environment: str) -> None:
    """One constraint for each, both over the service's own pods."""
    constraints = built(environment, "frontend").pod["topologySpreadConstraints"]
    assert [each["topologyKey"] for each in constraints] == [
        "topology.kubernetes.io/zone",
        "kubernetes.io/hostname",
    ]
    assert all(each["labelSelector"] == {"matchLabels": {"app": "frontend"}} for each in constraints)


@in_every_environment
@of_every_service
def test_pods_of_one_service_avoid_each_other(built: Build, environment: str, service: str) -> None:
    """Anti-affinity by node, preferred so that a small cluster can still place them."""
    assert built(environment, service).pod["affinity"]["podAntiAffinity"] == {
        "preferredDuringSchedulingIgnoredDuringExecution": [
            {
                "weight": 100,
                "podAffinityTerm": {
                    "labelSelector": {"matchLabels": {"app": service}},
                    "topologyKey": "kubernetes.io/hostname",
                },
            }
        ]
    }


@in_every_environment
def test_thoughts_are_placed_beside_the_frontend(built: Build, environment: str) -> None:
    """Two services on one node: affinity to the pods of the other."""
    (term,) = built(environment, "thoughts-backend").pod["affinity"]["podAffinity"][
        "preferredDuringSchedulingIgnoredDuringExecution"
    ]
    assert term["podAffinityTerm"] == {
        "labelSelector": {"matchLabels": {"app": "frontend"}},
        "topologyKey": "kubernetes.io/hostname",
    }


# Services


@in_every_environment
@of_every_service
def test_the_type_of_the_service(built: Build, environment: str, service: str) -> None:
    """The frontend has a load balancer, the back ends a node port."""
    assert built(environment, service).one("Service")["spec"]["type"] == SERVICES[service][3]


@in_every_environment
@of_every_service
def test_port_80_leads_to_8000(built: Build, environment: str, service: str) -> None:
    """The first port carries the name that the source gave it."""
    assert built(environment, service).one("Service")["spec"]["ports"][0] == {
        "name": SERVICES[service][2],
        "port": 80,
        "protocol": "TCP",
        "targetPort": 8000,
    }


@in_every_environment
@of_every_service
def test_the_service_selects_the_pods(built: Build, environment: str, service: str) -> None:
    """The selector is the `app` of the Deployment's pods."""
    assert built(environment, service).one("Service")["spec"]["selector"] == {"app": service}


# Ingress and HTTPS at the edge


@pytest.mark.parametrize(
    ("service", "host"),
    [
        ("frontend", "frontend.example.local"),
        ("users-backend", "users.example.local"),
        ("thoughts-backend", "thoughts.example.local"),
    ],
)
def test_prod_is_reached_under_the_hosts_of_the_source(built: Build, service: str, host: str) -> None:
    """One Ingress a service: its host, the path `/`, the Service's port 80."""
    assert built("prod", service).one("Ingress")["spec"]["rules"] == [
        {
            "host": host,
            "http": {
                "paths": [
                    {
                        "path": "/",
                        "pathType": "Prefix",
                        "backend": {"service": {"name": SERVICES[service][1], "port": {"number": 80}}},
                    }
                ]
            },
        }
    ]


@in_every_environment
@of_every_service
def test_ingresses_use_the_current_api(built: Build, environment: str, service: str) -> None:
    """`extensions/v1beta1` was removed in Kubernetes 1.22."""
    assert built(environment, service).one("Ingress")["apiVersion"] == "networking.k8s.io/v1"


@in_every_environment
@of_every_service
def test_the_host_is_announced_to_route_53(built: Build, environment: str, service: str) -> None:
    """external-dns makes the record of the name that the Ingress answers to."""
    objects = built(environment, service)
    assert objects.annotations("Ingress")[DNS] == objects.one("Ingress")["spec"]["rules"][0]["host"]


@pytest.mark.parametrize("environment", ["staging", "prod"])
@of_every_service
def test_the_ingress_ends_https_and_redirects_to_it(built: Build, environment: str, service: str) -> None:
    """The certificate is one of the account and region; HTTP is sent on to 443."""
    annotations = built(environment, service).annotations("Ingress")
    assert annotations[f"{ALB}/listen-ports"] == '[{"HTTP":80},{"HTTPS":443}]'
    assert annotations[f"{ALB}/ssl-redirect"] == "443"
    assert annotations[f"{ALB}/certificate-arn"].startswith("arn:aws:acm:us-west-2:033870383707:certificate/")


@of_every_service
def test_dev_has_no_certificate_and_plain_http(built: Build, service: str) -> None:
    """Without a certificate there is no redirect to a port that nobody serves."""
    annotations = built("dev", service).annotations("Ingress")
    assert annotations[f"{ALB}/listen-ports"] == '[{"HTTP":80}]'
    assert f"{ALB}/ssl-redirect" not in annotations


def test_the_load_balancer_service_ends_https_too(built: Build) -> None:
    """Port 443 with the certificate, plain inside the cluster."""
    objects = built("prod", "frontend")
    annotations = objects.annotations("Service")
    assert annotations[f"{NLB}-ssl-cert"].startswith("arn:aws:acm:us-west-2:033870383707:certificate/")
    assert annotations[f"{NLB}-ssl-ports"] == "443"
    assert annotations[f"{NLB}-backend-protocol"] == "tcp"
    assert objects.one("Service")["spec"]["ports"][1] == {
        "name": "https",
        "port": 443,
        "protocol": "TCP",
        "targetPort": 8000,
    }


def test_the_load_balancer_service_is_announced_to_route_53(built: Build) -> None:
    """Its name is in the same domain as those of the Ingresses."""
    assert built("prod", "frontend").annotations("Service")[DNS] == "www.example.local"
