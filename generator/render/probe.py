"""Probes of a container."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.render import handler
from generator.render.common import filled

if TYPE_CHECKING:
    from generator.model.base import Raw
    from generator.model.container import Probe


def render(probe: Probe | None, port: int | None) -> Raw | None:
    """Return a probe; `port` is the container's own, used where the probe names none."""
    if probe is None:
        return None
    return filled(
        {
            "exec": handler.command(probe.exec),
            "httpGet": handler.http_get(probe.httpGet, port),
            "tcpSocket": handler.tcp_socket(probe.tcpSocket, port),
            "grpc": handler.grpc(probe.grpc, port),
            "initialDelaySeconds": probe.initialDelaySeconds,
            "periodSeconds": probe.periodSeconds,
            "timeoutSeconds": probe.timeoutSeconds,
            "successThreshold": probe.successThreshold,
            "failureThreshold": probe.failureThreshold,
            "terminationGracePeriodSeconds": probe.terminationGracePeriodSeconds,
        }
    )
