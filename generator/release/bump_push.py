"""A bump on its way to the remote: it meets every gate, and does not overwrite what it has not seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.findings.errors import SupersededError
from generator.gates.checks import tag_of
from generator.gates.gate import Candidate
from generator.history.release_history import span
from generator.records.hold import held_text
from generator.release.bump_request import (
    draft_service,
    edit_service,
    gate_reasons,
    join_services,
    refuse_contradictions,
)
from generator.release.gate_check import admitted
from generator.release.promotion_path import sources
from generator.release.tag_order import newer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.layout.release import Release
    from generator.records.move import Move
    from generator.release.bump_request import BumpRequest, ServiceBump
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
        # Refuse what contradicts itself, whatever the remote has.
        refuse_contradictions(self._asked)
        # Edit the record of each service and ask its gates, in the order in which they were named.
        parts = [self._bumped(scene, name) for name in self._asked.services]
        # Make one edit of them all, which no gate may refuse.
        draft = join_services(self._asked, parts)
        # Keep what somebody else released since the first attempt.
        first = self._first_seen(draft)
        for move in draft.moves:
            self._refuse_overtaken(scene, move, first)
        return draft

    def _bumped(self, scene: ReleaseContext, name: str) -> Draft:
        """Return the part of one service, with every gate of the environment asked."""
        bump = edit_service(self._asked, scene.tree, scene.project, name)
        verdict = admitted(scene, self._candidate(scene, bump), gate_reasons(self._asked))
        return draft_service(self._asked, scene.tree, bump, verdict)

    def _first_seen(self, draft: Draft) -> Mapping[tuple[str, str], Release | None]:
        """Return what each image had at the first attempt."""
        if self._first is None:
            self._first = {(move.service, move.image): move.before for move in draft.moves}
        return self._first

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

    def _candidate(self, scene: ReleaseContext, bump: ServiceBump) -> Candidate:
        """Return what the gates are asked about; what comes before has the release for as long, or never had it."""
        asked, moves = self._asked, bump.edit.moves
        before = sources(scene.project, scene.project.page(bump.name), asked.environment, frozenset())
        source = before[-1] if before else None
        steps = scene.lineage(source).of(bump.name) if source else ()
        return Candidate(
            environment=asked.environment,
            service=bump.name,
            source=source,
            moves=moves,
            stay=span(steps, {move.image: move.after for move in moves}) if moves else None,
            hold=scene.hold(bump.name, asked.environment),
        )
