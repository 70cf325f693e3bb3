"""What runs where: of each service in each environment the release, since when, what holds it, how far it is behind.

The releases are those of the working tree; git knows how old they are, and one walk through its log answers for all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from generator.disk.tree import Tree
from generator.history.environment_status import Cell, CellReader
from generator.history.release_history import steps, texts
from generator.paths import NAME, overlay_folder
from generator.records.hold import read_hold
from generator.records.record import read_record
from generator.records.retirement import tombstone_path
from generator.repo.head import head_files

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from generator.inputs.project import Project
    from generator.inputs.service_page import ServicePage
    from generator.repo.log import WorkTree


def status(project: Project, tree: Tree, checkout: WorkTree | None, environments: Collection[str]) -> tuple[Cell, ...]:
    """Return the cells of all services of `project` in `environments`, service by service, in the order of promotion.

    Without a `checkout` nothing is known of ages, and a release is the same as the one before it or different.
    """
    rows = {page.name: _row(project, tree, page) for page in project.services.values()}
    if checkout is not None:
        rows = _compared_with_head(tree, rows)
    watches = {
        name: [
            CellReader(cell, row.get(cell.previous or "")) for cell in row.values() if cell.environment in environments
        ]
        for name, row in rows.items()
    }
    if checkout is not None:
        _walk(checkout, watches)
    return tuple(watch.cell() for row in watches.values() for watch in row)


def _row(project: Project, tree: Tree, page: ServicePage) -> dict[str, Cell]:
    """Return the cells of a service by environment, as the working tree has them."""
    places = project.environments_of(page)
    route = project.route_of(page)
    before = dict(zip(route[1:], route, strict=False))
    return {place: _cell(tree, place, page.name, before.get(place)) for place in places}


def _cell(tree: Tree, environment: str, service: str, previous: str | None) -> Cell:
    record, findings = read_record(tree, service, environment)
    hold, unfit = read_hold(tree, environment, service)
    return Cell(
        environment=environment,
        service=service,
        record=None if findings else record,
        unreadable=bool(findings),
        retired=record is None and tombstone_path(environment, service) in tree.files,
        previous=previous,
        hold=hold,
        findings=(*findings, *unfit),
    )


def _compared_with_head(tree: Tree, rows: Mapping[str, dict[str, Cell]]) -> dict[str, dict[str, Cell]]:
    """Mark the cells whose release is not that of the last commit."""
    paths = [
        f"{overlay_folder(cell.environment, cell.service)}/{NAME}" for row in rows.values() for cell in row.values()
    ]
    head = Tree(tree.root, head_files(tree.root, paths))
    return {name: {place: _marked(head, cell) for place, cell in row.items()} for name, row in rows.items()}


def _marked(head: Tree, cell: Cell) -> Cell:
    committed, unfit = read_record(head, cell.service, cell.environment)
    changed = bool(unfit) or texts(committed) != texts(cell.record)
    return msgspec.structs.replace(cell, uncommitted=changed and not cell.unreadable)


def _walk(checkout: WorkTree, watches: Mapping[str, Sequence[CellReader]]) -> None:
    """Give the watches (by service) the steps of their services until none of them waits for more."""

    def wanted(environment: str, service: str) -> bool:
        return any(watch.wants(environment) for watch in watches.get(service, ()))

    waiting = {name for name, row in watches.items() if any(watch.waits for watch in row)}
    stream = steps(checkout.reader, prefix=checkout.prefix, wanted=wanted)
    while waiting and (step := next(stream, None)) is not None:
        for watch in watches[step.service]:
            watch.take(step)
        if not any(watch.waits for watch in watches[step.service]):
            waiting.discard(step.service)
