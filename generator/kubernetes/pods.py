"""Pods as the rules see them: the template inside a workload, its labels, its containers and their ports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from generator.kubernetes.manifest import Path, at, pod_template_path
from generator.kubernetes.objects import SERVING, kind, near
from generator.kubernetes.values import items, mapping, text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from generator.model.base import Manifest


class PodContainer(NamedTuple):
    """A container, its path in the object, and whether it runs to an end before the others start."""

    path: Path
    spec: dict[Any, Any]
    initial: bool

    @property
    def name(self) -> str:
        """The container's name, or its place where it has none."""
        return text(self.spec.get("name")) or f"{self.path[-2]}[{self.path[-1]}]"


class Port(NamedTuple):
    """A declared port: where in the object, its name (maybe empty), number and protocol."""

    path: Path
    name: str
    number: Any
    protocol: str


def template(manifest: Manifest) -> tuple[Path, dict[Any, Any]] | None:
    """Return the pod template of a workload and its path, None for an object without one."""
    path = pod_template_path(manifest) if kind(manifest) else None
    return None if path is None else (path, mapping(at(manifest, path)))


def pod(manifest: Manifest) -> tuple[Path, dict[Any, Any]]:
    """Return the pod's `spec` and its path; empty for an object without pods."""
    found = template(manifest)
    return ((*found[0], "spec"), mapping(found[1].get("spec"))) if found else ((), {})


def labels(manifest: Manifest) -> dict[Any, Any]:
    """Return the labels that the object's pods carry; a custom resource may hold a pod template too."""
    found = template(manifest)
    inner = found[1] if found else mapping(at(manifest, ("spec", "template")))
    return mapping(mapping(inner.get("metadata")).get("labels"))


def containers(manifest: Manifest) -> list[PodContainer]:
    """Return every container, init containers first; a native sidecar does not count as initial."""
    path, spec = pod(manifest)
    return [
        PodContainer((*path, where, number), one, where == "initContainers" and one.get("restartPolicy") != "Always")
        for where in ("initContainers", "containers")
        for number, one in enumerate(items(spec.get(where)))
        if isinstance(one, dict)
    ]


def lasting(manifest: Manifest) -> list[PodContainer]:
    """Return the containers that live as long as their pod."""
    return [container for container in containers(manifest) if not container.initial]


def ports(container: PodContainer) -> Iterator[Port]:
    """Yield the ports that a container declares."""
    for number, port in enumerate(items(container.spec.get("ports"))):
        if isinstance(port, dict):
            path = (*container.path, "ports", number)
            protocol = text(port.get("protocol")) or "TCP"
            yield Port(path, text(port.get("name")), port.get("containerPort"), protocol)


def variables(container: PodContainer) -> Iterator[tuple[Path, str, Any]]:
    """Yield path, name and value of each environment variable; None for a value from elsewhere."""
    for number, variable in enumerate(items(container.spec.get("env"))):
        if isinstance(variable, dict):
            yield (*container.path, "env", number), text(variable.get("name")), variable.get("value")


def selects(service: Manifest, workload: Manifest) -> bool:
    """Return whether a Service picks the pods of a workload; one without selector picks none."""
    selector = mapping(mapping(service.get("spec")).get("selector"))
    return bool(selector) and selector.items() <= labels(workload).items()


def requested_ports(service: Manifest) -> list[dict[Any, Any]]:
    """Return the ports of a Service on which requests arrive: nobody waits for what a port of metrics answers."""
    declared = [port for port in items(mapping(service.get("spec")).get("ports")) if isinstance(port, dict)]
    return [port for port in declared if "metrics" not in text(port.get("name")).split("-")]


def is_scraped_only(service: Manifest) -> bool:
    """Report whether a Service has ports, all of them called `metrics`."""
    return bool(mapping(service.get("spec")).get("ports")) and not requested_ports(service)


def selected_workloads(service: Manifest, objects: Iterable[Manifest]) -> list[Manifest]:
    """Return the serving workloads near a Service whose pods its selector picks."""
    return [workload for workload in near(service, objects, *SERVING) if selects(service, workload)]
