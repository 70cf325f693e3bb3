"""A service page after merging: everything one service says about itself in one environment (or in none, the base)."""

from __future__ import annotations

from functools import cached_property
from typing import Annotated, Literal

from msgspec import Meta

from generator.model.aws import Role
from generator.model.base import INT32, Labelled, Model, Raw
from generator.model.configmap import ConfigMap
from generator.model.container import Container, Seconds, SideContainer
from generator.model.derived import CONFIG_VOLUME, config_volume
from generator.model.host import GivenName, NamePart, ObjectName
from generator.model.network import Ingress, KubernetesService, NetworkPolicy
from generator.model.scaling import Autoscaling, Count, PodDisruptionBudget, Strategy, TopologySpread

_FILE_NAME = Meta(
    pattern="^[a-z0-9][a-z0-9._-]*\\.yaml$", max_length=100, description="the name of a file, e.g. alert.yaml"
)
FileName = Annotated[str, _FILE_NAME]

_ELSEWHERE = Meta(
    pattern="^((configmap|persistentvolumeclaim|secret|serviceaccount)/)?[a-z0-9]([-a-z0-9.]*[a-z0-9])?$",
    description="the name of a Service (payment, payment.billing), or another object's with its kind: secret/registry",
)


class ServiceAccount(Labelled):
    """The identity of the pods; `role` is an IAM role (IRSA), and `{env}` in it the name of the environment.

    A name is one in the account of the environment's cluster; a whole ARN is taken as it is. With `external: true`
    somebody else makes the account `name`, maybe another page: the pods use it, and nothing is rendered.
    `automountServiceAccountToken` is that of the pods; `automountByDefault` is that of the account itself.
    """

    name: GivenName | None = None
    external: bool = False
    role: Role | None = None
    automountServiceAccountToken: bool | None = None
    automountByDefault: bool | None = None
    imagePullSecrets: list[ObjectName] = []


class Deployment(Labelled):
    """What the Deployment alone has; its other words stand on the page itself."""


class JobSettings(Container):
    """What a Job of any kind has; an `image` left out is the service's own.

    `containers` stand beside its own. Its pods run as the page's `serviceAccount` unless it has one of its own.
    `podSpec` holds fields of its pods that no other word is for; what they take over from the page it may replace.
    With `inherit` its container gets the page's `env`, `envFrom` and `configMap` too, unless it says otherwise itself.
    """

    name: GivenName | None = None
    labels: dict[str, str] = {}
    annotations: dict[str, str] = {}
    containerName: GivenName | None = None
    inherit: bool | None = None
    restartPolicy: Literal["Never", "OnFailure"] = "Never"
    backoffLimit: Count | None = None
    activeDeadlineSeconds: Annotated[int, Meta(ge=1, le=INT32)] | None = None
    ttlSecondsAfterFinished: Seconds | None = None
    parallelism: Count | None = None
    completions: Count | None = None
    releasedTogether: bool = True
    initContainers: dict[str, SideContainer] = {}
    containers: dict[str, SideContainer] = {}
    serviceAccount: ServiceAccount | None = None
    podSpec: Raw = {}


class Job(JobSettings):
    """A Job that runs once for each version of its pod template, so it inherits only where `inherit: true` says so."""


class Migrations(JobSettings):
    """The Job that runs before the workload at each sync: an Argo CD hook in wave -1."""

    hook: Literal["Sync", "PreSync"] = "Sync"


class CronJob(JobSettings, kw_only=True):
    """A Job on a schedule (cron syntax); `jobLabels` and `jobAnnotations` are those of each Job that it makes."""

    schedule: str
    timeZone: str | None = None
    concurrencyPolicy: Literal["Allow", "Forbid", "Replace"] = "Forbid"
    startingDeadlineSeconds: Seconds | None = None
    successfulJobsHistoryLimit: Count | None = None
    failedJobsHistoryLimit: Count | None = None
    suspend: bool | None = None
    jobLabels: dict[str, str] = {}
    jobAnnotations: dict[str, str] = {}


def is_suppressible(rule: str) -> bool:
    """Return whether a page may break a rule with a reason.

    The other families guard the proof itself. WRK002 is a gate of a promotion, where a reason is given on the command
    line, and WRK023 has a word of its own: `external` names what others provide.
    """
    return rule.startswith(("WRK", "NET")) and rule not in {"WRK002", "WRK023"}


class Suppression(Model):
    """A rule that this page is allowed to break, and why; `object` narrows it to one `Kind/name`."""

    rule: Annotated[str, Meta(pattern="^[A-Z]{3}[0-9]{3}$", description="the id of a rule, e.g. WRK008")]
    reason: Annotated[str, Meta(min_length=10)]
    object: str | None = None


