"""What several kinds share: metadata, labels, names, and the rule that only set fields are written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from generator.model.derived import EXTERNAL_DNS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.model.base import Labelled
    from generator.model.network import Ingress, KubernetesService
    from generator.model.page import JobSettings
    from generator.model.service import Service

SYNC_WAVE = "argocd.argoproj.io/sync-wave"
SYNC_OPTIONS = "argocd.argoproj.io/sync-options"

# The waves of a service: Argo CD begins one when all of the one before is applied and healthy. The workload itself has
# none, which is 0.
BEFORE_MIGRATIONS = "-2"
MIGRATIONS = "-1"
AFTER_WORKLOAD = "1"

# AWS recommends it for new listeners; the default of controller and API (2016-08) still speaks TLS 1.0.
# https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html
TLS_POLICY = "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09"


# Fields of a Service's `spec` that the API server takes for no other type than LoadBalancer.
FIELDS_OF_BALANCERS = frozenset({"allocateLoadBalancerNodePorts", "healthCheckNodePort", "loadBalancerIP"})

# Classes that a cluster without AWS has its own for.
_OF_THE_CLUSTER = (None, "alb")


def drop_empty(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields that say something, in their order: not None, no empty mapping, no empty list."""
    return {name: value for name, value in fields.items() if value or not _says_nothing(value)}


def _says_nothing(value: Any) -> bool:
    return value is None or (isinstance(value, (dict, list)) and not value)


def ownership(system: str) -> dict[str, str]:
    """Return the labels of everything that Fairlead renders for a system."""
    return {"app.kubernetes.io/part-of": system, "app.kubernetes.io/managed-by": "fairlead"}


def metadata(
    service: Service,
    name: str,
    said: Labelled | JobSettings | None = None,
    *,
    labels: Mapping[str, str] | None = None,
    annotations: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Return the metadata of an object of a service; `said` is what the page says of this object alone.

    Later words win: `annotations` of the renderer, the page's words for all objects, `labels` of the renderer, `said`.
    """
    page = service.page
    return drop_empty(
        {
            "name": name,
            "namespace": service.namespace or None,
            "labels": {
                "app": service.workload,
                **ownership(service.system),
                **page.labels,
                **(labels or {}),
                **(said.labels if said else {}),
            },
            "annotations": {**(annotations or {}), **page.annotations, **(said.annotations if said else {})},
        }
    )


def service_name(service: Service) -> str:
    """Return the name of the Kubernetes Service."""
    return (service.page.service and service.page.service.name) or service.workload


def first_port(entry: KubernetesService) -> int | None:
    """Return the number of the port before `ports`: 80 unless written, None where the page leaves it out."""
    return entry.port or (None if entry.ports else 80)


def hostname(service: Service, entry: Ingress | KubernetesService) -> str | None:
    """Return the host of an entry; a subdomain has none until an environment brings a domain."""
    if entry.host:
        return entry.host
    domain = service.placement.domain if service.placement else None
    return f"{entry.subdomain}.{domain}" if entry.subdomain and domain else None


def in_aws(service: Service) -> bool:
    """Return whether AWS's controllers read what is rendered; the base says what holds wherever they do."""
    return service.placement is None or service.placement.provider == "aws"


def ingress_class(service: Service, path: Sequence[str | int], entry: Ingress) -> str | None:
    """Return the class of the Ingress at `path` of the page.

    Without AWS the cluster's own stands in for `alb` and for none, unless the page's own part for the environment says
    what it wants.
    """
    if service.placement is None or in_aws(service) or entry.className not in _OF_THE_CLUSTER:
        return entry.className
    return entry.className if is_said_there(service, (*path, "className")) else service.placement.ingress_class


def has_balancers(service: Service, path: Sequence[str | int]) -> bool:
    """Return whether the Service at `path` of the page may be a LoadBalancer: some are made, or the page insists."""
    there = service.placement is not None and service.placement.load_balancers
    return in_aws(service) or there or is_said_there(service, (*path, "type"))


def is_said_there(service: Service, path: Sequence[str | int]) -> bool:
    """Return whether the page's own part for the environment has a word at `path`, be it `null`."""
    own: Any = service.own
    for step in path:
        if not isinstance(own, Mapping) or step not in own:
            return False
        own = own[step]
    return True


def certificate(service: Service) -> str | None:
    """Return the ARN of the environment's certificate, None in the base and without one, or without AWS."""
    return service.placement.certificate if service.placement and in_aws(service) else None


def hostnames(service: Service, entry: Ingress | KubernetesService) -> list[str]:
    """Return all hosts of an entry, each once, its own first."""
    host = hostname(service, entry)
    return list(dict.fromkeys([*([host] if host else []), *getattr(entry, "hosts", {})]))


def external_dns_annotation(service: Service, entry: Ingress | KubernetesService) -> dict[str, str]:
    """Return the annotation by which external-dns learns the hosts; without AWS there is no zone to put them in."""
    hosts = hostnames(service, entry)
    return {EXTERNAL_DNS: ",".join(hosts)} if hosts and in_aws(service) else {}
