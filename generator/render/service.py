"""The Kubernetes Service, of any of the four types."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from generator.model.network import ServicePort
from generator.render import nlb, port
from generator.render.common import announced, filled, in_aws, metadata, service_name

if TYPE_CHECKING:
    from generator.model.base import Manifest, Raw
    from generator.model.network import KubernetesService
    from generator.model.service import Service


def render(service: Service) -> Manifest | None:
    """Return the Service, None for a page without one; its pods need not declare a port."""
    entry = service.page.service
    if entry is None:
        return None
    name = service_name(service)
    entry = _placed(service, entry)
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": metadata(
            service,
            name,
            labels={"app": name, **entry.labels},
            annotations={**nlb.render(service, entry), **announced(service, entry)},
            override=entry.annotations,
        ),
        "spec": _external(entry) if entry.type == "ExternalName" else _spec(service, entry),
    }


def _placed(service: Service, entry: KubernetesService) -> KubernetesService:
    """Give the Service as the cluster can have it: where nobody makes load balancers, a port of each node stands in."""
    if in_aws(service) or entry.type != "LoadBalancer":
        return entry
    return msgspec.structs.replace(entry, type="NodePort", loadBalancerClass=None, loadBalancerSourceRanges=[])


def _external(entry: KubernetesService) -> Raw:
    return filled({"type": "ExternalName", "externalName": entry.externalName})


def _spec(service: Service, entry: KubernetesService) -> Raw:
    return filled(
        {
            "type": entry.type,
            "clusterIP": "None" if entry.headless else None,
            "loadBalancerClass": entry.loadBalancerClass,
            "loadBalancerSourceRanges": entry.loadBalancerSourceRanges,
            "externalTrafficPolicy": entry.externalTrafficPolicy,
            "sessionAffinity": entry.sessionAffinity,
            "selector": service.selector,
            "ports": _ports(service, entry),
        }
    )


def _ports(service: Service, entry: KubernetesService) -> list[Raw]:
    target = entry.targetPort or port.first(service.page)
    ports = {entry.portName: ServicePort(port=entry.port, targetPort=target, nodePort=entry.nodePort)}
    if nlb.secure(service, entry):
        ports["https"] = ServicePort(port=nlb.HTTPS_PORT, targetPort=target)
    return [_port(name, number) for name, number in {**ports, **entry.ports}.items()]


def _port(name: str, wish: ServicePort) -> Raw:
    return filled(
        {
            "name": name,
            "port": wish.port,
            "targetPort": wish.targetPort or wish.port,
            "nodePort": wish.nodePort,
            "protocol": wish.protocol,  # always: with the number it is the merge key of patches
            "appProtocol": wish.appProtocol,
        }
    )
