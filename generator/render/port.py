"""The ports that a container listens on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.model.container import ContainerPort

if TYPE_CHECKING:
    from generator.model.base import Raw
    from generator.model.container import Container


def listening(container: Container) -> dict[str, ContainerPort]:
    """Give the ports by name, the short form `port` first, as `http`."""
    short = {"http": container.port} if container.port else {}
    return {name: _typed(port) for name, port in {**short, **container.ports}.items()}


def first(container: Container) -> int | None:
    """Give the number of the container's own port, where probes and Services go unless told otherwise."""
    return container.port or next((port.port for port in listening(container).values()), None)


def render(container: Container) -> list[Raw]:
    """Give the `ports` of a container, always with the protocol: it is half of kustomize's merge key."""
    return [
        {"name": name, "containerPort": port.port, "protocol": port.protocol}
        for name, port in listening(container).items()
    ]


def _typed(port: ContainerPort | int) -> ContainerPort:
    return port if isinstance(port, ContainerPort) else ContainerPort(port=port)
