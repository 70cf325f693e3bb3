"""Which ConfigMaps a pod uses: as variables, or as files in volumes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.model.base import Raw


def used_config_maps(spec: Raw) -> set[str]:
    """Return the names of the ConfigMaps that a pod's `spec` refers to, the optional ones too."""
    return {name for name in _names(spec) if isinstance(name, str)}


def _names(spec: Raw) -> Iterator[Any]:
    for container in (*spec.get("initContainers", ()), *spec.get("containers", ())):
        for variable in container.get("env", ()):
            yield _name(variable.get("valueFrom"), "configMapKeyRef")
        for source in container.get("envFrom", ()):
            yield _name(source, "configMapRef")
    for volume in spec.get("volumes", ()):
        yield _name(volume, "configMap")
        projected = volume.get("projected")
        for source in _list(projected.get("sources") if isinstance(projected, dict) else None):
            yield _name(source, "configMap")


def _name(holder: Any, field: str) -> Any:
    """Return the name in a reference. A volume is what the page says, so anything may stand there."""
    reference = holder.get(field) if isinstance(holder, dict) else None
    return reference.get("name") if isinstance(reference, dict) else None


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
