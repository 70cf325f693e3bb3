"""The way from pages to a proven repository, as a table of contents: load, render, plan; load, render, check."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.memory.proof import Proof
from generator.memory.rendering import Rendering
from generator.plan.held import moved_over_holds
from generator.plan.lost import dropped_overlays, lost_overlays, refuse_lost_overlays, tombstones_of_the_living
from generator.plan.plan import Plan, plan
from generator.repo.head import base_of, head_overlays

if TYPE_CHECKING:
    from datetime import datetime

    from generator.progress import Progress
    from generator.tree import Tree
    from generator.verdict import Report


def generate(tree: Tree, progress: Progress) -> Plan:
    """Work out what the rendered folders should hold; raises InputError with every complaint about the pages.

    An overlay that HEAD has and that would be gone is such a complaint, unless it was retired.
    """
    committed = head_overlays(tree.root)
    refuse_lost_overlays(tree, committed)
    rendering = Rendering(tree)
    stale = rendering.stale()
    if not stale:
        return rendering.whole(Plan())
    from generator.inputs.load import load  # a run with nothing new imports none of it: 100 ms
    from generator.units import render_units  # the same

    project = load(tree, only=stale)
    units = render_units(project, tree, stale, progress)
    planned = plan(tree, units, rendering.paths(stale))
    refuse_lost_overlays(tree, committed, dropped_overlays(planned))
    rendering.remember(stale, planned)
    return rendering.whole(planned)


def settle(tree: Tree, planned: Plan) -> None:
    """Remember, after the plan was written, that everything is as rendered."""
    if not planned.strays:
        written = tree.after((change.path, change.after) for change in (*planned.changes, *planned.restyled))
        rendering = Rendering(written)
        rendering.remember(rendering.stale(), Plan())


def validate(tree: Tree, progress: Progress, now: datetime, reference: str | None = None) -> Report:
    """Prove every overlay on disk; raises InputError with every complaint about the pages.

    `now` decides which holds are active; what got lost is told against the commit where HEAD left `reference`, or
    against HEAD itself.
    """
    base = base_of(tree.root, reference)
    proof = Proof(tree)
    stale, unreleased = proof.stale(), proof.unreleased()
    unwanted: set[tuple[str, str]] = set()
    if stale or unreleased or not proof.overlays:
        from generator.inputs.load import load  # a run with nothing new imports none of it: 100 ms
        from generator.prove.overlays import check  # the same

        project = load(tree, only=unreleased | {unit for _, unit in stale})
        found = check(project, tree, stale, progress)
        proof.settle(found)
        unwanted = {overlay for overlay in stale if overlay not in found}
    beside = [*moved_over_holds(tree, now), *lost_overlays(tree, base, unwanted), *tombstones_of_the_living(tree)]
    return proof.report(beside)
