"""Jobs on a schedule."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.render import batch
from generator.render.common import filled, metadata

if TYPE_CHECKING:
    from generator.model.base import Manifest, Raw
    from generator.model.page import CronJob
    from generator.model.service import Service


def render(service: Service) -> list[Manifest]:
    """Return the CronJobs of a page."""
    return [
        {
            "apiVersion": "batch/v1",
            "kind": "CronJob",
            "metadata": metadata(service, batch.name(service, key, job), job),
            "spec": _spec(service, key, job),
        }
        for key, job in service.page.cronJobs.items()
    ]


def _spec(service: Service, key: str, job: CronJob) -> Raw:
    return filled(
        {
            "schedule": job.schedule,
            "timeZone": job.timeZone,
            "concurrencyPolicy": job.concurrencyPolicy,
            "startingDeadlineSeconds": job.startingDeadlineSeconds,
            "suspend": job.suspend,
            "successfulJobsHistoryLimit": job.successfulJobsHistoryLimit,
            "failedJobsHistoryLimit": job.failedJobsHistoryLimit,
            "jobTemplate": _template(service, key, job),
        }
    )


def _template(service: Service, key: str, job: CronJob) -> Raw:
    of_each = filled({"labels": job.jobLabels, "annotations": job.jobAnnotations})
    return filled({"metadata": of_each, "spec": batch.spec(service, key, job)})
