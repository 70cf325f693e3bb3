"""Environment variables of a container: single ones, and whole ConfigMaps and Secrets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from generator.render.volume import configs

if TYPE_CHECKING:
    from generator.model.base import Raw
    from generator.model.container import Container, EnvSource
    from generator.model.service import Service


def variables(container: Container) -> list[Raw]:
    """Return `env` in the page's order, which matters: a value may refer to one before it."""
    return [_variable(name, value) for name, value in container.env.items()]


def sources(container: Container) -> list[Raw]:
    """Return the container's own `envFrom`."""
    return [msgspec.to_builtins(source) for source in container.envFrom]


def secrets(service: Service) -> list[Raw]:
    """Return an `envFrom` entry for each secret of the page."""
    return [{"secretRef": {"name": name}} for name in service.page.secrets]


def config(service: Service) -> list[Raw]:
    """Return an `envFrom` entry for each ConfigMap of the page whose keys are variables."""
    return [{"configMapRef": {"name": each.name}} for each in configs(service) if each.settings.is_env]


def _variable(name: str, value: str | EnvSource) -> Raw:
    if isinstance(value, str):
        return {"name": name, "value": value}
    return {"name": name, "valueFrom": msgspec.to_builtins(value)}
