"""The gates that look at the world: an image in its registry, a command of the repository. Each is asked once a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.gates.evaluate import EXTERNAL, refusals
from generator.gates.gate import GateRequest, GateSession

if TYPE_CHECKING:
    from collections.abc import Hashable
    from datetime import datetime

    from generator.findings.progress import Progress
    from generator.gates.gate import Candidate, GateRefusal, ReleaseGate
    from generator.inputs.project import Project
    from generator.repo.clone import Clone


class Guard:
    """Asks those gates, and brings images to the target's registry where its gate says so; not in a `dry_run`.

    What a gate answered for the same moves, given the same of all that its answer depends on, holds for the whole run,
    be it yes or no: attempts repeat, and a registry or a smoke test may take longer than all of them. What is
    overridden is not asked: it may be down.
    """

    def __init__(self, progress: Progress, *, dry_run: bool) -> None:
        self._progress = progress
        self._dry_run = dry_run
        self._answers: dict[Hashable, list[GateRefusal]] = {}

    def refusals(self, clone: Clone, project: Project, now: datetime, candidate: Candidate) -> list[GateRefusal]:
        """Return what refuses a candidate; raises ToolError when a registry gives no clear answer."""
        session = GateSession(clone=clone, progress=self._progress, dry_run=self._dry_run)
        asked = GateRequest(project=project, candidate=candidate, now=now, session=session)
        return [refusal for gate in EXTERNAL for refusal in self._answer(gate, asked)]

    def _answer(self, gate: ReleaseGate, asked: GateRequest) -> list[GateRefusal]:
        if gate.depends_on is None or not asked.candidate.moves:
            return refusals([gate], asked)
        key = (gate.name, gate.depends_on(asked), asked.candidate.moves)
        if key not in self._answers:
            self._answers[key] = refusals([gate], asked)
        return self._answers[key]
