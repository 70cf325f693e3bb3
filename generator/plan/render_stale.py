"""Load, render and plan what no earlier run remembers: everything that a run with nothing new never imports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.inputs.load import load
from generator.plan.plan import Plan, plan
from generator.records.unreleased import unreleased_hints
from generator.units import render_units

if TYPE_CHECKING:
    from collections.abc import Iterable

    from generator.disk.tree import Tree
    from generator.findings.progress import Progress


def render_stale(
    tree: Tree, stale: frozenset[str], unreleased: frozenset[str], paths: Iterable[str], progress: Progress
) -> Plan:
    """Return the plan for `stale` units, whose paths on disk are `paths`; raises InputError with every complaint."""
    # Read the pages: those of the units, and those that are released nowhere, of which a hint is due.
    project = load(tree, only=stale | unreleased)
    # Render bases, overlays and whole roots, with the release records that the disk holds.
    units = render_units(project, tree, stale, progress)
    # Compare them with the disk.
    return plan(tree, units, paths, unreleased_hints(project, unreleased))
