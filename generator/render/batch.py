"""Jobs and CronJobs: their names, their pods, and what they take over from the service."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from generator.model.container import EnvSource
from generator.model.page import Job, Migrations
from generator.render import container, environment, pod, secretproviderclass, volume
from generator.render.common import SYNC_OPTIONS, drop_empty, metadata

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.model.base import Manifest, Raw
    from generator.model.container import Container, Resources
    from generator.model.page import CronJob, JobSettings
    from generator.model.service import Service


def name(service: Service, key: str, job: JobSettings) -> str:
    """Return the name of a Job or CronJob."""
    return job.name or f"{service.workload}-{key}"


def account_name(service: Service, key: str, job: JobSettings) -> str:
    """Return the name of a job's own ServiceAccount."""
    return (job.serviceAccount and job.serviceAccount.name) or name(service, key, job)


def names(service: Service) -> list[str]:
    """Return the names of all Jobs and CronJobs of a page: also the `app` label of their pods."""
    return [name(service, key, job) for (*_, key), job in service.page.all_jobs]


def spec(service: Service, key: str, job: JobSettings) -> Raw:
    """Return the `spec` of a Job; its container is called `key` unless the page names it.

    Its pods have their own name as `app`: with the service's, Services and budgets would count them among the
    service's pods.
    """
    labels = pod.job_labels(service, name(service, key, job))
    return drop_empty(
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
    completed = _completed(service, job)
    own = container.render(job.containerName or key, completed, _sources(service, job))
    return {
        **_identity(service, key, job),
        "restartPolicy": job.restartPolicy,
        "initContainers": [container.render(name, other) for name, other in job.initContainers.items()],
        "containers": [own, *(container.render(name, other) for name, other in job.containers.items())],
        "volumes": _volumes(service, [completed, *job.initContainers.values(), *job.containers.values()]),
    }


def inherits(job: JobSettings) -> bool:
    """Report whether a job's container gets the page's `env`, `envFrom` and `configMap`.

    It does the service's work, mostly with the service's settings. A plain Job has to ask for them: its template is
    immutable, so each change of a setting would run it again.
    """
    return not isinstance(job, Job) if job.inherit is None else job.inherit


def inherits_config(job: JobSettings) -> bool:
    """Report whether the ConfigMap is among what a job inherits: before the sync, on the first one, there is none."""
    return inherits(job) and not (isinstance(job, Migrations) and job.hook == "PreSync")


def _sources(service: Service, job: JobSettings) -> list[Raw]:
    """Return the `envFrom` that goes before a job's own: the service's secrets in any case."""
    config = environment.config(service) if inherits_config(job) else []
    page = environment.sources(service.page) if inherits(job) else []
    own = environment.sources(job)
    return [each for each in (*config, *environment.secrets(service), *page) if each not in own]


def _variables(service: Service) -> dict[str, str | EnvSource]:
    """Return the page's variables as a job inherits them.

    A variable about a resource of the service's own container is about the job's; one about another container of the
    service has nothing to be about.
    """
    page, found = service.page, {}
    for name, value in page.env.items():
        field = None if isinstance(value, str) else value.resourceFieldRef
        if field is None or field.containerName is None:
            found[name] = value
        elif field.containerName == (page.containerName or service.workload):
            found[name] = EnvSource(resourceFieldRef=msgspec.structs.replace(field, containerName=None))
    return found


def _volumes(service: Service, containers: Sequence[Container]) -> list[Raw]:
    """Return those of the page's volumes that the containers use."""
    used = {name for container in containers for name in volume.used_volumes(container)}
    return [{"name": name, **source} for name, source in volume.volumes(service).items() if name in used]


def _identity(service: Service, key: str, job: JobSettings) -> Raw:
    """Return what a job with a ServiceAccount of its own says otherwise than the page."""
    if job.serviceAccount is None:
        return {}
    token = job.serviceAccount.automountServiceAccountToken
    own = {} if token is None else {"automountServiceAccountToken": token}
    return {"serviceAccountName": account_name(service, key, job), **own}


def _completed(service: Service, job: JobSettings) -> JobSettings:
    """Return the job, with what it takes over from the service where it says nothing."""
    page = service.page
    config = volume.config_mounts(service) if inherits_config(job) else {}
    return msgspec.structs.replace(
        job,
        env={**_variables(service), **job.env} if inherits(job) else job.env,
        image=job.image or page.image,
        imagePullPolicy=job.imagePullPolicy or page.imagePullPolicy,
        resources=job.resources or _without_claims(page.resources),
        securityContext=job.securityContext or page.securityContext,
        volumeMounts={**config, **secretproviderclass.mounts(service), **job.volumeMounts},
    )


def _without_claims(resources: Resources | None) -> Resources | None:
    """Return the resources of the service's container for a job's: the claims are those of the Deployment's pods."""
    return msgspec.structs.replace(resources, claims=[]) if resources else None


# A Job's template is immutable: with Force, Argo CD's apply replaces a Job that the API server refuses to
# change, and leaves an unchanged one alone. `Replace=true` beside it would run the Job at every sync.
_FORCE = {SYNC_OPTIONS: "Force=true"}


def render_jobs(service: Service) -> list[Manifest]:
    """Return the Jobs of a page."""
    return [
        {
            "apiVersion": "batch/v1",
            "kind": "Job",
            "metadata": metadata(service, name(service, key, job), job, annotations=_FORCE),
            "spec": spec(service, key, job),
        }
        for key, job in service.page.jobs.items()
    ]


def render_cron_jobs(service: Service) -> list[Manifest]:
    """Return the CronJobs of a page."""
    return [
        {
            "apiVersion": "batch/v1",
            "kind": "CronJob",
            "metadata": metadata(service, name(service, key, job), job),
            "spec": _cron_spec(service, key, job),
        }
        for key, job in service.page.cronJobs.items()
    ]


def _cron_spec(service: Service, key: str, job: CronJob) -> Raw:
    return drop_empty(
        {
            "schedule": job.schedule,
            "timeZone": job.timeZone,
            "concurrencyPolicy": job.concurrencyPolicy,
            "startingDeadlineSeconds": job.startingDeadlineSeconds,
            "suspend": job.suspend,
            "successfulJobsHistoryLimit": job.successfulJobsHistoryLimit,
            "failedJobsHistoryLimit": job.failedJobsHistoryLimit,
            "jobTemplate": _job_template(service, key, job),
        }
    )


def _job_template(service: Service, key: str, job: CronJob) -> Raw:
    of_each = drop_empty({"labels": job.jobLabels, "annotations": job.jobAnnotations})
    return drop_empty({"metadata": of_each, "spec": spec(service, key, job)})
