"""The way from pages to a proven repository, as a table of contents: load, render, plan; load, render, check."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.memory.proof import Proof
from generator.memory.rendering import Rendering
from generator.plan.lost import refuse_lost_overlays
from generator.plan.plan import Plan, plan
from generator.repo.head import head_overlays

if TYPE_CHECKING:
    from generator.progress import Progress
    from generator.tree import Tree
    from generator.verdict import Report


def generate(tree: Tree, progress: Progress) -> Plan:
    """Work out what the rendered folders should hold; raises InputError with every complaint about the pages."""
    refuse_lost_overlays(tree, head_overlays(tree.root))
    rendering = Rendering(tree)
    stale = rendering.stale()
    if not stale:
        return rendering.whole(Plan())
    from generator.inputs.load import load  # a run with nothing new imports none of it: 100 ms
    from generator.units import render_units  # the same

    project = load(tree, only=stale)
    units = render_units(project, tree, stale, progress)
    planned = plan(tree, units, rendering.paths(stale))
    rendering.remember(stale, planned)
    return rendering.whole(planned)


def settle(tree: Tree, planned: Plan) -> None:
    """Remember, after the plan was written, that everything is as rendered."""
    if not planned.strays:
        written = tree.after((change.path, change.after) for change in (*planned.changes, *planned.restyled))
        rendering = Rendering(written)
        rendering.remember(rendering.stale(), Plan())


def validate(tree: Tree, progress: Progress) -> Report:
    """Prove every overlay on disk; raises InputError with every complaint about the pages."""
    refuse_lost_overlays(tree, head_overlays(tree.root))
    proof = Proof(tree)
    stale, unreleased = proof.stale(), proof.unreleased()
    if stale or unreleased or not proof.overlays:
        from generator.inputs.load import load  # a run with nothing new imports none of it: 100 ms
        from generator.prove.overlays import check  # the same

        project = load(tree, only=unreleased | {unit for _, unit in stale})
        proof.settle(check(project, tree, stale, progress))
    return proof.report()
