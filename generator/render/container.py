"""A container of any pod."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from generator.model.container import SideContainer
from generator.render import environment, port, probe, volume
from generator.render.common import drop_empty

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from generator.model.base import Raw
    from generator.model.container import Container, Resources


def render(name: str, container: Container, env_from: Sequence[Raw] = ()) -> Raw:
    """Return a container; `env_from` goes before its own, so that its own wins: the last source does."""
    own_port = port.first(container)
    return drop_empty(
        {
            "name": name,
            "image": container.image,
            "imagePullPolicy": container.imagePullPolicy,
            "restartPolicy": container.restartPolicy if isinstance(container, SideContainer) else None,
            "command": container.command,
            "args": container.args,
            "workingDir": container.workingDir,
            "ports": port.render(container),
            "env": environment.variables(container),
            "envFrom": [*env_from, *environment.sources(container)],
            "resources": _resources(container.resources),
            "startupProbe": probe.render_probe(container.startupProbe, own_port),
            "livenessProbe": probe.render_probe(container.livenessProbe, own_port),
            "readinessProbe": probe.render_probe(container.readinessProbe, own_port),
            "lifecycle": probe.render_lifecycle(container.lifecycle, own_port),
            "securityContext": container.securityContext,
            "volumeMounts": volume.mounts(container),
            **container.container,
        }
    )


def _resources(resources: Resources | None) -> Raw | None:
    if resources is None:
        return None
    amounts = {"requests": _quantities(resources.requests), "limits": _quantities(resources.limits)}
    return drop_empty({**amounts, "claims": msgspec.to_builtins(resources.claims)})


def _quantities(amounts: Mapping[str, str | float]) -> dict[str, str]:
    """Return quantities as strings: a bare `0.5` is a number to YAML and a quantity only to Kubernetes."""
    return {resource: str(amount) for resource, amount in amounts.items()}
