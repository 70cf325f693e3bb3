"""Probes and hooks of a container: run a command, or ask over HTTP, TCP or gRPC. Short forms are completed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.model.container import GRPC, Exec, HTTPGet, TCPSocket
from generator.render.common import drop_empty

if TYPE_CHECKING:
    from generator.model.base import Raw
    from generator.model.container import Handler, Lifecycle, Probe


def command(value: Exec | list[str] | None) -> Raw | None:
    """Return an `exec`; the page writes the bare list or the whole form."""
    if value is None:
        return None
    return {"command": value.command if isinstance(value, Exec) else value}


def http_get(value: HTTPGet | str | None, port: int | None) -> Raw | None:
    """Return an `httpGet`; a bare string is its path, and `port` is used where it names none."""
    if value is None:
        return None
    request = HTTPGet(path=value) if isinstance(value, str) else value
    return drop_empty(
        {
            "path": request.path,
            "port": port if request.port is None else request.port,
            "scheme": request.scheme,
            "host": request.host,
            "httpHeaders": [{"name": name, "value": text} for name, text in request.httpHeaders.items()],
        }
    )


def tcp_socket(value: TCPSocket | int | str | None, port: int | None) -> Raw | None:
    """Return a `tcpSocket`; a bare number or port name is its port, and `port` is used where it names none."""
    if value is None:
        return None
    socket = value if isinstance(value, TCPSocket) else TCPSocket(port=value)
    return drop_empty({"port": port if socket.port is None else socket.port, "host": socket.host})


def grpc(value: GRPC | int | None, port: int | None) -> Raw | None:
    """Return a `grpc` check; a bare number is its port, and `port` is used where it names none."""
    if value is None:
        return None
    check = value if isinstance(value, GRPC) else GRPC(port=value)
    return drop_empty({"port": port if check.port is None else check.port, "service": check.service})


def render_probe(probe: Probe | None, port: int | None) -> Raw | None:
    """Return a probe; `port` is the container's own, used where the probe names none."""
    if probe is None:
        return None
    return drop_empty(
        {
            "exec": command(probe.exec),
            "httpGet": http_get(probe.httpGet, port),
            "tcpSocket": tcp_socket(probe.tcpSocket, port),
            "grpc": grpc(probe.grpc, port),
            "initialDelaySeconds": probe.initialDelaySeconds,
            "periodSeconds": probe.periodSeconds,
            "timeoutSeconds": probe.timeoutSeconds,
            "successThreshold": probe.successThreshold,
            "failureThreshold": probe.failureThreshold,
            "terminationGracePeriodSeconds": probe.terminationGracePeriodSeconds,
        }
    )


def render_lifecycle(lifecycle: Lifecycle | None, port: int | None) -> Raw | None:
    """Return the lifecycle hooks; `port` is the container's own, used where an HTTP hook names none."""
    if lifecycle is None:
        return None
    return drop_empty(
        {
            "postStart": _hook(lifecycle.postStart, port),
            "preStop": _hook(lifecycle.preStop, port),
            "stopSignal": lifecycle.stopSignal,
        }
    )


def _hook(hook: Handler | None, port: int | None) -> Raw | None:
    if hook is None:
        return None
    return drop_empty(
        {
            "exec": command(hook.exec),
            "httpGet": http_get(hook.httpGet, port),
            "sleep": None if hook.sleep is None else {"seconds": hook.sleep},
        }
    )
