"""What an Argo CD will do: each Application with its steps, what is refused, and what changes against a base commit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from generator.controller.application import Application, twins
from generator.controller.change import ApplicationChange, Fate, change_of, compare_applications, fate_of, settle
from generator.controller.object_summary import Trait, trait_of
from generator.controller.order import Wave, never_applied, waves
from generator.controller.project_check import ProjectRefusal, check_project
from generator.controller.window import Gate, WindowScope, gate, reaches
from generator.kubernetes.manifest import ObjectId, at
from generator.model.base import Manifest
from generator.preview.declared import Declaration
from generator.preview.expansion import FINALIZER, Unexpanded
from generator.preview.source import Site

if TYPE_CHECKING:
    from collections.abc import Iterator


class BuiltApplication(msgspec.Struct, frozen=True, kw_only=True):
    """An Application, where it comes from here, and what that builds to; `error` is what kustomize says otherwise."""

    application: Application
    site: Site
    traits: tuple[Trait, ...] = ()
    error: str = ""

    @property
    def fault(self) -> str:
        """Return why Argo CD cannot build it, nothing if it can."""
        return self.site.fault or self.error


class Side(msgspec.Struct, frozen=True, kw_only=True):
    """One instance in one commit: what it is told, `all` Applications, those asked for as built, what is unknown."""

    declaration: Declaration
    built: tuple[BuiltApplication, ...]
    all: tuple[Application, ...]
    unexpanded: tuple[Unexpanded, ...]


class PreviewContext(msgspec.Struct, frozen=True):
    """What all Applications of an instance have in common: projects with their windows, the moment, scopes of kinds.

    `owners` are the Applications by the objects that they want.
    """

    projects: Mapping[str, Manifest]
    windows: Mapping[str, Sequence[WindowScope]]
    now: datetime
    scopes: Mapping[tuple[str, str], bool]
    owners: Mapping[tuple[str, ObjectId], str]


class Outlook(msgspec.Struct, frozen=True, kw_only=True):
    """What becomes of one Application."""

    application: Application
    built: BuiltApplication
    waves: tuple[Wave, ...]
    ignored: tuple[Trait, ...]
    refused: tuple[ProjectRefusal, ...]
    gate: Gate
    change: ApplicationChange | None = None

    @property
    def refusals(self) -> tuple[ProjectRefusal, ...]:
        """What is certainly refused."""
        return tuple(each for each in self.refused if each.certain)

    @property
    def changes(self) -> bool:
        """Return whether anything differs from the base, if there is one."""
        return self.change is not None and not self.change.silent

    @property
    def doubts(self) -> tuple[ProjectRefusal, ...]:
        """What may be refused, which only the cluster knows."""
        return tuple(each for each in self.refused if not each.certain)


class RemovedApplication(msgspec.Struct, frozen=True, kw_only=True):
    """An Application that the base commit had and that there is no longer, and what becomes of it."""

    application: Application
    fate: str


class Forecast(msgspec.Struct, frozen=True, kw_only=True):
    """What one Argo CD will do; `twins` are names that two Applications have."""

    instance: str
    outlooks: tuple[Outlook, ...]
    unexpanded: tuple[Unexpanded, ...]
    twins: tuple[tuple[Application, Application], ...]
    parted: tuple[RemovedApplication, ...] = ()

    @property
    def faults(self) -> int:
        """Number of things that Argo CD refuses or cannot do."""
        found = sum(len(each.refusals) + bool(each.built.fault) for each in self.outlooks)
        return found + len(self.twins) + sum(each.certain for each in self.unexpanded)

    @property
    def unknown(self) -> int:
        """Number of things that could not be found out."""
        found = sum(len(each.doubts) for each in self.outlooks)
        return found + sum(not each.certain for each in self.unexpanded)


def forecast(head: Side, base: Side | None, now: datetime, scopes: Mapping[tuple[str, str], bool]) -> Forecast:
    """Return what an instance will do at `now` with the commit of `head`, where `base` is what it did before."""
    before = {} if base is None else {each.application.name: each for each in base.built}
    projects = {name: project.manifest for name, project in head.declaration.projects.items()}
    windows = {name: reaches(project) for name, project in projects.items()}
    owners = {_owned(trait, each.application): each.application.name for each in head.built for trait in each.traits}
    scene = PreviewContext(projects, windows, now, scopes, owners)
    outlooks = [
        _outlook(each, scene, None if base is None else _change(each, before.get(each.application.name)))
        for each in head.built
    ]
    return Forecast(
        instance=head.declaration.instance,
        outlooks=tuple(outlooks),
        unexpanded=head.unexpanded,
        twins=tuple(twins(head.all)),
        parted=() if base is None else tuple(_parted(head, base)),
    )


def _outlook(built: BuiltApplication, scene: PreviewContext, change: ApplicationChange | None) -> Outlook:
    application = built.application
    policy, destination = application.policy, application.destination
    gone = [each.object for each in change.gone] if change else []
    steps = waves(built.traits, gone, namespace=destination.namespace, prune_last=policy.prune_last)
    tasks = [task for wave in steps for task in wave.tasks]
    found = check_project(application, scene.projects.get(application.project), tasks, scene.scopes)
    refused = tuple(dict.fromkeys((*found, *_wiped(change))))
    window = gate(scene.windows.get(application.project, ()), application.name, destination, scene.now)
    return Outlook(
        application=application,
        built=built,
        waves=steps,
        ignored=never_applied(built.traits),
        refused=refused,
        gate=window,
        change=_settled(change, refused, _heirs(change, application, scene), closed=window.closed),
    )


def _settled(
    change: ApplicationChange | None, refused: Sequence[ProjectRefusal], heirs: Mapping[ObjectId, str], *, closed: bool
) -> ApplicationChange | None:
    if change is None:
        return None
    return msgspec.structs.replace(change, gone=settle(change.gone, refused, heirs, closed=closed))


def _heirs(change: ApplicationChange | None, application: Application, scene: PreviewContext) -> dict[ObjectId, str]:
    """Return the other Application that wants an object in the same cluster, by what this one no longer wants."""
    found = {}
    for each in change.gone if change else ():
        owner = scene.owners.get(_owned(each.object, application))
        if owner is not None and owner != application.name:
            found[each.object.id] = owner
    return found


def _owned(trait: Trait, application: Application) -> tuple[str, ObjectId]:
    """Return what makes an object one and the same for two Applications: its cluster and its identity there."""
    destination = application.destination
    cluster = destination.name or destination.server or ""
    return cluster, trait.id._replace(namespace=trait.namespace or destination.namespace)


def _wiped(change: ApplicationChange | None) -> Iterator[ProjectRefusal]:
    """Yield the refusal of a sync that would delete everything."""
    if change is not None and any(gone.fate is Fate.EMPTY for gone in change.gone):
        yield ProjectRefusal(message="auto-sync will wipe out all resources (allowEmpty is off)")


def _change(built: BuiltApplication, before: BuiltApplication | None) -> ApplicationChange:
    """Compare an Application with what it was; one that cannot be built changes nothing in its cluster."""
    if before is None:
        return ApplicationChange(created=built.traits, new=True)
    shifts = tuple(compare_applications(before.application, built.application))
    if built.fault or built.site.elsewhere or before.site.elsewhere:
        return ApplicationChange(moved=shifts)
    policy, namespace = built.application.policy, built.application.destination.namespace
    return msgspec.structs.replace(change_of(before.traits, built.traits, policy, namespace), moved=shifts)


def _parted(head: Side, base: Side) -> Iterator[RemovedApplication]:
    present = {each.name for each in head.all}
    unknown = {each.name for each in head.unexpanded}
    for each in base.built:
        application = each.application
        if application.name not in present:
            unsure = application.made_by in unknown
            yield RemovedApplication(application=application, fate=_UNSURE if unsure else _fate(application, head))


_UNSURE = "unknown: its set is not expanded"


def _fate(application: Application, head: Side) -> str:
    """Return what becomes of an Application that is no longer made or declared."""
    if application.made_by in {each.name for each in head.declaration.sets}:
        if application.keeps:
            return f"stays: {application.made_by} never deletes one; {_without(application)}"
        return f"is deleted by {application.made_by}; {_objects(application)}"
    owner = f"ApplicationSet {application.made_by}" if application.made_by else f"Application {application.name}"
    what = _owner_fate(application, head)
    if what is not Fate.PRUNED:
        return (
            f"stays: {owner} is {what}" if what is not Fate.CONFIRM else f"stays until someone confirms: {owner} {what}"
        )
    return (
        f"is deleted with {owner}; {_objects(application)}"
        if application.made_by
        else f"is deleted; {_objects(application)}"
    )


def _owner_fate(application: Application, head: Side) -> Fate:
    """Return what the root Application does with the object behind an Application: itself, or the set that made it."""
    root = head.declaration.root
    if root is None:
        return Fate.MANUAL
    metadata = {"name": application.made_by or application.name, "annotations": application.owner_annotations}
    trait = trait_of({"apiVersion": "argoproj.io/v1alpha1", "kind": "Application", "metadata": metadata})
    return fate_of(trait, Application(manifest=root.manifest, place=root.place).policy)


def _without(application: Application) -> str:
    paths = ", ".join(str(source) for source in application.sources)
    return f"it points at {paths}, which is not there, so its objects stay as they are"


def _objects(application: Application) -> str:
    finalizers = at(application.manifest, ("metadata", "finalizers")) or ()
    return "its objects go with it" if FINALIZER in finalizers else "its objects stay in the cluster, unmanaged"
