"""A promotion: what one environment runs goes to the next one, unless something newer is there already.

The same promotion is worked out anew before every attempt to push it; carrier.py says what stays the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import msgspec

from generator.findings.errors import InputError, SupersededError, UsageError
from generator.findings.nearest import nearest
from generator.gates.evaluate import overridden
from generator.gates.gate import GateError, GateRefusal
from generator.records.hold import held_text
from generator.release.context import Draft, together
from generator.release.promotion import Carrier, ServicePromotion
from generator.release.promotion_path import require_route, source_of, sources

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from generator.inputs.service_page import ServicePage
    from generator.records.move import Move
    from generator.release.context import ReleaseContext


class PromotionRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What was asked for: services (with the tag to carry, None: the source's own), or `everything` that waits.

    `source` None is the environment before `target`; `skipped` names those that may be left out. `expected` are tags
    that services must have in the target when the work begins, `overrides` the reasons against gates.
    """

    services: Mapping[str, str | None]
    target: str
    source: str | None = None
    skipped: frozenset[str] = frozenset()
    everything: bool = False
    expected: Mapping[str, str] = {}
    overrides: Mapping[str, str] = {}


class Promoter:
    """Works one promotion out again and again, and never carries anything else than at first."""

    def __init__(self, asked: PromotionRequest) -> None:
        self._asked = asked
        self._carriers: dict[str, Carrier] = {}

    def draft(self, scene: ReleaseContext) -> Draft:
        """Return what is to be done in `scene`.

        Raises SupersededError when the target has something newer, GateError with every gate that refuses, and
        UsageError for what cannot be promoted. Of `everything`, what cannot go waits and the rest goes.
        """
        asked = self._asked
        overridden((), asked.overrides)  # a gate that does not exist is wrong, whatever moves
        require_route(scene.project, asked.target, [*filter(None, [asked.source]), *sorted(asked.skipped)])
        names = list(self._names(scene))
        _refuse_strange(asked.expected, names)
        found = together(tuple(self._part(scene, name) for name in names), self._subject)
        if found.waiting and not asked.everything:
            raise GateError(found.waiting)
        return found

    def _names(self, scene: ReleaseContext) -> Iterator[str]:
        """Yield the services that were asked for; of all, those that have something to come from."""
        if not self._asked.everything:
            yield from self._asked.services
            return
        for page in scene.project.services.values():
            if self._comes_from(scene, page):
                yield page.name

    def _comes_from(self, scene: ReleaseContext, page: ServicePage) -> bool:
        """Return whether a service is released in the environment that it would be promoted from."""
        asked, places = self._asked, scene.project.environments_of(page)
        named = asked.source
        if named is not None and named not in places:
            return False
        if not sources(scene.project, page, asked.target, asked.skipped - {named}):
            return False
        source = source_of(scene.project, page, asked.target, named, asked.skipped)
        return bool(scene.record(page.name, source))

    def _part(self, scene: ReleaseContext, name: str) -> Draft:
        """Return the part of one service; of `everything`, one that cannot go waits, whatever keeps it."""
        carrier = self._carriers.setdefault(name, Carrier(self._carried(name)))
        try:
            draft = carrier.draft(scene)
            return Draft() if self._asked.everything and not (draft.moves or draft.waiting) else draft
        except (InputError, SupersededError, UsageError) as error:
            if not self._asked.everything:
                raise
            what = "order" if isinstance(error, SupersededError) else "page"
            waits = GateRefusal(gate=what, service=name, environment=self._asked.target, message=str(error))
            return Draft(waiting=(waits,))

    def _carried(self, name: str) -> ServicePromotion:
        asked = self._asked
        return ServicePromotion(
            service=name,
            target=asked.target,
            tag=asked.services.get(name),
            source=asked.source,
            skipped=asked.skipped,
            expected=asked.expected.get(name),
            overrides=asked.overrides,
        )

    def _subject(self, moves: Sequence[Move]) -> str:
        """Return the first line of the commit: what goes where."""
        services = list(dict.fromkeys(move.service for move in moves))
        if len(services) != 1:
            return f"Promote {len(services)} services to {self._asked.target}"
        return f"Promote {services[0]} to {self._asked.target}: {held_text(moves[0].after)}"


def _refuse_strange(expected: Mapping[str, str], names: Collection[str]) -> None:
    """Raise UsageError for a service that is expected to have a tag, and is none of those that go."""
    for name in expected:
        if name not in names:
            near = nearest(name, names)
            hint = f"; did you mean '{near}'?" if near else ""
            raise UsageError(f"--expect {name}={expected[name]}: the promotion is not about {name}{hint}")
