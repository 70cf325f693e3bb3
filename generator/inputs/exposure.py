"""What the types of Services and Ingresses cannot say: ports with names of their own, words that need a place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.inputs.fault import Fault, Path
from generator.inputs.keys import name_of
from generator.model.network import AWS_CLASSES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.model.network import Ingress, KubernetesService
    from generator.model.page import Page
    from generator.model.service import Placement


def unfit_services(page: Page, placement: Placement | None) -> Iterator[Fault]:
    """Yield the faults of a page's Services and Ingresses; `placement` is None for the base."""
    for where, service in page.all_services:
        yield from _service(where, service, placement)
    for where, ingress in page.all_ingresses:
        yield from _reachable(where, ingress, placement)


def _service(path: Path, service: KubernetesService, placement: Placement | None) -> Iterator[Fault]:
    if service.type == "ExternalName" and not service.externalName:
        yield Fault(
            (*path, "type"), "a Service of type ExternalName without 'externalName'", "add `externalName: HOST`"
        )
    if service.type != "ExternalName" and service.externalName:
        message = f"'{name_of(path)}.externalName' has no effect on type {service.type}"
        yield Fault((*path, "externalName"), message, "write `type: ExternalName`, or drop it")
    if not service.awsController and service.loadBalancerClass in AWS_CLASSES:
        message = f"'{name_of(path)}.awsController' is false, and 'loadBalancerClass' is that controller's own"
        yield Fault((*path, "awsController"), message, "drop one of the two")
    if path == ("service",) and service.type != "ExternalName" and service.port is None and not service.ports:
        message = f"'{name_of(path)}' has no port: `port: null` leaves out its only one"
        yield Fault(path, message, "add `port:` or `ports:`")
    if service.port is not None and service.portName in service.ports:
        message = f"'{name_of(path)}.ports.{service.portName}' has the name of the first port"
        yield Fault((*path, "ports", service.portName), message, "rename one of them, the first by `portName:`")
    if service.port is not None and (service.ports or service.https) and not service.portName:
        message = f"'{name_of(path)}.portName' is empty, and the Service has more ports than one"
        yield Fault((*path, "portName"), message, "name it: the API server takes a port without a name only alone")
    yield from _reachable(path, service, placement)


def _reachable(path: Path, entry: KubernetesService | Ingress, placement: Placement | None) -> Iterator[Fault]:
    """Yield the faults of words that the environment has to complete."""
    if placement is None:
        return
    place = f"the system's environment '{placement.environment}'"
    if entry.https and placement.certificate is None and placement.provider == "aws":
        message = f"'{name_of((*path, 'https'))}' is true, and {place} has no certificate"
        yield Fault(
            (*path, "https"),
            message,
            f"add `certificate:` there, or `https: false` under `environments.{placement.environment}`",
        )
    if entry.subdomain is not None and entry.host is None and placement.domain is None:
        message = f"'{name_of((*path, 'subdomain'))}' is '{entry.subdomain}', and {place} has no domain"
        yield Fault((*path, "subdomain"), message, "add `domain:` there, or write the whole name as `host:`")
