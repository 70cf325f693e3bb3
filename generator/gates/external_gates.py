"""The gates that look at the world: an image in its registry, a command of the repository. Each is asked once a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from generator.gates.command import command_refusal
from generator.gates.evaluate import overrule, refusal_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.findings.progress import Progress
    from generator.gates.evaluate import Candidate, GateRefusal
    from generator.inputs.project import Project
    from generator.records.move import Move
    from generator.repo.clone import Clone
    from generator.tools.registry import Registry


class Guard:
    """Asks those gates, and brings images to the target's registry where its gate says so; not in a `dry_run`.

    What was answered for the same gates and moves holds for the whole run, be it yes or no: attempts repeat, and a
    registry or a smoke test may take longer than all of them. What is overridden is not asked: it may be down.
    """

    def __init__(self, progress: Progress, *, dry_run: bool) -> None:
        self._progress = progress
        self._dry_run = dry_run
        self._answers: dict[tuple[bytes, tuple[Move, ...]], list[GateRefusal]] = {}

    def refusals(self, clone: Clone, project: Project, candidate: Candidate) -> list[GateRefusal]:
        """Return what refuses a candidate; raises ToolError when a registry gives no clear answer."""
        key = (msgspec.json.encode(project.environments[candidate.environment].gates), candidate.moves)
        if candidate.moves and key not in self._answers:
            self._answers[key] = [*self._image(project, candidate), *_command(clone, project, candidate)]
        return list(self._answers.get(key, ()))

    def _image(self, project: Project, candidate: Candidate) -> Iterator[GateRefusal]:
        """Look the images up, and copy them where they may be."""
        mode = project.environments[candidate.environment].gates.image
        if mode is None:
            return
        if "image" in candidate.overridden:
            yield refusal_of(candidate, "image", "no registry was asked", overrule("image"))
            return
        from generator.registry.images import open_registry, settle_images  # for environments with that gate

        system = project.page(candidate.service).system
        target = project.placement(system, candidate.environment).registry
        source = project.placement(system, candidate.source).registry if candidate.source else None
        with open_registry(*filter(None, (source, target))) as registry:
            used = Rehearsal(registry) if self._dry_run else registry
            findings, _ = settle_images(used, mode, candidate.moves, source, target, self._progress)
        for finding in findings:
            yield refusal_of(
                candidate, "image", f"{finding.rule}: {finding.message}", finding.remedy or overrule("image")
            )


class Rehearsal:
    """A registry in which copies are noted and not made, so that a dry run meets what the real one would."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._noted: dict[str, str] = {}

    def digest(self, reference: str) -> str | None:
        """Return the digest that an image has, or would have."""
        return self._noted.get(reference) or self._registry.digest(reference)

    def copy(self, source: str, target: str) -> None:
        """Note a copy; `source` is a reference by digest."""
        self._noted[target] = source.partition("@")[2]


def _command(clone: Clone, project: Project, candidate: Candidate) -> Iterator[GateRefusal]:
    """Run the environment's command, with every file of the repository at hand."""
    gates = project.environments[candidate.environment].gates
    if gates.command is None:
        return
    if "command" in candidate.overridden:
        yield refusal_of(candidate, "command", f"{gates.command.args[0]} was not run", overrule("command"))
        return
    clone.whole()
    refusal = command_refusal(gates, candidate, clone.root)
    if refusal is not None:
        yield refusal
