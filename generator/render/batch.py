"""What Jobs of all kinds share: their names, their pods, and what they take over from the service."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from generator.render import container, environment, pod, secretproviderclass, volume
from generator.render.common import filled

if TYPE_CHECKING:
    from generator.model.base import Raw
    from generator.model.page import JobSettings
    from generator.model.service import Service


def name(service: Service, key: str, job: JobSettings) -> str:
    """Give the name of a Job or CronJob."""
    return job.name or f"{service.workload}-{key}"


def names(service: Service) -> list[str]:
    """Give the names of all Jobs and CronJobs of a page: also the `app` label of their pods."""
    page = service.page
    migrations = [name(service, "migrations", page.migrations)] if page.migrations else []
    plain = [name(service, key, job) for key, job in page.jobs.items()]
    scheduled = [name(service, key, job) for key, job in page.cronJobs.items()]
    return [*migrations, *plain, *scheduled]


def spec(service: Service, key: str, job: JobSettings) -> Raw:
    """Give the `spec` of a Job; its container is called `key` unless it has a name.

    Its pods have their own name as `app`: with the service's, Services and budgets would count them among the
    service's pods.
    """
    labels = pod.job_labels(service, name(service, key, job))
    return filled(
        {
            "parallelism": job.parallelism,
            "completions": job.completions,
            "backoffLimit": job.backoffLimit,
            "activeDeadlineSeconds": job.activeDeadlineSeconds,
            "ttlSecondsAfterFinished": job.ttlSecondsAfterFinished,
            "template": pod.template(service, labels, _body(service, key, job), passed=job.podSpec),
        }
    )


def _body(service: Service, key: str, job: JobSettings) -> Raw:
    # A job does the service's work, so it gets the service's secrets. It does not get the service's `env`:
    # that speaks to a server, and each change of it would change a Job's template, which is immutable.
    completed = _completed(service, job)
    own = container.render(job.containerName or key, completed, environment.secrets(service))
    mounted = volume.used(completed)
    volumes = {label: source for label, source in volume.volumes(service).items() if label in mounted}
    return {
        "restartPolicy": job.restartPolicy,
        "containers": [own],
        "volumes": [{"name": label, **source} for label, source in volumes.items()],
    }


def _completed(service: Service, job: JobSettings) -> JobSettings:
    """Give the job, with what every container needs taken from the service's where it says nothing."""
    page = service.page
    return msgspec.structs.replace(
        job,
        image=job.image or page.image,
        imagePullPolicy=job.imagePullPolicy or page.imagePullPolicy,
        resources=job.resources or page.resources,
        securityContext=job.securityContext or page.securityContext,
        volumeMounts={**secretproviderclass.mounts(service), **job.volumeMounts},
    )
