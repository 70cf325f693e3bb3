"""Ask gates what they say of a release, and overrule them.

Every gate is asked, so that one run tells all that stands in the way. What a gate refuses, a person may overrule by its
name and with a reason, which the commit keeps.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.findings.errors import UsageError
from generator.findings.nearest import nearest
from generator.gates.checks import DIGEST, FREEZES, HOLD, SOAK, TAG_PATTERN
from generator.gates.command import COMMAND
from generator.gates.gate import Cost, GateRefusal, GateRequest, ReleaseGate
from generator.gates.image import IMAGE
from generator.model.gates import GATE_NAMES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

# Every gate, as the model lists their words.
GATES: tuple[ReleaseGate, ...] = (SOAK, FREEZES, TAG_PATTERN, DIGEST, COMMAND, IMAGE, HOLD)

# Those of an edit of a working tree; the others are about the moment at which a release goes out.
AT_EDIT = tuple(gate for gate in GATES if gate.at_edit)
FREE = tuple(gate for gate in GATES if gate.cost is Cost.NOTHING)
# Those that look at the world, the cheaper ones first.
EXTERNAL = tuple(sorted((gate for gate in GATES if gate.cost > Cost.NOTHING), key=lambda gate: gate.cost))


def refusals(gates: Iterable[ReleaseGate], asked: GateRequest) -> list[GateRefusal]:
    """Return what these gates refuse; nothing if nothing moves."""
    if not asked.candidate.moves:
        return []
    return [refusal for gate in gates for refusal in gate.check(asked)]


def overridden(
    refused: Iterable[GateRefusal], overrides: Mapping[str, str]
) -> tuple[list[GateRefusal], list[GateRefusal]]:
    """Split refusals into those that stand and those that are overruled; `overrides` is gate -> reason.

    Raises UsageError for a gate that does not exist, and for one without a reason.
    """
    for gate, reason in overrides.items():
        if gate not in GATE_NAMES:
            near = nearest(gate, GATE_NAMES)
            hint = f"did you mean '{near}'?" if near else f"gates: {', '.join(GATE_NAMES)}"
            raise UsageError(f"no gate '{gate}'; {hint}")
        if not reason.strip():
            raise UsageError(f"--override {gate} needs a reason: --reason TEXT")
    found = list(refused)
    standing = [refusal for refusal in found if refusal.gate not in overrides]
    return standing, [refusal for refusal in found if refusal.gate in overrides]
