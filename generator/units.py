"""Render the asked units of a loaded project, with the release records that the disk holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.findings.errors import collected
from generator.inputs.enrolment import roster
from generator.layout.unit import Unit, argocd_unit, service_unit, system_unit
from generator.records.record import record_comments, records
from generator.roots import ARGOCD

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from generator.disk.tree import Tree
    from generator.findings.progress import Progress
    from generator.inputs.project import Project


# What renders a root that is rendered as a whole: the name of the root, and of its unit -> the renderer.
RENDERERS: dict[str, Callable[[Project, Tree], Unit]] = {
    ARGOCD: lambda project, tree: argocd_unit(project, roster(project, tree)),
}


def render_units(project: Project, tree: Tree, names: Collection[str], progress: Progress) -> list[Unit]:
    """Render each named service, system and whole root; raises InputError with the complaints of all of them."""
    units: list[Unit] = []
    progress.stage("rendering", len(names))
    with collected() as complaints:
        for name in sorted(names):
            with complaints.of_one():
                units += _unit(project, tree, name)
            progress.advance()
    return units


def _unit(project: Project, tree: Tree, name: str) -> list[Unit]:
    if name in RENDERERS:
        return [RENDERERS[name](project, tree)]
    if name in project.services:
        page = project.services[name]
        return [service_unit(project, page, records(project, tree, page), record_comments(project, tree, page))]
    return [system_unit(project, name)] if name in project.systems else []
