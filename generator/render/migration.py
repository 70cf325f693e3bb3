"""The migrations: a Job that Argo CD runs anew before the workload of each sync."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from generator.render import batch
from generator.render.common import MIGRATIONS, SYNC_WAVE, metadata

if TYPE_CHECKING:
    from generator.model.base import Manifest
    from generator.model.service import Service

_KEY = "migrations"

# Seconds after which a Job without a word on it has failed. While a hook runs the sync waits for it, and every later
# commit waits for the sync: a Job that hangs for ever, or a pod that nobody can schedule, would hold back its own mend.
# As long as Argo CD lets a wave take in all; migrations that need more say so on the page.
_DEADLINE = 600


def render(service: Service) -> Manifest | None:
    """Return the migrations Job, None for a page without migrations."""
    job = service.page.migrations
    if job is None:
        return None
    hook = {
        "argocd.argoproj.io/hook": job.hook,
        # Deleting it only after success would let one failed Job block all later syncs.
        "argocd.argoproj.io/hook-delete-policy": "BeforeHookCreation",
        # After what its pods need, and before the workload that expects its work.
        SYNC_WAVE: MIGRATIONS,
    }
    limited = msgspec.structs.replace(job, activeDeadlineSeconds=job.activeDeadlineSeconds or _DEADLINE)
    return {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": metadata(service, batch.name(service, _KEY, job), job, annotations=hook),
        "spec": batch.spec(service, _KEY, limited),
    }
