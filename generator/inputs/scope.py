"""What one Argo CD looks after: the systems and environments of its instance, as far as it needs to know them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from generator.model.gates import Freeze
from generator.model.project import Instance, Sync
from generator.roots import ARGOCD

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.inputs.enrolment import Enrolment
    from generator.inputs.project import Project

# A cluster in the words of Argo CD: {"name": ...} or {"server": ...}.
Cluster = dict[str, str]

# Secret stores that External Secrets reads.
_EXTERNAL = ("ClusterSecretStore", "SecretStore")

# Where Argo CD runs, for itself.
_HERE: Cluster = {"server": "https://kubernetes.default.svc"}


class SyncedPlace(msgspec.Struct, frozen=True, kw_only=True):
    """One system in one environment; `services` are those that may run there, released or not.

    `external_secrets` says that External Secrets makes their Secrets.
    """

    environment: str
    system: str
    services: tuple[str, ...]
    namespaces: tuple[str, ...]
    cluster: Cluster
    sync: Sync
    freezes: tuple[Freeze, ...]
    recipients: dict[str, str]
    kinds: tuple[str, ...]
    external_secrets: bool = False


class InstanceScope(msgspec.Struct, frozen=True, kw_only=True):
    """One Argo CD: its instance, its own cluster, the repository that it reads, and the places that it syncs."""

    name: str
    instance: Instance
    here: Cluster
    namespace: str
    repository: str
    revision: str
    places: tuple[SyncedPlace, ...]

    @property
    def folder(self) -> str:
        """Path of what this Argo CD syncs for itself."""
        return folder_of(self.name)

    @property
    def systems(self) -> tuple[str, ...]:
        """The systems of its places, each once."""
        return tuple(dict.fromkeys(place.system for place in self.places))


def folder_of(instance: str) -> str:
    """Return the folder of an instance."""
    return f"{ARGOCD}/{instance}"


def environments_of(project: Project, instance: str) -> tuple[str, ...]:
    """Return the environments that an instance syncs, in the order of promotion."""
    instances = project.gitops.argocd.instances
    named = instances[instance].environments
    others = {name for each in instances.values() for name in each.environments}
    known = project.gitops.environments
    return tuple(name for name in known if (name in named if named else name not in others))


def services_of(instance: Instance) -> frozenset[str]:
    """Return the notification services of an instance, as subscriptions name them: `alerts` for `slack.alerts`."""
    return frozenset(name.rpartition(".")[2] for name in instance.notifications)


def instance_of(project: Project, environment: str) -> str:
    """Return the instance that syncs an environment, "" where none does."""
    instances = project.gitops.argocd.instances
    return next((name for name in instances if environment in environments_of(project, name)), "")


def scope_of(project: Project, name: str, roster: Mapping[str, Enrolment]) -> InstanceScope:
    """Return the scope of an instance; `roster` tells of every service."""
    argocd = project.gitops.argocd
    instance = argocd.instances[name]
    return InstanceScope(
        name=name,
        instance=instance,
        here=_destination(instance.destination, _HERE),
        namespace=argocd.namespace,
        repository=project.gitops.repoURL,
        revision=project.gitops.targetRevision,
        places=tuple(
            _place(project, name, system, environment, roster)
            for environment in environments_of(project, name)
            for system in sorted(project.systems)
            if environment in project.systems[system].environments
        ),
    )


def _place(
    project: Project, instance: str, system: str, environment: str, roster: Mapping[str, Enrolment]
) -> SyncedPlace:
    page, words = project.systems[system], project.environments[environment]
    there = page.environments[environment]
    return SyncedPlace(
        environment=environment,
        system=system,
        services=tuple(
            service
            for service, enrolment in sorted(roster.items())
            if enrolment.system == system and environment not in enrolment.excluded
        ),
        namespaces=tuple(project.namespaces(system, environment).values()),
        cluster=_destination(project.clusters[there.cluster].destination, {"name": there.cluster}),
        sync=words.sync,
        freezes=tuple(words.gates.freezes),
        recipients=_heard(project, instance, {**page.notifications, **there.notifications}),
        kinds=tuple(page.kinds),
        external_secrets=there.secretStore is not None and there.secretStore.kind in _EXTERNAL,
    )


def _heard(project: Project, instance: str, recipients: dict[str, str]) -> dict[str, str]:
    """Return the recipients that an instance can reach; without services on any page somebody else keeps them."""
    instances = project.gitops.argocd.instances
    if not any(each.notifications for each in instances.values()):
        return recipients
    known = services_of(instances[instance])
    return {service: recipient for service, recipient in recipients.items() if service in known}


def _destination(given: object, default: Cluster) -> Cluster:
    return msgspec.to_builtins(given) if given is not None else default
