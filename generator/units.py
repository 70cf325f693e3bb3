"""Render the asked units of a loaded project, with the release records that the disk holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.errors import InputError
from generator.finding import Place
from generator.inputs.complaint import complaint
from generator.inputs.load import load
from generator.layout.kustomization import NAME
from generator.layout.overlay import overlay_folder
from generator.layout.unit import Unit, service_unit, system_unit
from generator.release.record import read_record

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from generator.finding import Finding
    from generator.inputs.project import Project, ServicePage
    from generator.layout.release import Record
    from generator.progress import Progress
    from generator.tree import Tree


def render_units(project: Project, tree: Tree, names: Collection[str], progress: Progress) -> list[Unit]:
    """Render each named service and system; raises InputError with the complaints of all of them."""
    units: list[Unit] = []
    complaints: list[Finding] = []
    progress.stage("rendering", len(names))
    for name in sorted(names):
        try:
            units += _unit(project, tree, name)
        except InputError as error:
            complaints += error.complaints
        progress.advance()
    if complaints:
        raise InputError(sorted(set(complaints), key=lambda found: (found.place, found.message)))
    return units


def _unit(project: Project, tree: Tree, name: str) -> list[Unit]:
    if name in project.services:
        page = project.services[name]
        return [service_unit(project, page, records(project, tree, page))]
    return [system_unit(project, name)] if name in project.systems else []


def records(project: Project, tree: Tree, page: ServicePage) -> dict[str, Record]:
    """Give a service's release records by environment; raises InputError when one cannot be read."""
    found: dict[str, Record] = {}
    complaints: list[Finding] = []
    for environment in project.environments_of(page):
        record, unfit = read_record(tree, page.name, environment)
        complaints += unfit
        if record is not None:
            found[environment] = record
    if complaints:
        raise InputError(complaints)
    return found


def refuse_lost_overlays(tree: Tree, committed: Iterable[tuple[str, str]]) -> None:
    """Raise InputError for each overlay of HEAD that the disk lacks although its page still wants it."""
    gone = [(env, name) for env, name in committed if f"{overlay_folder(env, name)}/{NAME}" not in tree.files]
    gone = [(env, name) for env, name in gone if f"services/{name}.yaml" in tree.files]
    if not gone:
        return
    project = load(tree, only={name for _, name in gone})
    lost = [_lost(env, name) for env, name in gone if env in project.environments_of(project.services[name])]
    if lost:
        raise InputError(sorted(lost, key=lambda found: found.place))


def _lost(environment: str, name: str) -> Finding:
    path = f"{overlay_folder(environment, name)}/{NAME}"
    remedy = (
        f"run `git checkout HEAD -- {overlay_folder(environment, name)}`, "
        f"or write `environments: {{{environment}: false}}` on the page to take the service out of {environment}"
    )
    message = "the last commit has this release record and the disk has not"
    return complaint("REL004", Place(path), message, remedy)
