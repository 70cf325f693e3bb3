"""Ingress backends: the Service and the port that each path leads to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.findings.nearest import did_you_mean
from generator.kubernetes.manifest import Path, at
from generator.kubernetes.objects import name, namespace, near
from generator.kubernetes.values import items, mapping, text
from generator.rules.rule import Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.model.base import Manifest
    from generator.rules.view import View

# Such a backend is an action of the AWS Load Balancer Controller, defined in an annotation, and no Service:
# https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/ingress/annotations/#actions
_ACTION = "use-annotation"


def backends(ingress: Manifest) -> Iterator[tuple[Path, str, dict[Any, Any]]]:
    """Yield path, Service name and `port` of each backend; actions of the load balancer are none."""
    for path in _backend_paths(ingress):
        service = mapping(at(ingress, (*path, "service")))
        port = mapping(service.get("port"))
        if text(service.get("name")) and port.get("name") != _ACTION:
            yield (*path, "service"), text(service.get("name")), port


def _backend_paths(ingress: Manifest) -> Iterator[Path]:
    yield ("spec", "defaultBackend")
    for rule, holder in enumerate(items(at(ingress, ("spec", "rules")))):
        for number, _ in enumerate(items(at(holder, ("http", "paths")))):
            yield ("spec", "rules", rule, "http", "paths", number, "backend")


def unreached(ingress: Manifest, view: View) -> Iterator[Violation]:
    """Yield each backend whose Service or port is missing; another overlay of the cluster may bring the Service."""
    services = {name(service): service for service in near(ingress, view.objects, "Service")}
    for path, wanted, port in backends(ingress):
        if wanted in services:
            yield from _port(path, wanted, port, services[wanted])
        elif wanted not in view.external:
            yield Violation(
                path=(*path, "name"),
                message=f"the backend is Service `{wanted}`, which is not in this render; the load balancer "
                f"answers 503",
                remedy=did_you_mean(wanted, services) or f"add the Service, or list `{wanted}` under `external:`",
                unless=("Service", namespace(ingress), wanted),
            )


def _port(path: Path, wanted: str, port: dict[Any, Any], service: Manifest) -> Iterator[Violation]:
    field = "name" if port.get("name") is not None else "number"
    offered = [mapping(one).get("name" if field == "name" else "port") for one in items(at(service, ("spec", "ports")))]
    if port.get(field) is not None and port[field] not in offered and at(service, ("spec", "type")) != "ExternalName":
        shown = ", ".join(str(one) for one in offered if one is not None) or "none"
        yield Violation(
            path=(*path, "port", field),
            message=f"the backend is port `{port[field]}` of Service `{wanted}`, which it does not have; the "
            f"load "
            f"balancer answers 503",
            remedy=f"the Service has: {shown}",
        )
