"""What the types of a merged page cannot say: exactly one of some, names that must exist, words that need a place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.image import is_own
from generator.inputs.accounts import unfit_account
from generator.inputs.addresses import unfit_addresses
from generator.inputs.clashes import clashes
from generator.inputs.configmaps import mountable
from generator.inputs.doubles import doubles
from generator.inputs.fault import Fault, Path, placed
from generator.inputs.imageless import imageless
from generator.inputs.job_accounts import unfit_accounts
from generator.inputs.keys import name_of
from generator.inputs.namesakes import namesakes
from generator.inputs.owned_labels import owned_labels
from generator.inputs.schedules import unfit_schedules
from generator.inputs.secrets import unfit_secrets
from generator.inputs.selectors import unfit_selectors
from generator.inputs.suppression import idle_suppressions
from generator.inputs.written_annotations import written_annotations
from generator.model.container import GRPC, Exec, HTTPGet, TCPSocket, mount_name
from generator.model.network import AWS_CLASSES
from generator.model.page import JobSettings
from generator.nearest import nearest

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from generator.finding import Finding
    from generator.inputs.layers import Layers
    from generator.model.container import Container, Probe
    from generator.model.network import Ingress, KubernetesService
    from generator.model.page import Page
    from generator.model.service import Placement


_PROBES = ("livenessProbe", "readinessProbe", "startupProbe")
_HOOKS = ("preStop", "postStart")
_WAYS = ("exec", "httpGet", "tcpSocket", "grpc")


def contradictions(
    name: str, page: Page, placement: Placement | None, namespaces: Collection[str], layers: Layers
) -> list[Finding]:
    """List every contradiction in the merged page of service `name`, of a system with these `namespaces`.

    `placement` is None for the base, which no environment has to complete.
    """
    faults = [
        *_namespace(page, namespaces),
        *_faults(page, placement),
        *clashes(page, placement, name),
        *unfit_accounts(page, name),
        *(unfit_selectors(page, name) if placement else ()),
        *namesakes(page, name),
    ]
    return [placed(fault, layers) for fault in faults]


def _faults(page: Page, placement: Placement | None) -> Iterator[Fault]:
    yield from imageless(page)
    yield from owned_labels(page)
    yield from idle_suppressions(page)
    volumes = {*page.volumes, *mountable(page)}
    for path, container in page.all_containers:
        yield from _container(path, container, volumes)
    if page.podDisruptionBudget is not None:
        yield from _one_of(("podDisruptionBudget",), page.podDisruptionBudget, ("minAvailable", "maxUnavailable"))
    yield from doubles(page)
    yield from _labels(page)
    yield from unfit_account(page)
    yield from written_annotations(page)
    yield from unfit_schedules(page)
    yield from unfit_secrets(page, placement)
    yield from unfit_addresses(page, placement)
    for where, service in page.all_services:
        yield from _service(where, service, placement)
    for where, ingress in page.all_ingresses:
        yield from _reachable(where, ingress, placement)


def _labels(page: Page) -> Iterator[Fault]:
    """Give the faults of pod labels that the selector sets: on the pods of jobs they would match the Service too."""
    for label in (label for label in page.podLabels if label in page.selector):
        message = f"'podLabels.{label}' is a label of 'selector', which the service's pods have already"
        yield Fault(("podLabels", label), message, "drop it; another value goes under `selector:`")


def _namespace(page: Page, namespaces: Collection[str]) -> Iterator[Fault]:
    if page.namespace is None or page.namespace in namespaces:
        return
    near = nearest(page.namespace, namespaces)
    remedy = f"did you mean '{near}'?" if near else f"known: {', '.join(sorted(namespaces))}"
    yield Fault(("namespace",), f"the system has no namespace '{page.namespace}'", remedy)


def _container(path: Path, container: Container, volumes: set[str]) -> Iterator[Fault]:
    if container.image is not None:
        yield from _image((*path, "image"), container.image)
    elif path and not isinstance(container, JobSettings):
        yield Fault(path, f"'{path[-1]}' has no image", "add 'image:'")
    if container.port and "http" in container.ports:
        name = name_of((*path, "ports", "http"))
        yield Fault((*path, "ports", "http"), f"'{name}' is what 'port' is short for, and both are there", "keep one")
    has_port = bool(container.port or container.ports)
    for key in _PROBES:
        probe = getattr(container, key)
        if probe is not None:
            yield from _probe((*path, key), probe, has_port=has_port)
    if container.lifecycle is not None:
        for key in _HOOKS:
            hook = getattr(container.lifecycle, key)
            if hook is not None:
                inner = (*path, "lifecycle", key)
                yield from _one_of(inner, hook, ("exec", "httpGet", "sleep"))
                yield from _action(inner, hook, has_port=has_port)
    yield from _environment(path, container)
    yield from _mounts(path, container, volumes)


def _image(path: Path, image: str) -> Iterator[Fault]:
    if not is_own(image):
        return
    name = image.partition("@")[0].partition(":")[0]
    if name != image:
        message = f"'{image}' has a tag: those of our own images live in the release record"
        hub = f"docker.io/{image}" if "/" in image else f"docker.io/library/{image}"
        ours = f"write `image: {name}`, then `fairlead bump SERVICE --env ENV --tag TAG`"
        yield Fault(path, message, f"{ours}; an image of Docker Hub is pinned with its host, `image: {hub}`")


def _probe(path: Path, probe: Probe, *, has_port: bool) -> Iterator[Fault]:
    yield from _one_of(path, probe, _WAYS)
    yield from _action(path, probe, has_port=has_port)


def _action(path: Path, action: Any, *, has_port: bool) -> Iterator[Fault]:
    """Give the faults of what a probe or a hook does."""
    command = action.exec.command if isinstance(action.exec, Exec) else action.exec
    if command is not None and not command:
        yield Fault(
            (*path, "exec"), f"'{name_of((*path, 'exec'))}' runs no command", "name the program and its arguments"
        )
    for key in ("httpGet", "tcpSocket", "grpc"):
        way = getattr(action, key, None)
        if way is None or has_port or not _lacks_port(way):
            continue
        message = f"'{name_of((*path, key))}' has no port, and neither has the container"
        yield Fault((*path, key), message, "add `port:` to the container, or to the probe")


def _lacks_port(way: object) -> bool:
    """Say whether a request leaves its port to the container: the whole form without one, or a path alone."""
    if isinstance(way, (HTTPGet, TCPSocket, GRPC)):
        return way.port is None
    return isinstance(way, str) and way.startswith("/")


def _environment(path: Path, container: Container) -> Iterator[Fault]:
    for name, value in container.env.items():
        if not isinstance(value, str):
            sources = ("secretKeyRef", "configMapKeyRef", "fieldRef", "resourceFieldRef", "fileKeyRef")
            yield from _one_of((*path, "env", name), value, sources)
    for number, source in enumerate(container.envFrom):
        yield from _one_of((*path, "envFrom", number), source, ("secretRef", "configMapRef"))


def _mounts(path: Path, container: Container, volumes: set[str]) -> Iterator[Fault]:
    for where, mount in container.volumeMounts.items():
        name = mount_name(mount)
        if name not in volumes:
            near = nearest(name, volumes)
            remedy = (
                f"did you mean '{near}'?"
                if near
                else f"add it under `volumes:`; known: {', '.join(sorted(volumes)) or 'none'}"
            )
            yield Fault((*path, "volumeMounts", where), f"no volume '{name}'", remedy)


def _one_of(path: Path, value: Any, keys: tuple[str, ...]) -> Iterator[Fault]:
    """Give a fault unless exactly one of `keys` is set."""
    given = [key for key in keys if getattr(value, key) is not None]
    if len(given) == 1:
        return
    if not given:
        yield Fault(path, f"'{name_of(path)}' has none of {', '.join(keys)}", "add exactly one of them")
    else:
        message = f"'{name_of(path)}' has {' and '.join(given)}, and only one can be"
        yield Fault(path, message, rivals=tuple((*path, key) for key in given))


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
    """Give the faults of words that the environment has to complete."""
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
