"""What the rules may know beyond an overlay: environments, the repository, and its system's AppProject."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from itertools import accumulate
from typing import TYPE_CHECKING

import msgspec

from generator.argocd.application import ROOT
from generator.argocd.project import OF_ARGOCD, allowed_kinds
from generator.inputs.enrolment import roster
from generator.inputs.namespaces import names_in
from generator.inputs.scope import environments_of
from generator.paths import overlay_folder
from generator.rules.view import Limits, SyncedRepository

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.disk.tree import Tree
    from generator.inputs.project import Project
    from generator.layout.unit import Overlay
    from generator.model.project import System


class Surroundings(msgspec.Struct, frozen=True):
    """What surrounds every overlay: whether environments are production, and the limits of each system in each.

    `root` are the limits of what an Argo CD syncs for itself, `synced` the environments that some Argo CD syncs,
    `systems` the system of each service; `here` is the repository without its folders, `mapped` with them.
    `residents` are the environments on each cluster. `renamed` maps keys of namespaces to their names in an
    environment, where no namespace of the cluster is called like the key, those of the system itself first. `twins`
    maps, by cluster and environment, the name that another environment has for a namespace to that environment and
    to the name here. `defaults` are the namespaces of objects that name none.
    """

    environments: Mapping[str, bool]
    limits: Mapping[tuple[str, str], Limits]
    root: Limits
    synced: frozenset[str]
    systems: Mapping[str, str]
    here: SyncedRepository
    mapped: Callable[[], SyncedRepository]
    residents: Mapping[str, frozenset[str]] = {}
    renamed: Mapping[tuple[str, str], Mapping[str, str]] = {}
    twins: Mapping[tuple[str, str], Mapping[str, tuple[str, str]]] = {}
    defaults: Mapping[tuple[str, str], str] = {}

    def limits_of(self, overlay: Overlay) -> Limits | None:
        """Return what the AppProject of an overlay lets through.

        None for what systems share, and where nobody syncs.
        """
        if overlay.target.root.reader == "argocd":
            return self.root
        system = self.systems.get(overlay.unit) if overlay.target.environment in self.synced else None
        return None if system is None else self.limits[system, overlay.target.environment]

    def neighbours_of(self, overlay: Overlay) -> frozenset[str]:
        """Return the other environments that run on an overlay's cluster."""
        placement = overlay.placement
        return self.residents.get(placement.cluster, frozenset()) - {placement.environment}

    def renamed_in(self, overlay: Overlay) -> Mapping[str, str]:
        """Return the keys of namespaces that are no names on the overlay's cluster, with the names that they have."""
        return self.renamed.get((self.systems.get(overlay.unit, ""), overlay.target.environment), {})

    def twins_in(self, overlay: Overlay) -> Mapping[str, tuple[str, str]]:
        """Return what other environments of the cluster call namespaces: which one does, and the name here."""
        return self.twins.get((overlay.placement.cluster, overlay.target.environment), {})

    def default_of(self, overlay: Overlay) -> str:
        """Return the namespace in which Argo CD puts those objects of a service that name none."""
        return self.defaults.get((self.systems.get(overlay.unit, ""), overlay.target.environment), "")

    def repository_of(self, overlay: Overlay) -> SyncedRepository:
        """Return the repository, with its folders only where a person's own files may name some."""
        return self.mapped() if overlay.own.resources else self.here


def surroundings(project: Project, tree: Tree) -> Surroundings:
    """Return what surrounds the overlays of a project."""
    here = SyncedRepository(url=project.gitops.repoURL, revision=project.gitops.targetRevision)
    names = _names(project)
    return Surroundings(
        environments={name: environment.production for name, environment in project.environments.items()},
        limits={
            (name, environment): _limits(name, system, environment)
            for name, system in project.systems.items()
            for environment in system.environments
        },
        root=Limits(system=ROOT, kinds=frozenset(OF_ARGOCD), namespaces=frozenset({project.gitops.argocd.namespace})),
        synced=frozenset(
            environment
            for instance in project.gitops.argocd.instances
            for environment in environments_of(project, instance)
        ),
        systems={name: page.system for name, page in project.services.items()},
        here=here,
        mapped=cache(lambda: _mapped(here, project, tree)),
        residents=_residents(project),
        renamed=dict(_renamed(names)),
        twins=dict(_twins(names)),
        defaults={
            (name, environment): next(iter(project.namespaces(name, environment).values()), "")
            for name, environment in project.shared_overlays
        },
    )


# Keys of namespaces with their names, by system, and by cluster and environment.
_Names = dict[tuple[str, str], dict[str, dict[str, str]]]


def _names(project: Project) -> _Names:
    found: _Names = {}
    for name, environment in project.shared_overlays:
        cluster = project.systems[name].environments[environment].cluster
        found.setdefault((cluster, environment), {})[name] = dict(project.namespaces(name, environment))
    return found


def _renamed(names: _Names) -> Iterator[tuple[tuple[str, str], dict[str, str]]]:
    """Yield the names that differ from their keys, by system and environment."""
    taken: dict[str, set[str]] = {}
    for (cluster, _), systems in names.items():
        taken.setdefault(cluster, set()).update(*(called.values() for called in systems.values()))
    for (cluster, environment), systems in names.items():
        every = {key: name for called in systems.values() for key, name in called.items()}
        for system, called in systems.items():
            known = {**every, **called}
            yield (
                (system, environment),
                {key: name for key, name in known.items() if key not in taken[cluster]},
            )


def _twins(names: _Names) -> Iterator[tuple[tuple[str, str], dict[str, tuple[str, str]]]]:
    """Yield what other environments of a cluster call a system's namespaces, by cluster and environment."""
    for (cluster, environment), systems in names.items():
        here = {name for called in systems.values() for name in called.values()}
        twins: dict[str, tuple[str, str]] = {}
        for (there, other), others in names.items():
            for system in others.keys() & systems.keys() if there == cluster and other != environment else ():
                for key, name in others[system].items():
                    if name not in here and key in systems[system]:
                        twins.setdefault(name, (other, systems[system][key]))
        yield (cluster, environment), twins


def _residents(project: Project) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for system in project.systems.values():
        for environment, place in system.environments.items():
            found[place.cluster] = found.get(place.cluster, frozenset()) | {environment}
    return found


def _limits(name: str, system: System, environment: str) -> Limits:
    elsewhere = (other for other in system.environments if other != environment)
    return Limits(
        system=name,
        kinds=allowed_kinds(system.kinds),
        namespaces=frozenset(names_in(system, environment).values()),
        elsewhere={namespace: other for other in elsewhere for namespace in names_in(system, other).values()},
    )


def _mapped(here: SyncedRepository, project: Project, tree: Tree) -> SyncedRepository:
    folders = frozenset(folder for path in tree.files for folder in accumulate(path.split("/")[:-1], "{}/{}".format))
    return msgspec.structs.replace(here, folders=folders, promised=frozenset(_promised(project, tree)))


def _promised(project: Project, tree: Tree) -> Iterator[str]:
    """Yield the overlays that pages render, or will with a first release."""
    for system, environment in project.shared_overlays:
        yield overlay_folder(environment, system)
    for service, enrolment in roster(project, tree).items():
        system_page = project.systems.get(enrolment.system)
        for environment in system_page.environments if system_page else ():
            if environment not in enrolment.excluded:
                yield overlay_folder(environment, service)
