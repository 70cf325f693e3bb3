"""Words of a Service and of an Ingress that are left out or replaced, each with the reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.model.overruled import Overruled, Path
from generator.render import ingress, nlb
from generator.render.common import first_port, in_aws
from generator.render.overruling import NOT_AWS, said
from generator.render.service import placed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.model.network import Ingress, KubernetesService
    from generator.model.service import Service

_OF_PORTS = (
    "port", "portName", "targetPort", "nodePort", "ports", "headless", "externalTrafficPolicy", "sessionAffinity",
    "appProtocol", "internalTrafficPolicy", "sessionAffinityConfig", "publishNotReadyAddresses", "ipFamilyPolicy",
    "ipFamilies",
)  # fmt: skip
_OF_BALANCERS = ("scheme", "https", "loadBalancerClass", "loadBalancerSourceRanges")
_OF_ALB = ("scheme", "targetType", "https", "healthcheckPath", "groupName", "groupOrder")


def service_words(service: Service) -> Iterator[Overruled]:
    """Yield the words of a page's Services that are not rendered as they are written."""
    for path, entry in service.page.all_services:
        yield from _of_service(service, path, entry)


def _of_service(service: Service, path: Path, entry: KubernetesService) -> Iterator[Overruled]:
    if entry.type == "ExternalName":
        yield from said(entry, path, (*_OF_PORTS, *_OF_BALANCERS), "an ExternalName is a name alone", (*path, "type"))
    elif entry.type != "LoadBalancer":
        why = f"a Service of type {entry.type} has no load balancer"
        yield from said(entry, path, ("scheme", "https"), why, (*path, "type"))
    elif not in_aws(service):
        yield from _without_aws(service, path, entry)
    elif not nlb.is_ours(service, entry):
        why = "the AWS Load Balancer Controller does not make a balancer of that class"
        yield from said(entry, path, ("scheme", "https"), why, (*path, "loadBalancerClass"))
    if entry.type != "ExternalName" and first_port(entry) is None:
        why = "the Service has no port before `ports`"
        yield from said(entry, path, ("portName", "targetPort", "nodePort", "appProtocol"), why, (*path, "port"))
    yield from _host(path, entry)
    if not in_aws(service):
        why = f"{NOT_AWS}, and nothing announces names there"
        yield from said(entry, path, ("host",) if entry.host else ("subdomain",), why)


def _without_aws(service: Service, path: Path, entry: KubernetesService) -> Iterator[Overruled]:
    """Yield what is left of a load balancer where AWS makes none."""
    there = placed(service, entry)
    if there.type != entry.type:
        yield Overruled((*path, "type"), there.type, f"{NOT_AWS}, and nothing makes load balancers there")
    gone = [
        word for word in _OF_BALANCERS if word in {"scheme", "https"} or getattr(there, word) != getattr(entry, word)
    ]
    yield from said(entry, path, tuple(gone), NOT_AWS)


def ingress_words(service: Service) -> Iterator[Overruled]:
    """Yield the words of a page's Ingresses that are not rendered as they are written."""
    for path, entry in service.page.all_ingresses:
        yield from _of_ingress(service, path, entry)


def _of_ingress(service: Service, path: Path, entry: Ingress) -> Iterator[Overruled]:
    given = ingress.class_of(service, entry)
    if entry.className not in {None, given}:
        why = f"{NOT_AWS}: an Ingress has the class of the cluster"
        yield Overruled((*path, "className"), given or "nothing", why)
    if not in_aws(service):
        yield from said(entry, path, _OF_ALB, NOT_AWS)
    elif entry.className != "alb":
        why = f"the class is {entry.className or 'not alb'}, and these words speak to class alb"
        yield from said(entry, path, _OF_ALB, why, (*path, "className"))
    yield from _host(path, entry)
    if entry.hosts and not (entry.host or entry.subdomain) and all(entry.hosts.values()):
        why = "each of `hosts` has paths of its own"
        yield from said(entry, path, ("paths",), why, (*path, "hosts"))


def _host(path: Path, entry: KubernetesService | Ingress) -> Iterator[Overruled]:
    if entry.host:
        yield from said(entry, path, ("subdomain",), "`host` is the whole name", (*path, "host"))
