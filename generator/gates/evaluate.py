"""Gates: what an environment asks of a release before it lets it in, and what refuses it today.

Every gate is asked, so that one run tells all that stands in the way. What a gate refuses, a person may overrule by its
name and with a reason, which the commit keeps.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from generator.clock.instant import format_instant
from generator.clock.timetable import duration_of
from generator.findings.errors import FairleadError, ToolError, UsageError
from generator.findings.nearest import nearest
from generator.gates.freeze import active, frozen_until
from generator.gates.pattern import is_match
from generator.history.release_history import Span
from generator.records.hold import Hold, described, held_text, is_active
from generator.records.move import Move

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from generator.layout.release import Release
    from generator.model.gates import Gates

# Every gate that may be overruled, as pages spell it: `image` is asked where registries are known, `command` where
# files are.
GATES = ("soak", "freezes", "tagPattern", "digest", "command", "image", "hold")


class Candidate(msgspec.Struct, frozen=True, kw_only=True):
    """A release of one service on its way into an environment.

    `source` is the environment that it comes from (None: from outside), `stay` the time in which that one had it last
    (None: it never had), `overridden` the gates whose answer does not count, `hold` what is held in the environment
    where it goes.
    """

    environment: str
    service: str
    source: str | None = None
    moves: tuple[Move, ...] = ()
    stay: Span | None = None
    hold: Hold | None = None
    overridden: frozenset[str] = frozenset()

    @property
    def releases(self) -> str:
        """The releases that move, as people name them."""
        return ", ".join(dict.fromkeys(held_text(move.after) for move in self.moves))


class GateRefusal(msgspec.Struct, frozen=True, kw_only=True):
    """One gate's no: why, when it would be a yes by itself (None: never, or nobody knows), and what to do.

    `output` is what a program said, indented lines.
    """

    gate: str
    service: str
    environment: str
    message: str
    until: datetime | None = None
    remedy: str = ""
    output: str = ""

    def __str__(self) -> str:
        passes = f": passes at {format_instant(self.until)}" if self.until else ""
        remedy = f"; {self.remedy}" if self.remedy else ""
        message = " ".join(self.message.split())  # somebody's reason may have lines
        return f"{self.environment}/{self.service}: {self.gate}: {message}{passes}{remedy}{self.output}"


class GateError(FairleadError):
    """Gates refuse, each on a line of its own (exit 5)."""

    exit_code = 5

    def __init__(self, refusals: Sequence[GateRefusal]) -> None:
        super().__init__(*(line for refusal in refusals for line in str(refusal).split("\n")))
        self.refusals = tuple(refusals)


def refusals(gates: Gates, candidate: Candidate, now: datetime) -> list[GateRefusal]:
    """Return what refuses a candidate at `now`, of the gates that need nothing but it; nothing if nothing moves."""
    if not candidate.moves:
        return []
    asked = (_soak, _freeze, _tag_pattern, _digest)
    found = [refusal for gate in asked for refusal in gate(gates, candidate, now)]
    return [*found, *_hold(candidate, now)]


def overridden(
    refused: Iterable[GateRefusal], overrides: Mapping[str, str]
) -> tuple[list[GateRefusal], list[GateRefusal]]:
    """Split refusals into those that stand and those that are overruled; `overrides` is gate -> reason.

    Raises UsageError for a gate that does not exist, and for one without a reason.
    """
    for gate, reason in overrides.items():
        if gate not in GATES:
            near = nearest(gate, GATES)
            hint = f"did you mean '{near}'?" if near else f"gates: {', '.join(GATES)}"
            raise UsageError(f"no gate '{gate}'; {hint}")
        if not reason.strip():
            raise UsageError(f"--override {gate} needs a reason: --reason TEXT")
    found = list(refused)
    standing = [refusal for refusal in found if refusal.gate not in overrides]
    return standing, [refusal for refusal in found if refusal.gate in overrides]


def refusal_of(
    candidate: Candidate, gate: str, message: str, remedy: str, until: datetime | None = None
) -> GateRefusal:
    """Make the refusal of a candidate."""
    return GateRefusal(
        gate=gate,
        service=candidate.service,
        environment=candidate.environment,
        message=message,
        until=until,
        remedy=remedy,
    )


def overrule(gate: str) -> str:
    """Return how a gate is overruled."""
    return f"to go all the same: --override {gate} --reason TEXT"


def _soak(gates: Gates, candidate: Candidate, now: datetime) -> Iterator[GateRefusal]:
    soak = duration_of(gates.soak or "")
    if not soak:
        return
    stay = candidate.stay
    if stay is None:
        who = f"{candidate.source} has not" if candidate.source else "no environment has"
        message = f"{who} had {candidate.releases} before, {gates.soak} asked"
        yield refusal_of(candidate, "soak", message, overrule("soak"))
    elif stay.until is None and now < stay.since + soak:
        message = f"{candidate.source} has {candidate.releases} since {format_instant(stay.since)}, {gates.soak} asked"
        yield refusal_of(candidate, "soak", message, overrule("soak"), stay.since + soak)
    elif stay.until is not None and stay.until < stay.since + soak:
        time = f"from {format_instant(stay.since)} to {format_instant(stay.until)}"
        message = f"{candidate.source} had {candidate.releases} only {time}, {gates.soak} asked"
        yield refusal_of(candidate, "soak", message, overrule("soak"))


def _freeze(gates: Gates, candidate: Candidate, now: datetime) -> Iterator[GateRefusal]:
    freeze = active(gates.freezes, now)
    if freeze is not None:
        reason = f" ({freeze.reason})" if freeze.reason else ""
        message = f"{candidate.environment} is frozen{reason}"
        yield refusal_of(candidate, "freezes", message, overrule("freezes"), frozen_until(gates.freezes, now))


def _tag_pattern(gates: Gates, candidate: Candidate, _: datetime) -> Iterator[GateRefusal]:
    if gates.tagPattern is None:
        return
    for move in candidate.moves:
        tag = tag_of(move.after)
        if not tag:
            message = f"{move.image} {held_text(move.after)} has no tag that could match {gates.tagPattern}"
            yield refusal_of(candidate, "tagPattern", message, "record the tag beside the digest")
        elif message := _mismatch(gates.tagPattern, tag):
            yield refusal_of(candidate, "tagPattern", f"{move.image} {message}", "release a tag that matches")


def _mismatch(pattern: str, tag: str) -> str:
    try:
        return "" if is_match(pattern, tag) else f"{tag} does not match {pattern}"
    except ToolError as error:
        return f"{tag} cannot be held against {pattern}: {error}"


def _digest(gates: Gates, candidate: Candidate, _: datetime) -> Iterator[GateRefusal]:
    if gates.digest != "required":
        return
    for move in candidate.moves:
        if not (move.after.digest or "@" in (move.after.newTag or "")):
            message = f"{move.image} {held_text(move.after)} has no digest"
            remedy = f"bump it with its digest where it starts: --tag {tag_of(move.after)} --digest sha256:..."
            yield refusal_of(candidate, "digest", message, remedy)


def _hold(candidate: Candidate, now: datetime) -> Iterator[GateRefusal]:
    """Refuse what moves away from a hold; back to what is held is the way that a hold asks for."""
    hold = candidate.hold
    if hold is None or not is_active(hold, now):
        return
    if all(hold.record.get(move.image) == held_text(move.after) for move in candidate.moves):
        return
    held = ", ".join(dict.fromkeys(hold.record.values())) or "nothing"
    message = described(hold, held)
    remedy = f"end it: fairlead unhold {candidate.service} --env {candidate.environment}"
    yield refusal_of(candidate, "hold", message, remedy, hold.until)


def tag_of(release: Release) -> str:
    """Return the tag of a release without what stands behind it; nothing where there is only a digest."""
    return (release.newTag or "").partition("@")[0]
