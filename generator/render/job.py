"""Jobs that run once for each version of their pod template."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.render import batch
from generator.render.common import SYNC_OPTIONS, metadata

if TYPE_CHECKING:
    from generator.model.base import Manifest
    from generator.model.service import Service

# A Job's template is immutable: with Force, Argo CD's apply replaces a Job that the API server refuses to
# change, and leaves an unchanged one alone. `Replace=true` beside it would run the Job at every sync.
_FORCE = {SYNC_OPTIONS: "Force=true"}


def render(service: Service) -> list[Manifest]:
    """Return the Jobs of a page."""
    return [
        {
            "apiVersion": "batch/v1",
            "kind": "Job",
            "metadata": metadata(service, batch.name(service, key, job), job, annotations=_FORCE),
            "spec": batch.spec(service, key, job),
        }
        for key, job in service.page.jobs.items()
    ]
