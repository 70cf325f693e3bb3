"""What the types of a container cannot say: images of ours have no tag, probes ask one way, mounts have a volume."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.findings.nearest import nearest
from generator.inputs.configmaps import mountable
from generator.inputs.fault import Fault, Path, require_one
from generator.inputs.keys import name_of
from generator.kubernetes.image import is_own
from generator.model.container import GRPC, Exec, HTTPGet, TCPSocket, mount_name
from generator.model.page import JobSettings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from generator.model.container import Container, Probe
    from generator.model.page import Page


_PROBES = ("livenessProbe", "readinessProbe", "startupProbe")
_HOOKS = ("preStop", "postStart")
_WAYS = ("exec", "httpGet", "tcpSocket", "grpc")


def unfit_containers(page: Page) -> Iterator[Fault]:
    """Yield the faults of all containers of a page, those of jobs too."""
    volumes = {*page.volumes, *mountable(page)}
    variables = {volume: path for path, volume, _ in page.all_config_maps}
    for path, container in page.all_containers:
        yield from _container(path, container)
        yield from _mounts(path, container, volumes, variables)


def _container(path: Path, container: Container) -> Iterator[Fault]:
    if container.image is not None:
        alone = bool(path) and not getattr(container, "releasedTogether", False)
        yield from _image((*path, "image"), container.image, alone=alone)
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
                yield from require_one(inner, hook, ("exec", "httpGet", "sleep"))
                yield from _action(inner, hook, has_port=has_port)
    yield from _environment(path, container)


def _image(path: Path, image: str, *, alone: bool) -> Iterator[Fault]:
    """Yield the fault of an image of ours with a tag; one that is released `alone` does not move with the service's."""
    if not is_own(image):
        return
    name = image.partition("@")[0].partition(":")[0]
    if name != image:
        message = f"'{image}' has a tag: those of our own images live in the release record"
        hub = f"docker.io/{image}" if "/" in image else f"docker.io/library/{image}"
        option = f"--image {name}=TAG" if alone else "--tag TAG"
        ours = f"write `image: {name}`, then `fairlead bump SERVICE --env ENV {option}`"
        yield Fault(path, message, f"{ours}; an image of Docker Hub is pinned with its host, `image: {hub}`")


def _probe(path: Path, probe: Probe, *, has_port: bool) -> Iterator[Fault]:
    yield from require_one(path, probe, _WAYS)
    yield from _action(path, probe, has_port=has_port)


def _action(path: Path, action: Any, *, has_port: bool) -> Iterator[Fault]:
    """Yield the faults of what a probe or a hook does."""
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
    """Return whether a request leaves its port to the container: the whole form without one, or a path alone."""
    if isinstance(way, (HTTPGet, TCPSocket, GRPC)):
        return way.port is None
    return isinstance(way, str) and way.startswith("/")


def _environment(path: Path, container: Container) -> Iterator[Fault]:
    for name, value in container.env.items():
        if not isinstance(value, str):
            sources = ("secretKeyRef", "configMapKeyRef", "fieldRef", "resourceFieldRef", "fileKeyRef")
            yield from require_one((*path, "env", name), value, sources)
    for number, source in enumerate(container.envFrom):
        yield from require_one((*path, "envFrom", number), source, ("secretRef", "configMapRef"))


def _mounts(path: Path, container: Container, volumes: set[str], variables: Mapping[str, Path]) -> Iterator[Fault]:
    """Yield the faults of mounts without a volume; `variables` are ConfigMaps by the name of the volume they lack."""
    for where, mount in container.volumeMounts.items():
        name = mount_name(mount)
        if name in volumes:
            continue
        near = nearest(name, volumes)
        remedy = f"add it under `volumes:`; known: {', '.join(sorted(volumes)) or 'none'}"
        if name in variables:
            remedy = f"the keys of '{name_of(variables[name])}' are variables: `env: false` there makes them files"
        elif near:
            remedy = f"did you mean '{near}'?"
        yield Fault((*path, "volumeMounts", where), f"no volume '{name}'", remedy)
