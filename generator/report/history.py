"""The history of releases as text and as data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from generator.clock.instant import format_instant
from generator.findings.text import escape_lines
from generator.history.release_history import HoldStep, ReleaseStep, texts
from generator.report.release import aligned, brief, brief_record

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from generator.layout.release import Record
    from generator.records.hold import Hold

_SHALLOW = "This clone is shallow: what was before is not in it; `git fetch --unshallow` brings it."
# A change longer than this stands out of its column.
_WIDEST = 40
_COMMIT = 10


def history_text(events: Sequence[ReleaseStep | HoldStep]) -> str:
    """Return a line for each event (when, where, what, by which commit and author), and notes below it."""
    rows = [
        (
            format_instant(event.when),
            f"{event.environment}/{event.service}",
            _what(event),
            event.commit[:_COMMIT],
            event.author,
        )
        for event in events
    ]
    lines = [
        line
        for head, event in zip(aligned(rows, _WIDEST), events, strict=True)
        for line in (head, *(f"    {note}" for note in _notes(event)))
    ]
    lines += [_SHALLOW] if any(event.border for event in events) else []
    return escape_lines(lines)


def _what(event: ReleaseStep | HoldStep) -> str:
    """Return what happened."""
    if isinstance(event, HoldStep):
        return _hold_change(event.before, event.after)
    if event.border:
        return f"{_listed(event.after)} by then"
    if not event.before:
        return f"released {_listed(event.after)}"
    if not event.after:
        return f"retired {_listed(event.before)}"
    return _moves(event.before, event.after)


def _hold_change(before: Hold | None, after: Hold | None) -> str:
    if after is None:
        return "hold ended"
    until = "" if after.until is None else f" until {format_instant(after.until)}"
    return f"held{until}" if before is None else f"hold changed{until}"


def _moves(before: Record, after: Record) -> str:
    """Return what each image went from and to; once, without its name, where all went the same way."""
    old, new = texts(before), texts(after)
    images = [image for image in {**before, **after} if old.get(image) != new.get(image)]
    moves = {image: f"{brief(before.get(image))} -> {brief(after.get(image))}" for image in images}
    if len(moves) == len(old.keys() | new.keys()) and len(set(moves.values())) == 1:
        return next(iter(moves.values()))
    return ", ".join(f"{image} {move}" for image, move in moves.items())


def _listed(record: Record | None) -> str:
    return ", ".join(brief_record(record or {}))


def _notes(event: ReleaseStep | HoldStep) -> Iterator[str]:
    """Yield what the commit's trailers tell, and why something is held."""
    trailers = {key: value.replace("\n", ", ") for key, value in event.trailers.items()}
    if isinstance(event, HoldStep) and event.after is not None:
        yield f"by {event.after.by}: {event.after.reason}"
    if "Rollback-Of" in trailers:
        yield f"rollback of {trailers['Rollback-Of']}"
    if "Promoted-From" in trailers:
        yield f"promoted from {trailers['Promoted-From']}"
    for override in filter(None, event.trailers.get("Gate-Override", "").split("\n")):
        yield f"gate overridden: {override}"
    if "Source-Commit" in trailers:
        where = f" of {trailers['Source-Repository']}" if "Source-Repository" in trailers else ""
        yield f"built from {trailers['Source-Commit']}{where}"


def history_data(events: Sequence[ReleaseStep | HoldStep]) -> dict[str, Any]:
    """Return the events as plain values; `complete` is false where a shallow clone ends."""
    return {
        "events": [
            {"kind": "release" if isinstance(event, ReleaseStep) else "hold", **msgspec.structs.asdict(event)}
            for event in events
        ],
        "complete": not any(event.border for event in events),
    }
