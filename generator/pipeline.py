"""The way from pages to a proven repository, as a table of contents: load, render, plan; load, render, check."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.apiserver.open_inquiry import open_inquiry
from generator.gates.expired_freezes import bygone_freezes
from generator.layout.overrides import overrides
from generator.plan.lineends import stored_with_crlf
from generator.plan.lost_overlays import dropped_overlays, lost_overlays, refuse_lost_overlays, tombstones_of_the_living
from generator.plan.moved_over_hold import moved_over_holds
from generator.plan.rendering import Rendering
from generator.prove.check_stale import check_stale
from generator.prove.proof import Proof
from generator.repo.head import base_of, head_overlays

if TYPE_CHECKING:
    from datetime import datetime

    from generator.disk.tree import Tree
    from generator.findings.progress import Progress
    from generator.findings.verdict import Report
    from generator.plan.plan import Plan


def generate(tree: Tree, progress: Progress) -> Plan:
    """Work out what the rendered folders should hold; raises InputError with every complaint about the pages.

    An overlay that HEAD has and that would be gone is such a complaint, unless it was retired.
    """
    # An overlay of HEAD that the disk has lost: nothing is rendered then.
    committed = head_overlays(tree.root)
    refuse_lost_overlays(tree, committed)
    # Look up which units an earlier run left as their pages render them.
    rendering = Rendering(tree)
    # Load the pages of the others, render them, and compare their files with the disk.
    planned = rendering.plan(progress)
    # An overlay of HEAD that no page renders any more is lost too.
    refuse_lost_overlays(tree, committed, dropped_overlays(planned))
    # Remember for the next run what is as rendered.
    rendering.remember(planned)
    return rendering.whole(planned)


def validate(
    tree: Tree, progress: Progress, now: datetime, reference: str | None = None, *, api_server: bool = False
) -> Report:
    """Prove every overlay on disk; raises InputError with every complaint about the pages.

    `now` decides which holds are active and which freezes are over; what got lost is told against the commit where HEAD
    left `reference`, or against HEAD itself. `api_server` asks a real API server too, about every object and about what
    changes since that commit; raises ToolError when there is none to ask.
    """
    # Find the commit that this is a change to.
    base = base_of(tree.root, reference)
    # Look up what earlier runs have proven, and what a server was asked.
    proof = Proof(tree)
    server = open_inquiry(tree, base, api_server=api_server)
    # Load, render and build the rest: each overlay must be what its pages say, and keep the rules.
    checked = check_stale(proof, server.stale(), tree, progress)
    # Ask the API server about what was built.
    server.ask(checked, progress)
    # Look at what no page decides, in every run: the clock, files beside the rendered ones, and what got lost.
    beside = [
        *moved_over_holds(tree, now),
        *bygone_freezes(tree, now),
        *overrides(tree.files),
        *stored_with_crlf(tree),
        *lost_overlays(tree, base, checked.unwanted),
        *tombstones_of_the_living(tree),
    ]
    # Put it together with what no overlay can say alone.
    return server.report(proof, beside)
