"""How far a system may reach: no namespace that rules the cluster or Argo CD, and no cluster under two names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.inputs.namespaces import names_in
from generator.inputs.scope import environments_of
from generator.rules.spec import SPC008

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.findings.finding import Finding
    from generator.inputs.fault import Path
    from generator.inputs.project import Project
    from generator.model.project import System

# Namespaces of the cluster itself: https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/
_CLUSTERS_OWN = "kube-"
# What Argo CD's controllers act upon; Rollouts, Workflows and the like are other projects of the same group.
_RULES_ARGO = frozenset({"argoproj.io/Application", "argoproj.io/ApplicationSet", "argoproj.io/AppProject"})


def overreach(project: Project) -> Iterator[Finding]:
    """Yield a complaint for each word that would hand a system more than its own namespaces on its own clusters."""
    for name, system in project.systems.items():
        for key, namespace in dict.fromkeys(_names(system)):
            if namespace == project.gitops.argocd.namespace or namespace.startswith(_CLUSTERS_OWN):
                yield _namespace(project, name, key, namespace)
        for number, kind in enumerate(system.kinds):
            if kind in _RULES_ARGO:
                place = project.documents[f"systems/{name}.yaml"].place(("kinds", number))
                message = f"'{kind}': a service that may sync it rules Argo CD itself"
                yield SPC008.complaint(place, message, "such objects belong into argocd/<instance>/resources/")
    for instance in project.gitops.argocd.instances:
        yield from _one_cluster_twice(project, instance)


def _names(system: System) -> Iterator[tuple[str, str]]:
    """Yield key and name of each namespace of a system, in each of its environments."""
    if not system.environments:
        yield from ((key, key) for key in system.namespaces)
    for environment in system.environments:
        yield from names_in(system, environment).items()


def _namespace(project: Project, system: str, key: str, namespace: str) -> Finding:
    argocd = namespace == project.gitops.argocd.namespace
    whose = "is Argo CD's own" if argocd else "belongs to the cluster itself"
    document = project.documents[f"systems/{system}.yaml"]
    message = f"'{namespace}' {whose}: whoever syncs into it rules {'every system' if argocd else 'the cluster'}"
    return SPC008.complaint(document.key_place(("namespaces", key)), message, "give the system another one")


def _one_cluster_twice(project: Project, instance: str) -> Iterator[Finding]:
    """Yield a complaint for each cluster page of an instance that leads to where another one leads."""
    owners: dict[tuple[str, str], str] = {}
    for name in _clusters(project, instance):
        given = project.clusters[name].destination
        server = (given.server or "").rstrip("/").lower() if given else ""
        place = ("server", server) if server else ("name", (given.name if given else None) or name)
        owner = owners.setdefault(place, name)
        if owner != name:
            path: Path = ("destination",) if given else ()
            message = (
                f"leads to the cluster of clusters/{owner}.yaml: two environments would be deployed over each other"
            )
            remedy = "let the environments use one page, or correct the destination"
            yield SPC008.complaint(project.documents[f"clusters/{name}.yaml"].place(path), message, remedy)


def _clusters(project: Project, instance: str) -> list[str]:
    """Return the names of the clusters that an instance syncs to, each once."""
    environments = environments_of(project, instance)
    places = (system.environments.get(name) for name in environments for system in project.systems.values())
    return sorted({place.cluster for place in places if place is not None and place.cluster in project.clusters})
