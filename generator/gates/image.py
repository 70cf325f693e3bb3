"""The gate that asks registries for the images of a release, and brings them there where it may."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.gates.gate import Cost, ReleaseGate, overrule, refusal_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.gates.gate import GateRefusal, GateRequest
    from generator.tools.registry import Registry


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


def _refuse_missing(asked: GateRequest) -> Iterator[GateRefusal]:
    """Look the images up, and copy them where they may be; raises ToolError when a registry gives no clear answer."""
    mode, candidate, session = asked.gates.image, asked.candidate, asked.session
    if mode is None or session is None:
        return
    if "image" in candidate.overridden:
        yield refusal_of(candidate, "image", "no registry was asked", overrule("image"))
        return
    from generator.registry.images import open_registry, settle_images  # for environments with that gate

    source, target = _registries(asked)
    with open_registry(*filter(None, (source, target))) as registry:
        used = Rehearsal(registry) if session.dry_run else registry
        findings, _ = settle_images(used, mode, candidate.moves, source, target, session.progress)
    for finding in findings:
        yield refusal_of(candidate, "image", f"{finding.rule}: {finding.message}", finding.remedy or overrule("image"))


def _registries(asked: GateRequest) -> tuple[str | None, str]:
    """Return the registry that the release comes from (None: from outside), and the one of its environment."""
    project, candidate = asked.project, asked.candidate
    system = project.page(candidate.service).system
    target = project.placement(system, candidate.environment).registry
    source = project.placement(system, candidate.source).registry if candidate.source else None
    return source, target


IMAGE = ReleaseGate(
    name="image",
    title="the environment's registry has the image; with `copy` it is brought there first",
    why="A pod cannot start without its image.",
    check=_refuse_missing,
    cost=Cost.REGISTRY,
    depends_on=lambda asked: (asked.gates.image, asked.gates.image and _registries(asked)),
)
