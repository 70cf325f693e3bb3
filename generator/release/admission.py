"""Ask an environment's gates for a release: here those that need nothing but it, on the way to the remote every one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from generator.gates.refusal import Candidate, Refusal, overridden, refusals
from generator.model.gates import Gates

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from generator.inputs.project import Project
    from generator.release.scene import Scene


def admitted_here(
    project: Project, candidate: Candidate, overrides: Mapping[str, str], now: datetime
) -> tuple[list[Refusal], list[Refusal]]:
    """Give what refuses an edit of a working tree, and what was overridden of that.

    The hold, the tag's pattern and the digest are asked. The other gates are about the moment at which it goes out.
    """
    gates = project.environments[candidate.environment].gates
    asked = Gates(tagPattern=gates.tagPattern, digest=gates.digest)
    return overridden(refusals(asked, candidate, now), overrides)


def admitted(scene: Scene, candidate: Candidate, overrides: Mapping[str, str]) -> tuple[list[Refusal], list[Refusal]]:
    """Give the gates that refuse, and those that were overridden; what costs most is asked last, if anything moves."""
    gates = scene.project.environments[candidate.environment].gates
    standing, used = overridden(refusals(gates, candidate, scene.now), overrides)
    if standing or not candidate.moves:
        return standing, used
    asked = msgspec.structs.replace(candidate, overridden=frozenset(overrides))
    standing, more = overridden(scene.guard(asked), overrides)
    return standing, [*used, *more]
