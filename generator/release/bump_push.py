"""A bump on its way to the remote: it meets every gate, and does not overwrite what it has not seen."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from generator.findings.errors import SupersededError
from generator.gates.checks import tag_of
from generator.gates.gate import Candidate
from generator.history.release_history import span
from generator.records.hold import held_text
from generator.release.bump_request import drafted
from generator.release.gate_check import admitted
from generator.release.promotion_path import sources
from generator.release.tag_order import newer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.gates.gate import GateRefusal
    from generator.layout.release import Release
    from generator.records.move import Move
    from generator.release.bump_request import BumpRequest
    from generator.release.context import Draft, ReleaseContext


class Bumper:
    """Works one bump out again and again.

    What somebody else released since the first attempt is overwritten only where the page's `tagOrder` says that it is
    older: without it nobody knows, and the slower of two jobs may be the older one.
    """

    def __init__(self, asked: BumpRequest) -> None:
        self._asked = asked
        self._first: dict[tuple[str, str], Release | None] | None = None

    def draft(self, scene: ReleaseContext) -> Draft:
        """Return what is to be done in `scene`.

        Raises SupersededError for what is older than what is there, or may be; GateError where gates refuse, UsageError
        and InputError for what cannot be bumped.
        """
        draft = drafted(self._asked, scene.tree, scene.project, partial(self._admitted, scene))
        if self._first is None:
            self._first = {(move.service, move.image): move.before for move in draft.moves}
        for move in draft.moves:
            self._refuse_overtaken(scene, move, self._first)
        return draft

    def _refuse_overtaken(
        self, scene: ReleaseContext, move: Move, first: Mapping[tuple[str, str], Release | None]
    ) -> None:
        key = (move.service, move.image)
        if key in first and first[key] == move.before:
            return
        order = scene.project.service(scene.project.page(move.service), move.environment).page.tagOrder
        before = "nothing" if move.before is None else held_text(move.before)
        if order and move.before and newer(order, tag_of(move.after), tag_of(move.before)):
            return
        raise SupersededError(
            f"superseded: {move.environment}/{move.service} got {move.image} {before} meanwhile, and nothing says that "
            f"{held_text(move.after)} is newer; nothing was written. `tagOrder` on the page would tell"
        )

    def _admitted(
        self, scene: ReleaseContext, service: str, moves: tuple[Move, ...], overrides: Mapping[str, str]
    ) -> tuple[list[GateRefusal], list[GateRefusal]]:
        """Ask the gates of the environment; what comes before it has the release for as long, or never had it."""
        asked, page = self._asked, scene.project.page(service)
        before = sources(scene.project, page, asked.environment, frozenset())
        source = before[-1] if before else None
        steps = scene.lineage(source).of(service) if source else ()
        candidate = Candidate(
            environment=asked.environment,
            service=service,
            source=source,
            moves=moves,
            stay=span(steps, {move.image: move.after for move in moves}) if moves else None,
            hold=scene.hold(service, asked.environment),
        )
        return admitted(scene, candidate, overrides)
