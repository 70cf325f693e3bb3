"""The migrations: a Job that Argo CD runs anew before the workload of each sync."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.render import batch
from generator.render.common import SYNC_WAVE, metadata

if TYPE_CHECKING:
    from generator.model.base import Manifest
    from generator.model.service import Service

_KEY = "migrations"


def render(service: Service) -> Manifest | None:
    """Give the migrations Job, None for a page without migrations."""
    job = service.page.migrations
    if job is None:
        return None
    hook = {
        "argocd.argoproj.io/hook": job.hook,
        # Deleting it only after success would let one failed Job block all later syncs.
        "argocd.argoproj.io/hook-delete-policy": "BeforeHookCreation",
        SYNC_WAVE: "-1",
    }
    return {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": metadata(service, batch.name(service, _KEY, job), annotations=hook),
        "spec": batch.spec(service, _KEY, job),
    }
