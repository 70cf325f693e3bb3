"""The ConfigMap, and the checksum of its data that rolls the pods when it changes."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from generator.model.derived import CHECKSUM
from generator.render.common import BEFORE_MIGRATIONS, SYNC_OPTIONS, SYNC_WAVE, filled, metadata
from generator.render.volume import config_name

if TYPE_CHECKING:
    from generator.model.base import Manifest
    from generator.model.service import Service

# Bytes of data beyond which a plain apply may fail: it keeps the whole object as JSON in an annotation, and all
# annotations together may have 262,144 bytes (`TotalAnnotationSizeLimitB` of the API server). The rest is for the
# object's other fields and annotations.
_LARGEST_APPLIED = 240_000

# What Go's JSON writes as six bytes each, for the sake of browsers.
_ESCAPED = str.maketrans({letter: f"\\u{ord(letter):04x}" for letter in "<>&\u2028\u2029"})


def render(service: Service) -> Manifest | None:
    """Give the ConfigMap, None for a page without one."""
    settings = service.page.configMap
    if settings is None:
        return None
    # Before the migrations, which may mount it, and before the pods, which do not start without it.
    annotations = {SYNC_WAVE: BEFORE_MIGRATIONS, **_large(settings.data)}
    return filled(
        {
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": metadata(service, config_name(service), annotations=annotations),
            "data": settings.data,
        }
    )


def _large(data: dict[str, str]) -> dict[str, str]:
    """Give the annotation that has the API server merge an object too large for a plain apply."""
    size = len(json.dumps(data, ensure_ascii=False).translate(_ESCAPED).encode())
    return {SYNC_OPTIONS: "ServerSideApply=true"} if size > _LARGEST_APPLIED else {}


def checksum(service: Service) -> dict[str, str]:
    """Give the pod annotation that changes with the ConfigMap's data, nothing for a page without data."""
    settings = service.page.configMap
    if settings is None or not settings.data:
        return {}
    canonical = json.dumps(settings.data, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return {CHECKSUM: hashlib.sha256(canonical.encode()).hexdigest()}
