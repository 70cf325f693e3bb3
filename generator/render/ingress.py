"""The Ingress: one host (or none), several paths, all to the page's Service."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.render import alb
from generator.render.common import (
    AFTER_WORKLOAD,
    SYNC_WAVE,
    announced,
    filled,
    first_port,
    hostname,
    in_aws,
    metadata,
    service_name,
)

if TYPE_CHECKING:
    from generator.model.base import Manifest, Raw
    from generator.model.network import Ingress
    from generator.model.service import Service


def render(service: Service) -> Manifest | None:
    """Give the Ingress, None for a page without one."""
    entry = service.page.ingress
    if entry is None:
        return None
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "Ingress",
        "metadata": metadata(
            service,
            entry.name or service.workload,
            labels=entry.labels,
            annotations=_annotations(service, entry),
            override=entry.annotations,
        ),
        "spec": filled(
            {
                "ingressClassName": _class(service, entry),
                "tls": _tls(service, entry),
                "rules": [_rule(service, entry)],
            }
        ),
    }


def _class(service: Service, entry: Ingress) -> str | None:
    """Give the class: the page's, or where there is no AWS the cluster's own."""
    if service.placement is None or in_aws(service):
        return entry.className
    return service.placement.ingress_class


def _annotations(service: Service, entry: Ingress) -> dict[str, str]:
    # After the workload: traffic comes when there are pods to take it.
    return {
        SYNC_WAVE: AFTER_WORKLOAD,
        **(alb.render(service, entry) if entry.className == "alb" and in_aws(service) else {}),
        **announced(service, entry),
    }


def _tls(service: Service, entry: Ingress) -> list[Raw]:
    if entry.tlsSecret is None:
        return []
    host = hostname(service, entry)
    return [filled({"hosts": [host] if host else [], "secretName": entry.tlsSecret})]


def _rule(service: Service, entry: Ingress) -> Raw:
    paths = [_path(service, path, entry.pathType) for path in entry.paths]
    return filled({"host": hostname(service, entry), "http": {"paths": paths}})


def _path(service: Service, path: str, kind: str) -> Raw:
    backend = {"name": service_name(service), "port": {"number": _port(service)}}
    return {"path": path, "pathType": kind, "backend": {"service": backend}}


def _port(service: Service) -> int:
    """Return the number of the Service's first port."""
    entry = service.page.service
    if entry is None:
        return 80
    return first_port(entry) or next(port.port for port in entry.ports.values())
