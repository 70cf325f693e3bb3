"""The ports that a container listens on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.model.container import ContainerPort
from generator.render.common import drop_empty

if TYPE_CHECKING:
    from generator.model.base import Raw
    from generator.model.container import Container


def listening(container: Container) -> dict[str, ContainerPort]:
    """Return the ports by name, the short form `port` first, as `http`."""
    short = {"http": container.port} if container.port else {}
    return {name: _typed(port) for name, port in {**short, **container.ports}.items()}


def first(container: Container) -> int | None:
    """Return the number of the container's own port, where probes and Services go unless told otherwise."""
    return container.port or next((port.port for port in listening(container).values()), None)


def render(container: Container) -> list[Raw]:
    """Return the `ports` of a container, always with the protocol: it is half of kustomize's merge key."""
    return [_port(name, port) for name, port in listening(container).items()]


def _port(name: str, port: ContainerPort) -> Raw:
    return drop_empty(
        {
            # A name in Kubernetes has a letter, so a number as a key stands for a port without one.
            "name": None if name.isdecimal() else name,
            "containerPort": port.port,
            "protocol": port.protocol,
            "hostPort": port.hostPort,
            "hostIP": port.hostIP,
        }
    )


def _typed(port: ContainerPort | int) -> ContainerPort:
    return port if isinstance(port, ContainerPort) else ContainerPort(port=port)
