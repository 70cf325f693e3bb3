"""The way from pages to a proven repository, as a table of contents: load, render, plan; load, render, check."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.gates.expired_freezes import bygone_freezes
from generator.layout.overrides import overrides
from generator.plan.lineends import stored_with_crlf
from generator.plan.lost_overlays import dropped_overlays, lost_overlays, refuse_lost_overlays, tombstones_of_the_living
from generator.plan.moved_over_hold import moved_over_holds
from generator.plan.plan import Plan, plan
from generator.plan.rendering import Rendering
from generator.prove.proof import Proof
from generator.repo.head import base_of, head_overlays, tree_at
from generator.roots import rendered_folders

if TYPE_CHECKING:
    from datetime import datetime

    from generator.apiserver.api_server_check import Inquiry
    from generator.disk.tree import Tree
    from generator.findings.progress import Progress
    from generator.findings.verdict import Report
    from generator.repo.head import Base
    from generator.roots import BuildTarget


def generate(tree: Tree, progress: Progress) -> Plan:
    """Work out what the rendered folders should hold; raises InputError with every complaint about the pages.

    An overlay that HEAD has and that would be gone is such a complaint, unless it was retired.
    """
    committed = head_overlays(tree.root)
    refuse_lost_overlays(tree, committed)
    rendering = Rendering(tree)
    stale, unreleased = rendering.stale(), rendering.unreleased()
    if not stale and not unreleased:
        return rendering.whole(Plan())
    from generator.inputs.load import load  # a run with nothing new imports none of it: 100 ms
    from generator.records.unreleased import unreleased_hints  # the same
    from generator.units import render_units  # the same

    project = load(tree, only=stale | unreleased)
    units = render_units(project, tree, stale, progress)
    planned = plan(tree, units, rendering.paths(stale), unreleased_hints(project, unreleased))
    refuse_lost_overlays(tree, committed, dropped_overlays(planned))
    rendering.remember(stale, planned)
    return rendering.whole(planned)


def settle(tree: Tree, planned: Plan) -> None:
    """Remember, after the plan was written, that everything is as rendered."""
    if not planned.strays:
        written = tree.after((change.path, change.after) for change in (*planned.changes, *planned.restyled))
        rendering = Rendering(written)
        rendering.remember(rendering.stale(), Plan())


def validate(
    tree: Tree, progress: Progress, now: datetime, reference: str | None = None, *, api_server: bool = False
) -> Report:
    """Prove every overlay on disk; raises InputError with every complaint about the pages.

    `now` decides which holds are active and which freezes are over; what got lost is told against the commit where HEAD
    left `reference`, or against HEAD itself. `api_server` asks a real API server too, about every object and about what
    changes since that commit; raises ToolError when there is none to ask.
    """
    base = base_of(tree.root, reference)
    proof, inquiry = Proof(tree), _inquiry(tree, base) if api_server else None
    stale, unreleased = proof.stale(), proof.drafts.stale()
    unwanted: set[BuildTarget] = set()
    asked = inquiry.stale() if inquiry else frozenset()
    if stale or unreleased or asked or not proof.overlays:
        from generator.inputs.load import load  # a run with nothing new imports none of it: 100 ms
        from generator.prove.drafts import check_drafts  # the same
        from generator.prove.overlays import examine  # the same

        wanted = [*stale, *sorted(asked.difference(stale), key=lambda target: target.key)]
        project = load(tree, only=unreleased | {target.unit for target in wanted})
        examined = examine(project, tree, wanted, progress)
        proof.settle({key: each.verdict for key, each in examined.items()})
        proof.drafts.settle(check_drafts(project, tree, unreleased, progress))
        if inquiry:
            inquiry.ask(project, examined, progress)
        unwanted = {overlay for overlay in stale if overlay not in examined}
    timely = [*moved_over_holds(tree, now), *bygone_freezes(tree, now)]
    stored = [*overrides(tree.files), *stored_with_crlf(tree)]
    beside = [
        *timely,
        *stored,
        *lost_overlays(tree, base, {target.key for target in unwanted}),
        *tombstones_of_the_living(tree),
    ]
    return inquiry.report(proof, beside) if inquiry else proof.report(beside)


def _inquiry(tree: Tree, base: Base) -> Inquiry:
    from generator.apiserver.api_server_check import Inquiry  # 20 ms that a run without it does not pay

    return Inquiry(tree, tree_at(tree.root, base.revision, "services", "systems", *rendered_folders()))
