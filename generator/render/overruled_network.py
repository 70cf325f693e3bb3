"""Words of a Service and of an Ingress that are left out or replaced, each with the reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.model.overruled import Overruled, Path
from generator.render import nlb
from generator.render.common import FIELDS_OF_BALANCERS, first_port, has_balancers, in_aws, ingress_class
from generator.render.overruling import NOT_AWS, stated_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.model.network import Ingress, KubernetesService
    from generator.model.service import Service

_OF_PORTS = (
    "port", "portName", "targetPort", "nodePort", "ports", "headless", "externalTrafficPolicy", "sessionAffinity",
    "protocol", "appProtocol", "internalTrafficPolicy", "sessionAffinityConfig", "publishNotReadyAddresses",
    "ipFamilyPolicy", "ipFamilies", "selector",
)  # fmt: skip
_OF_BALANCERS = ("scheme", "https", "loadBalancerClass", "loadBalancerSourceRanges", "awsController")
# What is said to the controller that makes the balancer in AWS, or about it.
_OF_AWS = ("scheme", "https", "awsController")
_OF_ALB = ("scheme", "targetType", "https", "healthcheckPath", "groupName", "groupOrder")


def service_words(service: Service) -> Iterator[Overruled]:
    """Yield the words of a page's Services that are not rendered as they are written."""
    for path, entry in service.page.all_services:
        yield from _of_service(service, path, entry)


def _of_service(service: Service, path: Path, entry: KubernetesService) -> Iterator[Overruled]:
    if entry.type == "ExternalName":
        yield from stated_words(
            entry, path, (*_OF_PORTS, *_OF_BALANCERS), "an ExternalName is a name alone", (*path, "type")
        )
    elif entry.type != "LoadBalancer":
        why = f"a Service of type {entry.type} has no load balancer"
        yield from stated_words(entry, path, _OF_AWS, why, (*path, "type"))
    elif not in_aws(service):
        yield from _without_aws(service, path, entry)
    elif word := nlb.foreign_word(service, entry):
        why = f"the AWS Load Balancer Controller does not make the balancer: `{word[-1]}` says so"
        words = [each for each in _OF_AWS if word != (each,)]
        yield from stated_words(entry, path, words, why, (*path, *word))
    if entry.type != "ExternalName" and first_port(entry) is None:
        why = "the Service has no port before `ports`"
        yield from stated_words(
            entry, path, ("portName", "targetPort", "nodePort", "protocol", "appProtocol"), why, (*path, "port")
        )
    yield from _host(path, entry)
    if not in_aws(service):
        why = f"{NOT_AWS}, and nothing announces names there"
        yield from stated_words(entry, path, ("host",) if entry.host else ("subdomain",), why)


def _without_aws(service: Service, path: Path, entry: KubernetesService) -> Iterator[Overruled]:
    """Yield the words of a load balancer where AWS makes none."""
    if not has_balancers(service, path):
        yield Overruled((*path, "type"), "NodePort", f"{NOT_AWS}, and nothing makes load balancers there")
        yield from stated_words(entry, path, _OF_BALANCERS, NOT_AWS)
        why = f"{NOT_AWS}, and a Service of type NodePort has no load balancer"
        for field in (field for field in entry.spec if field in FIELDS_OF_BALANCERS):
            yield Overruled((*path, "spec", field), "nothing", why)
        return
    words = ("loadBalancerClass",) if nlb.foreign_class(entry) is None else ()
    yield from stated_words(entry, path, (*_OF_AWS, *words), NOT_AWS)


def ingress_words(service: Service) -> Iterator[Overruled]:
    """Yield the words of a page's Ingresses that are not rendered as they are written."""
    for path, entry in service.page.all_ingresses:
        yield from _of_ingress(service, path, entry)


def _of_ingress(service: Service, path: Path, entry: Ingress) -> Iterator[Overruled]:
    if not in_aws(service):
        given = ingress_class(service, path, entry)
        if entry.className != given and entry.className is not None:
            why = f"{NOT_AWS}: the class of the cluster stands in for alb"
            yield Overruled((*path, "className"), given or "nothing", why)
        yield from stated_words(entry, path, _OF_ALB, NOT_AWS)
    elif entry.className != "alb":
        why = f"the class is {entry.className or 'not alb'}, and these words speak to class alb"
        yield from stated_words(entry, path, _OF_ALB, why, (*path, "className"))
    yield from _host(path, entry)
    if entry.hosts and not (entry.host or entry.subdomain) and all(entry.hosts.values()):
        why = "each of `hosts` has paths of its own"
        yield from stated_words(entry, path, ("paths",), why, (*path, "hosts"))


def _host(path: Path, entry: KubernetesService | Ingress) -> Iterator[Overruled]:
    if entry.host:
        yield from stated_words(entry, path, ("subdomain",), "`host` is the whole name", (*path, "host"))
