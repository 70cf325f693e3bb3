"""Ask an environment's gates for a release: here those that need nothing but it, on the way to the remote every one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from generator.gates.evaluate import AT_EDIT, FREE, overridden, refusals
from generator.gates.gate import Candidate, GateRefusal, GateRequest
from generator.records.hold import ended

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from generator.change import Change
    from generator.disk.tree import Tree
    from generator.inputs.project import Project
    from generator.release.context import ReleaseContext


def overruling(
    tree: Tree, environment: str, service: str, used: Sequence[GateRefusal], reasons: Mapping[str, str]
) -> tuple[tuple[Change, ...], tuple[tuple[str, str], ...]]:
    """Return what a release brings along that passes `used` gates all the same: the end of a hold, and the trailers."""
    end = ended(tree, environment, service) if any(each.gate == "hold" for each in used) else ()
    return end, tuple(("Gate-Override", f"{each.gate}: {reasons[each.gate]}") for each in used)


def admitted_here(
    project: Project, candidate: Candidate, overrides: Mapping[str, str], now: datetime
) -> tuple[list[GateRefusal], list[GateRefusal]]:
    """Return what refuses an edit of a working tree, and what was overridden of that.

    The other gates are about the moment at which it goes out.
    """
    asked = GateRequest(project=project, candidate=candidate, now=now)
    return overridden(refusals(AT_EDIT, asked), overrides)


def admitted(
    scene: ReleaseContext, candidate: Candidate, overrides: Mapping[str, str]
) -> tuple[list[GateRefusal], list[GateRefusal]]:
    """Return the gates that refuse, and those that were overridden.

    What costs most is asked last, if anything moves.
    """
    asked = GateRequest(project=scene.project, candidate=candidate, now=scene.now)
    standing, used = overridden(refusals(FREE, asked), overrides)
    if standing or not candidate.moves:
        return standing, used
    passing = msgspec.structs.replace(candidate, overridden=frozenset(overrides))
    standing, more = overridden(scene.guard(passing), overrides)
    return standing, [*used, *more]
