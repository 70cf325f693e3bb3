"""Words of a Service and of an Ingress that are left out or replaced, each with the reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.model.overruled import Overruled, Path
from generator.render import nlb
from generator.render.common import in_aws
from generator.render.overruling import NOT_AWS, said

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.model.service import Service

_OF_PORTS = (
    "port", "portName", "targetPort", "nodePort", "ports", "headless", "externalTrafficPolicy", "sessionAffinity",
)  # fmt: skip
_OF_BALANCERS = ("scheme", "https", "loadBalancerClass", "loadBalancerSourceRanges")
_OF_ALB = ("scheme", "targetType", "https", "healthcheckPath", "groupName", "groupOrder")


def service_words(service: Service) -> Iterator[Overruled]:
    """Yield the words of a page's Service that are not rendered as they are written."""
    entry, path = service.page.service, ("service",)
    if entry is None:
        return
    if entry.type == "ExternalName":
        yield from said(entry, path, (*_OF_PORTS, *_OF_BALANCERS), "an ExternalName is a name alone", (*path, "type"))
    elif entry.type != "LoadBalancer":
        why = f"a Service of type {entry.type} has no load balancer"
        yield from said(entry, path, ("scheme", "https"), why, (*path, "type"))
    elif not in_aws(service):
        yield Overruled((*path, "type"), "NodePort", f"{NOT_AWS}, and nothing makes load balancers there")
        yield from said(entry, path, _OF_BALANCERS, NOT_AWS)
    elif not nlb.is_ours(service, entry):
        why = "the AWS Load Balancer Controller does not make a balancer of that class"
        yield from said(entry, path, ("scheme", "https"), why, (*path, "loadBalancerClass"))
    if entry.type != "ExternalName" and entry.port is None:
        why = "the Service has no port before `ports`"
        yield from said(entry, path, ("portName", "targetPort", "nodePort"), why, (*path, "port"))
    yield from _host(service, path)


def ingress_words(service: Service) -> Iterator[Overruled]:
    """Yield the words of a page's Ingress that are not rendered as they are written."""
    entry, path = service.page.ingress, ("ingress",)
    if entry is None:
        return
    if not in_aws(service):
        given = service.placement.ingress_class if service.placement else None
        if entry.className != given and entry.className is not None:
            why = f"{NOT_AWS}: an Ingress has the class of the cluster"
            yield Overruled((*path, "className"), given or "nothing", why)
        yield from said(entry, path, _OF_ALB, NOT_AWS)
    elif entry.className != "alb":
        why = f"the class is {entry.className or 'not alb'}, and these words speak to class alb"
        yield from said(entry, path, _OF_ALB, why, (*path, "className"))
    yield from _host(service, path)


def _host(service: Service, path: Path) -> Iterator[Overruled]:
    entry = service.page.service if path == ("service",) else service.page.ingress
    if entry is None:
        return
    if entry.host:
        yield from said(entry, path, ("subdomain",), "`host` is the whole name", (*path, "host"))
    if path == ("service",) and not in_aws(service):
        why = f"{NOT_AWS}, and nothing announces names there"
        yield from said(entry, path, ("host",) if entry.host else ("subdomain",), why)
