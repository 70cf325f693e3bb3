"""The gates that cost nothing to ask: the release, its history and the clock decide."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.clock.instant import format_instant
from generator.clock.timetable import duration_of
from generator.findings.errors import ToolError
from generator.gates.freeze import active, frozen_until
from generator.gates.gate import ReleaseGate, overrule, refusal_of
from generator.gates.pattern import is_match
from generator.records.hold import described, held_text, is_active

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.gates.gate import GateRefusal, GateRequest
    from generator.layout.release import Release


def _refuse_unsoaked(asked: GateRequest) -> Iterator[GateRefusal]:
    gates, candidate, now = asked.gates, asked.candidate, asked.now
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


def _refuse_frozen(asked: GateRequest) -> Iterator[GateRefusal]:
    gates, candidate, now = asked.gates, asked.candidate, asked.now
    freeze = active(gates.freezes, now)
    if freeze is not None:
        reason = f" ({freeze.reason})" if freeze.reason else ""
        message = f"{candidate.environment} is frozen{reason}"
        yield refusal_of(candidate, "freezes", message, overrule("freezes"), frozen_until(gates.freezes, now))


def _refuse_other_tags(asked: GateRequest) -> Iterator[GateRefusal]:
    gates, candidate = asked.gates, asked.candidate
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


def _refuse_without_digest(asked: GateRequest) -> Iterator[GateRefusal]:
    candidate = asked.candidate
    if asked.gates.digest != "required":
        return
    for move in candidate.moves:
        if not (move.after.digest or "@" in (move.after.newTag or "")):
            message = f"{move.image} {held_text(move.after)} has no digest"
            remedy = f"bump it with its digest where it starts: --tag {tag_of(move.after)} --digest sha256:..."
            yield refusal_of(candidate, "digest", message, remedy)


def _refuse_held(asked: GateRequest) -> Iterator[GateRefusal]:
    """Refuse what moves away from a hold; back to what is held is the way that a hold asks for."""
    candidate, hold = asked.candidate, asked.candidate.hold
    if hold is None or not is_active(hold, asked.now):
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


SOAK = ReleaseGate(
    name="soak",
    title="the environment before has run the release for this long, without a break",
    why="A fault that shows after hours is found where it harms nobody.",
    check=_refuse_unsoaked,
)

FREEZES = ReleaseGate(
    name="freezes",
    title="no freeze is on, neither one that comes again nor one with dates",
    why="Nobody is there to look after a release, or nothing may change.",
    check=_refuse_frozen,
)

TAG_PATTERN = ReleaseGate(
    name="tagPattern",
    title="the whole tag matches this regular expression",
    why="A branch's build or `latest` is no release.",
    check=_refuse_other_tags,
    at_edit=True,
)

DIGEST = ReleaseGate(
    name="digest",
    title="the release names a digest",
    why="A tag can be moved to another image, a digest cannot.",
    check=_refuse_without_digest,
    at_edit=True,
)

HOLD = ReleaseGate(
    name="hold",
    title="no hold is on, or the release is the one that is held (`fairlead hold`, no word of the page)",
    why="Somebody keeps the service at a release, with a reason.",
    check=_refuse_held,
    at_edit=True,
)
