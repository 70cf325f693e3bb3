"""Hooks around a container's life."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.render import handler
from generator.render.common import filled

if TYPE_CHECKING:
    from generator.model.base import Raw
    from generator.model.container import Handler, Lifecycle


def render(lifecycle: Lifecycle | None, port: int | None) -> Raw | None:
    """Return the lifecycle hooks; `port` is the container's own, used where an HTTP hook names none."""
    if lifecycle is None:
        return None
    return filled(
        {
            "postStart": _hook(lifecycle.postStart, port),
            "preStop": _hook(lifecycle.preStop, port),
            "stopSignal": lifecycle.stopSignal,
        }
    )


def _hook(hook: Handler | None, port: int | None) -> Raw | None:
    if hook is None:
        return None
    return filled(
        {
            "exec": handler.command(hook.exec),
            "httpGet": handler.http_get(hook.httpGet, port),
            "sleep": None if hook.sleep is None else {"seconds": hook.sleep},
        }
    )
