"""The ConfigMap, and the checksum of its data that rolls the pods when it changes."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from generator.render.common import SYNC_WAVE, filled, metadata
from generator.render.volume import config_name

if TYPE_CHECKING:
    from generator.model.base import Manifest
    from generator.model.service import Service


def render(service: Service) -> Manifest | None:
    """Give the ConfigMap, None for a page without one."""
    settings = service.page.configMap
    if settings is None:
        return None
    return filled(
        {
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": metadata(service, config_name(service), annotations={SYNC_WAVE: "-2"}),
            "data": settings.data,
        }
    )


def checksum(service: Service) -> dict[str, str]:
    """Give the pod annotation that changes with the ConfigMap's data, nothing for a page without data."""
    settings = service.page.configMap
    if settings is None or not settings.data:
        return {}
    canonical = json.dumps(settings.data, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return {"checksum/config": hashlib.sha256(canonical.encode()).hexdigest()}
