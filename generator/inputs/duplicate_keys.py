"""What a merged page has twice and a patch cannot tell apart (WRK017).

kustomize merges these lists by key: of two entries with one key it builds one, so the rule would never see both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.inputs.fault import Fault, Path, duplicate_fault
from generator.inputs.keys import name_of
from generator.model.container import ContainerPort
from generator.model.network import IngressPath

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from generator.model.container import Container
    from generator.model.network import Ingress, KubernetesService
    from generator.model.page import Page

_REFUSED = "the API server refuses the {}"


def doubles(page: Page) -> Iterator[Fault]:
    """Yield the faults of entries whose merge keys are equal."""
    spread: list[tuple[Path, str]] = [
        (("topologySpreadConstraints", number), f"{wish.topologyKey}, {wish.whenUnsatisfiable}")
        for number, wish in enumerate(page.topologySpreadConstraints)
    ]
    yield from _twice(spread, "topology spread constraint", _REFUSED.format("pods"))
    for path, container in page.all_containers:
        yield from _twice(_listening(path, container), "port", "only one process of a pod can listen there")
    for path, ingress in page.all_ingresses:
        # Of an application load balancer an annotation may tell two rules of one path apart, by a header for example.
        told_apart = any("/conditions." in key or "/actions." in key for key in ingress.annotations)
        if not told_apart:
            yield from _twice(_requests(path, ingress), "path", "requests go to one of their backends alone")
    for path, service in page.all_services:
        if service.type != "ExternalName":
            yield from _twice(_ports(path, service), "port", _REFUSED.format("Service"))


def _requests(path: Path, ingress: Ingress) -> Iterator[tuple[Path, str]]:
    """Yield the paths of an Ingress with the entries that say them."""
    own = ingress.host or (f"{ingress.subdomain}.<domain>" if ingress.subdomain else "")
    said: list[tuple[str, Path, list[str | IngressPath]]] = []
    if own or not ingress.hosts:
        said.append((own, (*path, "paths"), ingress.paths))
    said += [(host, (*path, "hosts", host), paths) for host, paths in ingress.hosts.items() if paths]
    said += [(host, (*path, "paths"), ingress.paths) for host, paths in ingress.hosts.items() if not paths]
    for host, where, paths in said:
        for number, one in enumerate(paths):
            wish = IngressPath(path=one) if isinstance(one, str) else one
            yield (*where, number), f"{host}{wish.path} ({wish.pathType or ingress.pathType})"


def _listening(path: Path, container: Container) -> Iterator[tuple[Path, str]]:
    """Yield the ports of a container with the keys that set them."""
    if container.port is not None and "http" not in container.ports:
        yield (*path, "port"), f"{container.port}/TCP"
    for name, port in container.ports.items():
        detail = port if isinstance(port, ContainerPort) else ContainerPort(port=port)
        where = f" on {detail.hostIP}" if detail.hostIP else ""
        yield (*path, "ports", name), f"{detail.port}/{detail.protocol}{where}"


def _ports(path: Path, service: KubernetesService) -> Iterator[tuple[Path, str]]:
    """Yield the ports of a Service with the keys that set them."""
    if service.port is not None and service.portName not in service.ports:
        yield (*path, "port"), f"{service.port}/{service.protocol}"
    for name, port in service.ports.items():
        yield (*path, "ports", name), f"{port.port}/{port.protocol}"


def _twice(named: Iterable[tuple[Path, str]], what: str, effect: str) -> Iterator[Fault]:
    first: dict[str, Path] = {}
    for path, name in named:
        other = first.setdefault(name, path)
        if other is not path:
            both = f"'{name_of(other)}' and '{name_of(path)}'"
            message = f"{what} `{name}` is there twice ({both}); {effect}"
            yield duplicate_fault(path, message, "keep one of the two")
