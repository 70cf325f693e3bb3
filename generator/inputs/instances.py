"""The instances of Argo CD on `gitops.yaml`: one of them syncs each environment, under names that are free."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.findings.nearest import nearest
from generator.inputs.name import is_name
from generator.inputs.ownfiles import missing_file, own_file_complaints
from generator.inputs.references import unknown_name
from generator.inputs.scope import folder_of, services_of
from generator.rules.spec import SPC007, SPC008, SPC009

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.disk.tree import Tree
    from generator.findings.finding import Finding
    from generator.inputs.project import Project
    from generator.model.project import Destination, Instance
    from generator.rules.rule import Rule

_FILE = "gitops.yaml"

# Notification services of Argo CD 3.5.7: notifications-engine v0.5.1-0.20260503100631-0cff13b8a717,
# pkg/services/services.go, NewService.
_TYPES = (
    "alertmanager awssqs email gcppubsub github googlechat grafana mattermost nats newrelic opsgenie pagerduty "
    "pagerdutyv2 pushover rocketchat slack teams teams-workflows telegram webex webhook"
)
_SERVICES = frozenset(_TYPES.split())

Path = tuple[str | int, ...]


def unfit_instances(project: Project) -> Iterator[Finding]:
    """Yield a complaint for each instance whose name, environments or words cannot be."""
    owners: dict[str, str] = {}
    for name, instance in project.gitops.argocd.instances.items():
        if not is_name(name):
            message = f"'{name}' is not a name for an instance"
            yield _complaint(project, _path(name), SPC007, message, "use lower-case letters, digits and '-'")
        yield from _environments(project, name, instance, owners)
        yield from _services(project, name, instance)
    yield from _open_ended(project)
    yield from _unsynced(project)
    for file, path, destination in _destinations(project):
        if destination is not None and (destination.name is None) == (destination.server is None):
            place = project.documents[file].place(path)
            yield SPC008.complaint(place, "'destination' has not exactly one of name and server", "keep one of them")
    yield from _unheard(project)


def _environments(project: Project, name: str, instance: Instance, owners: dict[str, str]) -> Iterator[Finding]:
    for number, environment in enumerate(instance.environments):
        path = (*_path(name), "environments", number)
        if environment not in project.gitops.environments:
            known = project.gitops.environments
            yield unknown_name(project.documents[_FILE], path, "environment", environment, known)
        elif owners.setdefault(environment, name) != name:
            message = f"'{environment}' is synced by '{owners[environment]}' too: both would own its objects"
            yield _complaint(project, path, SPC008, message, "keep it in one of them")


def _open_ended(project: Project) -> Iterator[Finding]:
    """Yield a complaint for each instance but one that takes whatever environment no other names."""
    names = [name for name, instance in project.gitops.argocd.instances.items() if not instance.environments]
    for name in names[1:]:
        message = f"'{name}' names no environments, and neither does '{names[0]}': both would take all others"
        yield _complaint(project, _path(name), SPC008, message, f"add `environments:` to '{name}'")


def _unsynced(project: Project) -> Iterator[Finding]:
    """Yield a complaint for each environment that no instance takes, where there are instances at all."""
    instances = project.gitops.argocd.instances.values()
    if not instances or not all(instance.environments for instance in instances):
        return
    taken = {environment for instance in instances for environment in instance.environments}
    for number, environment in enumerate(project.gitops.environments):
        if environment not in taken:
            message = f"'{environment}' is synced by no instance of Argo CD"
            remedy = "add it to `environments:` of one, or let one instance name none"
            yield _complaint(project, ("environments", number), SPC008, message, remedy)


def _services(project: Project, name: str, instance: Instance) -> Iterator[Finding]:
    """Yield a complaint for each notification service of a type that Argo CD does not have."""
    for service in instance.notifications:
        kind, *rest = service.split(".")
        place = project.documents[_FILE].key_place((*_path(name), "notifications", service))
        if kind not in _SERVICES:
            near = nearest(kind, _SERVICES)
            remedy = f"did you mean '{near}'?" if near else f"known: {', '.join(sorted(_SERVICES))}"
            yield SPC009.complaint(place, f"Argo CD has no notification service of type '{kind}'", remedy)
        elif rest and not (len(rest) == 1 and is_name(rest[0])):
            message = f"'{service}' is no notification service"
            yield SPC007.complaint(place, message, f"write `{kind}`, or `{kind}.NAME` for one of several")


def _destinations(project: Project) -> Iterator[tuple[str, Path, Destination | None]]:
    """Yield every destination with its file and path."""
    for name, instance in project.gitops.argocd.instances.items():
        yield _FILE, (*_path(name), "destination"), instance.destination
    for name, cluster in project.clusters.items():
        yield f"clusters/{name}.yaml", ("destination",), cluster.destination


def _unheard(project: Project) -> Iterator[Finding]:
    """Yield a complaint for each recipient of a notification service that no Argo CD has.

    Without any on the page, somebody else keeps `argocd-notifications-cm`.
    """
    known = {name for instance in project.gitops.argocd.instances.values() for name in services_of(instance)}
    for file, path, service in _recipients(project) if known else ():
        if service not in known:
            yield unknown_name(project.documents[file], path, "notification service", service, known)


def _recipients(project: Project) -> Iterator[tuple[str, Path, str]]:
    for name, system in project.systems.items():
        file = f"systems/{name}.yaml"
        yield from ((file, ("notifications", service), service) for service in system.notifications)
        for environment, place in system.environments.items():
            inner = ("environments", environment, "notifications")
            yield from ((file, (*inner, service), service) for service in place.notifications)


def missing_resources(project: Project, tree: Tree) -> Iterator[Finding]:
    """Yield a complaint for each own file that an instance lists and lacks, or that kustomize must not read."""
    for name, instance in project.gitops.argocd.instances.items():
        for number, file in enumerate(instance.extraResources):
            path = f"{folder_of(name)}/resources/{file}"
            if path in tree.files:
                yield from own_file_complaints(tree.files[path], path)
            else:
                place = project.documents[_FILE].place((*_path(name), "extraResources", number))
                yield missing_file(place, path, tree)


def _path(instance: str) -> Path:
    return ("argocd", "instances", instance)


def _complaint(project: Project, path: Path, rule: Rule, message: str, remedy: str) -> Finding:
    return rule.complaint(project.documents[_FILE].place(path), message, remedy)
