"""The Kubernetes Service, of any of the four types."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from generator.model.network import ServicePort
from generator.render import nlb, port
from generator.render.common import (
    FIELDS_OF_BALANCERS,
    drop_empty,
    external_dns_annotation,
    first_port,
    has_balancers,
    in_aws,
    metadata,
    service_name,
)

if TYPE_CHECKING:
    from generator.model.base import Manifest, Raw
    from generator.model.network import KubernetesService
    from generator.model.service import Service


def render(service: Service) -> Manifest | None:
    """Return the Service, None for a page without one; its pods need not declare a port."""
    entry = service.page.service
    return None if entry is None else _manifest(service, ("service",), entry, service_name(service))


def further(service: Service) -> list[Manifest]:
    """Return the other Services of the page's pods."""
    return [
        _manifest(service, ("services", key), entry, entry.name or f"{service.workload}-{key}")
        for key, entry in service.page.services.items()
    ]


def _manifest(service: Service, path: tuple[str, ...], entry: KubernetesService, name: str) -> Manifest:
    entry = _placed(service, path, entry)
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": metadata(
            service,
            name,
            entry,
            labels={"app": name},
            annotations={**nlb.render(service, entry), **external_dns_annotation(service, entry)},
        ),
        "spec": _external(entry) if entry.type == "ExternalName" else _spec(service, entry),
    }


def _placed(service: Service, path: tuple[str, ...], entry: KubernetesService) -> KubernetesService:
    """Return the Service as the cluster can have it: a port of each node where nobody makes load balancers."""
    if in_aws(service) or entry.type != "LoadBalancer":
        return entry
    if has_balancers(service, path):
        return msgspec.structs.replace(entry, loadBalancerClass=nlb.foreign_class(entry))
    spec = {field: value for field, value in entry.spec.items() if field not in FIELDS_OF_BALANCERS}
    return msgspec.structs.replace(
        entry, type="NodePort", loadBalancerClass=None, loadBalancerSourceRanges=[], spec=spec
    )


def _external(entry: KubernetesService) -> Raw:
    return drop_empty({"type": "ExternalName", "externalName": entry.externalName, **entry.spec})


def _spec(service: Service, entry: KubernetesService) -> Raw:
    return drop_empty(
        {
            "type": entry.type,
            "clusterIP": "None" if entry.headless else None,
            "loadBalancerClass": entry.loadBalancerClass,
            "loadBalancerSourceRanges": entry.loadBalancerSourceRanges,
            "externalTrafficPolicy": entry.externalTrafficPolicy,
            "internalTrafficPolicy": entry.internalTrafficPolicy,
            "sessionAffinity": entry.sessionAffinity,
            "sessionAffinityConfig": entry.sessionAffinityConfig,
            "publishNotReadyAddresses": entry.publishNotReadyAddresses,
            "ipFamilyPolicy": entry.ipFamilyPolicy,
            "ipFamilies": entry.ipFamilies,
            "selector": entry.selector or service.selector,
            "ports": _ports(service, entry),
            **entry.spec,
        }
    )


def _ports(service: Service, entry: KubernetesService) -> list[Raw]:
    target = entry.targetPort or port.first(service.page)
    number = first_port(entry)
    clear = number and not nlb.only_secure(service, entry)
    ports = {entry.portName: _first(entry, number, target)} if number and clear else {}
    if nlb.secure(service, entry):
        ports["https"] = ServicePort(port=nlb.HTTPS_PORT, targetPort=target)
    return [_port(name, number) for name, number in {**ports, **entry.ports}.items()]


def _first(entry: KubernetesService, number: int, target: int | str | None) -> ServicePort:
    return ServicePort(
        port=number,
        targetPort=target,
        nodePort=entry.nodePort,
        protocol=entry.protocol,
        appProtocol=entry.appProtocol,
    )


def _port(name: str, wish: ServicePort) -> Raw:
    return drop_empty(
        {
            "name": name or None,
            "port": wish.port,
            "targetPort": wish.targetPort or wish.port,
            "nodePort": wish.nodePort,
            "protocol": wish.protocol,  # always: with the number it is the merge key of patches
            "appProtocol": wish.appProtocol,
        }
    )
