"""The instances of Argo CD on `gitops.yaml`: one of them syncs each environment, under names that are free."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.argocd.scope import folder_of
from generator.inputs.complaint import complaint
from generator.inputs.name import is_name
from generator.inputs.references import unknown_name
from generator.nearest import nearest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.finding import Finding
    from generator.inputs.project import Project
    from generator.model.project import Destination, Instance
    from generator.tree import Tree

_FILE = "gitops.yaml"
Path = tuple[str | int, ...]


def unfit_instances(project: Project) -> Iterator[Finding]:
    """Give a complaint for each instance whose name, environments or words cannot be."""
    owners: dict[str, str] = {}
    for name, instance in project.gitops.argocd.instances.items():
        if not is_name(name):
            message = f"'{name}' is not a name for an instance"
            yield _complaint(project, _path(name), "SPC007", message, "use lower-case letters, digits and '-'")
        yield from _environments(project, name, instance, owners)
    yield from _open_ended(project)
    for file, path, destination in _destinations(project):
        if destination is not None and (destination.name is None) == (destination.server is None):
            place = project.documents[file].place(path)
            yield complaint("SPC008", place, "'destination' has not exactly one of name and server", "keep one of them")
    yield from _unheard(project)


def _environments(project: Project, name: str, instance: Instance, owners: dict[str, str]) -> Iterator[Finding]:
    for number, environment in enumerate(instance.environments):
        path = (*_path(name), "environments", number)
        if environment not in project.gitops.environments:
            known = project.gitops.environments
            yield unknown_name(project.documents[_FILE], path, "environment", environment, known)
        elif owners.setdefault(environment, name) != name:
            message = f"'{environment}' is synced by '{owners[environment]}' too: both would own its objects"
            yield _complaint(project, path, "SPC008", message, "keep it in one of them")


def _open_ended(project: Project) -> Iterator[Finding]:
    """Give a complaint for each instance but one that takes whatever environment no other names."""
    names = [name for name, instance in project.gitops.argocd.instances.items() if not instance.environments]
    for name in names[1:]:
        message = f"'{name}' names no environments, and neither does '{names[0]}': both would take all others"
        yield _complaint(project, _path(name), "SPC008", message, f"add `environments:` to '{name}'")


def _destinations(project: Project) -> Iterator[tuple[str, Path, Destination | None]]:
    """Give every destination with its file and path."""
    for name, instance in project.gitops.argocd.instances.items():
        yield _FILE, (*_path(name), "destination"), instance.destination
    for name, cluster in project.clusters.items():
        yield f"clusters/{name}.yaml", ("destination",), cluster.destination


def _unheard(project: Project) -> Iterator[Finding]:
    """Give a complaint for each recipient of a notification service that no Argo CD has.

    Without any on the page, somebody else keeps `argocd-notifications-cm`.
    """
    known = {word for instance in project.gitops.argocd.instances.values() for word in instance.notifications}
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
    """Give a complaint for each own file that an instance lists and lacks."""
    for name, instance in project.gitops.argocd.instances.items():
        folder = f"{folder_of(name)}/resources"
        for number, file in enumerate(instance.extraResources):
            if f"{folder}/{file}" not in tree.files:
                near = nearest(f"{folder}/{file}", tree.under(folder))
                remedy = f"did you mean '{near.rpartition('/')[2]}'?" if near else "make it, or take it off the list"
                path = (*_path(name), "extraResources", number)
                yield _complaint(project, path, "SPC009", f"no file {folder}/{file}", remedy)


def _path(instance: str) -> Path:
    return ("argocd", "instances", instance)


def _complaint(project: Project, path: Path, rule: str, message: str, remedy: str) -> Finding:
    return complaint(rule, project.documents[_FILE].place(path), message, remedy)
