"""Names in one page that another page must provide: systems, environments, clusters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.findings.nearest import nearest
from generator.rules.spec import SPC008, SPC009

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from generator.findings.finding import Finding
    from generator.inputs.project import Project
    from generator.yamlio import Document

Path = tuple[str | int, ...]


def dangling(project: Project) -> Iterator[Finding]:
    """Yield a complaint for each name that no page provides, and for values that only their neighbours make wrong."""
    yield from _environments(project)
    for name in project.systems:
        yield from _system(project, name)
    for page in project.services.values():
        yield from _service(project, page.file, page.system)


def _environments(project: Project) -> Iterator[Finding]:
    for number, name in enumerate(project.gitops.environments):
        if name not in project.environments:
            yield unknown_name(
                project.documents["gitops.yaml"], ("environments", number), "environment", name, project.environments
            )


def _system(project: Project, name: str) -> Iterator[Finding]:
    file = f"systems/{name}.yaml"
    system = project.systems[name]
    for environment, place in system.environments.items():
        path: Path = ("environments", environment)
        if environment not in project.gitops.environments:
            yield unknown_name(project.documents[file], path, "environment", environment, project.gitops.environments)
        if place.cluster not in project.clusters:
            yield unknown_name(project.documents[file], (*path, "cluster"), "cluster", place.cluster, project.clusters)
        for namespace in place.namespaces:
            if namespace not in system.namespaces:
                inner = (*path, "namespaces", namespace)
                yield unknown_name(project.documents[file], inner, "namespace", namespace, system.namespaces)


def _service(project: Project, file: str, system: str) -> Iterator[Finding]:
    if system not in project.systems:
        yield unknown_name(project.documents[file], ("system",), "system", system, project.systems)
        return
    known = project.systems[system].environments
    for environment, value in (project.documents[file].value.get("environments") or {}).items():
        path = ("environments", environment)
        if environment not in known:
            yield unknown_name(project.documents[file], path, "environment", environment, known)
        elif value is True:
            place = project.documents[file].place(path)
            message = f"'environments.{environment}' cannot be true"
            yield SPC008.complaint(place, message, "leave it out, or use false")


def unknown_name(document: Document, path: Path, kind: str, name: str, known: Collection[str]) -> Finding:
    """Return the complaint about a name at `path` that is none of `known`, with the nearest one."""
    place = document.key_place(path) if path[-1] == name else document.place(path)
    near = nearest(name, known)
    remedy = f"did you mean '{near}'?" if near else f"known: {', '.join(sorted(known)) or 'none'}"
    return SPC009.complaint(place, f"no {kind} '{name}'", remedy)