class Page(Container, dict=True):  # a place for what is worked out once
    """The merged page. Names left out are the page's own; `containers` stand beside the service's own container.

    Without an `image`, or with `deployment: false`, there is no Deployment: the page may hold jobs, a Service or
    configuration alone. As a mapping `deployment` holds what the Deployment alone has. `selector` is what finds the
    pods of the Deployment, the label `app` with its name unless given. `extraResources` lists files in the overlay's
    `resources/`, `patches` files in its `patches/`: a person's own, kept as they are. `external` names Services that
    somebody else provides, and as `secret/NAME` and the like what else pods refer to. `tagOrder` tells which of two
    tags of the service is newer. `podSpec` holds fields of the Deployment's pods that no other word is for.
    """

    name: GivenName | None = None
    namespace: str | None = None
    deployment: bool | Deployment | None = None
    containerName: GivenName | None = None
    labels: dict[str, str] = {}
    annotations: dict[str, str] = {}
    selector: dict[str, str] = {}
    podLabels: dict[str, str] = {}
    podAnnotations: dict[str, str] = {}
    rollOnConfigChange: bool = True
    replicas: Count | None = None
    strategy: Strategy | None = None
    minReadySeconds: Seconds | None = None
    progressDeadlineSeconds: Annotated[int, Meta(ge=1, le=INT32)] | None = None
    revisionHistoryLimit: Count | None = None
    terminationGracePeriodSeconds: Seconds | None = None
    priorityClassName: ObjectName | None = None
    enableServiceLinks: bool | None = None
    automountServiceAccountToken: bool | None = None
    imagePullSecrets: list[ObjectName] = []
    podSecurityContext: Raw = {}
    podSpec: Raw = {}
    initContainers: dict[str, SideContainer] = {}
    containers: dict[str, SideContainer] = {}
    volumes: dict[str, Raw] = {}
    nodeSelector: dict[str, str] = {}
    tolerations: list[Raw] = []
    affinity: Raw = {}
    podAntiAffinity: Literal["preferred", "required"] | None = None
    colocateWith: list[str] = []
    topologySpreadConstraints: list[TopologySpread] = []
    service: KubernetesService | None = None
    services: dict[NamePart, KubernetesService] = {}
    ingress: Ingress | None = None
    ingresses: dict[NamePart, Ingress] = {}
    autoscaling: Autoscaling | Literal["external"] | None = None
    podDisruptionBudget: PodDisruptionBudget | None = None
    networkPolicy: NetworkPolicy | None = None
    configMap: ConfigMap | None = None
    configMaps: dict[str, ConfigMap] = {}
    secrets: dict[str, dict[str, str]] = {}
    serviceAccount: ServiceAccount | None = None
    migrations: Migrations | None = None
    jobs: dict[NamePart, Job] = {}
    cronJobs: dict[NamePart, CronJob] = {}
    tagOrder: Literal["semver", "number", "date"] | None = None
    extraResources: list[FileName] = []
    patches: list[FileName] = []
    suppress: list[Suppression] = []
    external: list[Annotated[str, _ELSEWHERE]] = []

    @property
    def has_deployment(self) -> bool:
        """Whether the page renders a Deployment."""
        return self.image is not None and self.deployment is not False

    @cached_property
    def all_config_maps(self) -> list[tuple[tuple[str, ...], str, ConfigMap]]:
        """All ConfigMaps with their paths and the names of their volumes, `configMap` first."""
        own: list[tuple[tuple[str, ...], str, ConfigMap]] = []
        if self.configMap is not None:
            own.append((("configMap",), CONFIG_VOLUME, self.configMap))
        return [*own, *((("configMaps", key), config_volume(key), each) for key, each in self.configMaps.items())]

    @cached_property
    def all_services(self) -> list[tuple[tuple[str, ...], KubernetesService]]:
        """All Services with their paths, that of the page itself first."""
        own: list[tuple[tuple[str, ...], KubernetesService]] = [(("service",), self.service)] if self.service else []
        return [*own, *((("services", name), each) for name, each in self.services.items())]

    @cached_property
    def all_ingresses(self) -> list[tuple[tuple[str, ...], Ingress]]:
        """All Ingresses with their paths, that of the page itself first."""
        own: list[tuple[tuple[str, ...], Ingress]] = [(("ingress",), self.ingress)] if self.ingress else []
        return [*own, *((("ingresses", name), each) for name, each in self.ingresses.items())]

    @cached_property
    def all_entries(self) -> list[tuple[tuple[str, ...], KubernetesService | Ingress]]:
        """All Services and Ingresses with their paths."""
        return [*self.all_services, *self.all_ingresses]

    @cached_property
    def all_jobs(self) -> list[tuple[tuple[str, ...], JobSettings]]:
        """All Jobs and CronJobs with their paths, the migrations first."""
        migrations: list[tuple[tuple[str, ...], JobSettings]] = []
        if self.migrations is not None:
            migrations.append((("migrations",), self.migrations))
        plain = [(("jobs", name), job) for name, job in self.jobs.items()]
        return [*migrations, *plain, *((("cronJobs", name), job) for name, job in self.cronJobs.items())]

    @cached_property
    def all_accounts(self) -> list[tuple[tuple[str, ...], ServiceAccount]]:
        """All ServiceAccounts with their paths, that of the page itself first, then those of jobs."""
        owners: list[tuple[tuple[str, ...], Page | JobSettings]] = [((), self), *self.all_jobs]
        return [
            ((*path, "serviceAccount"), owner.serviceAccount)
            for path, owner in owners
            if owner.serviceAccount is not None
        ]

    @cached_property
    def all_containers(self) -> list[tuple[tuple[str, ...], Container]]:
        """All containers with their paths, those of jobs too; that of the page itself has the empty path."""
        owners: list[tuple[tuple[str, ...], Page | JobSettings]] = [((), self), *self.all_jobs]
        return [
            found
            for path, owner in owners
            for found in (
                (path, owner),
                *(((*path, "initContainers", name), each) for name, each in owner.initContainers.items()),
                *(((*path, "containers", name), each) for name, each in owner.containers.items()),
            )
        ]
