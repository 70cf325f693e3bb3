"""The ConfigMaps, which of them a pod uses, and the checksum of what they hold that rolls the pods when it changes."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import TYPE_CHECKING, Any

from generator.kubernetes.manifest import GO_ESCAPES, MOST_ESCAPED
from generator.model.configfile import config_file, text_of
from generator.model.derived import CHECKSUM, CONFIG_VOLUME
from generator.render.common import BEFORE_MIGRATIONS, SYNC_OPTIONS, SYNC_WAVE, drop_empty, metadata
from generator.render.volume import configs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.model.base import Manifest, Raw
    from generator.model.configmap import ConfigMap
    from generator.model.service import Service
    from generator.render.volume import Config


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


# Bytes of data beyond which a plain apply may fail: it keeps the whole object as JSON in an annotation, and all
# annotations together may have 262,144 bytes (`TotalAnnotationSizeLimitB` of the API server). The rest is for the
# object's other fields and annotations.
_LARGEST_APPLIED = 240_000


def render(service: Service) -> list[Manifest]:
    """Return the ConfigMaps of a page."""
    return [_render(service, config) for config in configs(service)]


def _render(service: Service, config: Config) -> Manifest:
    data, binary = contents(service, config.settings)
    # Before the migrations, which may mount it, and before the pods, which do not start without it.
    annotations = {SYNC_WAVE: BEFORE_MIGRATIONS, **_large(data | binary)}
    return drop_empty(
        {
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": metadata(service, config.name, config.settings, annotations=annotations),
            "data": data,
            "binaryData": binary,
        }
    )


def contents(service: Service, settings: ConfigMap) -> tuple[dict[str, str], dict[str, str]]:
    """Return `data` and `binaryData`: what stands on the page, then its files, of which some are no text.

    A file that is not there is empty: that it is missing, the page is told.
    """
    data, binary = dict(settings.data), {}
    for key, path in settings.sources.items():
        file = service.files.get(config_file(service.name, path), b"")
        text = text_of(file)
        if text is None:
            binary[key] = base64.b64encode(file).decode()
        else:
            data[key] = text
    return data, binary


def _large(data: dict[str, str]) -> dict[str, str]:
    """Return the annotation that has the API server merge an object too large for a plain apply."""
    if sum(len(key) + len(text) for key, text in data.items()) * MOST_ESCAPED < _LARGEST_APPLIED // 2:
        return {}  # nearly every ConfigMap, with room for quotes and commas between its texts
    size = len(json.dumps(data, ensure_ascii=False).translate(GO_ESCAPES).encode())
    return {SYNC_OPTIONS: "ServerSideApply=true"} if size > _LARGEST_APPLIED else {}


def checksum(service: Service, spec: Raw) -> dict[str, str]:
    """Return the annotation of pods with this `spec` that changes with the ConfigMaps of the page and others they use.

    There is none where these hold nothing, or where the page wants none.
    """
    if not service.page.rollOnConfigChange:
        return {}
    own = {each.volume: data for each in configs(service) if (data := _held(service, each.settings))}
    shared = dict(_shared(service, spec))
    if not own and not shared:
        return {}
    # Of the page's own alone it is what it always was, and of its one `configMap` the data itself.
    summed: Any = own[CONFIG_VOLUME] if list(own) == [CONFIG_VOLUME] else own
    canonical = json.dumps(
        {"own": own, "shared": shared} if shared else summed, sort_keys=True, separators=(",", ":"), ensure_ascii=False
    )
    return {CHECKSUM: hashlib.sha256(canonical.encode()).hexdigest()}


def _shared(service: Service, spec: Raw) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield what is in each ConfigMap of another page that pods use, by name."""
    own = {each.name for each in configs(service)}
    for name in used_config_maps(spec) - own:
        other = service.find_config_map(name)
        if other is None:
            continue
        for each in configs(other):
            if each.name == name and (data := _held(other, each.settings)):
                yield name, data


def _held(service: Service, settings: ConfigMap) -> dict[str, str]:
    data, binary = contents(service, settings)
    return data | binary
