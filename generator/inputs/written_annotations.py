"""Annotations that a page writes over a word of its own: one of the two is dropped (WRK017)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.inputs.fault import Fault, Path, duplicate_fault
from generator.inputs.keys import name_of
from generator.model.derived import CHECKSUM, EXTERNAL_DNS, ROLE
from generator.model.network import AWS_CLASSES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from generator.model.network import Ingress, KubernetesService
    from generator.model.page import Page

_ALB = "alb.ingress.kubernetes.io/"
_NLB = "service.beta.kubernetes.io/aws-load-balancer-"
# Without `targetType`: it has a value where nobody writes one, so nobody can tell which of the two is meant.
_OF_INGRESS = {
    "scheme": f"{_ALB}scheme",
    "healthcheckPath": f"{_ALB}healthcheck-path",
    "groupName": f"{_ALB}group.name",
    "groupOrder": f"{_ALB}group.order",
}
_OF_BALANCER = {"scheme": f"{_NLB}scheme"}
_CLASSES = {None, *AWS_CLASSES}


def written_annotations(page: Page) -> Iterator[Fault]:
    """Yield a fault for each annotation that takes the place of what another word of the page says."""
    yield from _checksum(page)
    for path, account in page.all_accounts:
        said = {"role": account.role} if account.role else {}
        yield from _over(path, said, {"role": ROLE}, account.annotations)
    for path, ingress in page.all_ingresses:
        if ingress.className == "alb":
            yield from _over(path, _said(ingress, _OF_INGRESS), _OF_INGRESS, ingress.annotations)
    for path, service in page.all_services:
        if service.type == "LoadBalancer" and service.awsController and service.loadBalancerClass in _CLASSES:
            yield from _over(path, _said(service, _OF_BALANCER), _OF_BALANCER, service.annotations)
        yield from _announced(path, service)


def _checksum(page: Page) -> Iterator[Fault]:
    holding = [(path, settings) for path, _, settings in page.all_config_maps if settings.data or settings.files]
    if holding and page.image is not None and page.rollOnConfigChange and CHECKSUM in page.podAnnotations:
        path, settings = holding[0]
        data: Path = (*path, "data" if settings.data else "files")
        pods: Path = ("podAnnotations", CHECKSUM)
        message = f"'{name_of(pods)}' takes the place of the checksum by which a change of '{name_of(data)}' rolls"
        remedy = "drop the annotation, or keep it alone with `rollOnConfigChange: false`"
        yield duplicate_fault(pods, f"{message} the pods", remedy, (data, pods))


def _said(part: Ingress | KubernetesService, words: Mapping[str, str]) -> dict[str, Any]:
    return {word: getattr(part, word) for word in words if getattr(part, word) is not None}


def _over(
    path: Path, said: Mapping[str, Any], words: Mapping[str, str], annotations: Mapping[str, str]
) -> Iterator[Fault]:
    """Yield the annotations that say otherwise than the words which they take the place of."""
    for word, value in said.items():
        if annotations.get(words[word], str(value)) != str(value):
            yield _fault((*path, word), (*path, "annotations", words[word]))


def _announced(path: Path, service: KubernetesService) -> Iterator[Fault]:
    """Yield the annotation that announces other hosts: `host` and `subdomain` of a Service do nothing else."""
    hosts = [host.strip() for host in service.annotations.get(EXTERNAL_DNS, "").split(",")]
    word = "host" if service.host else "subdomain"
    wanted = service.host or service.subdomain
    if wanted and EXTERNAL_DNS in service.annotations and not any(_is(host, wanted, word) for host in hosts):
        yield _fault((*path, word), (*path, "annotations", EXTERNAL_DNS))


def _is(host: str, wanted: str, word: str) -> bool:
    return host == wanted if word == "host" else host.startswith(f"{wanted}.")


def _fault(word: Path, written: Path) -> Fault:
    message = f"'{name_of(written)}' takes the place of '{name_of(word)}'"
    return duplicate_fault(written, message, "keep one of the two", (word, written))
