"""How releases, spans of time and foreign words read in a table on a terminal."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from generator.findings.text import escape_line
from generator.records.hold import held_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import timedelta

    from generator.layout.release import Record, Release

_DIGEST = re.compile(r"(?:@|^)sha(?:256|512):([0-9a-f]{12})[0-9a-f]+")
_MINUTE, _HOUR, _DAY = 60, 3600, 86_400


def brief(release: Release | None) -> str:
    """Return a release in few letters: `1.4.2`, `1.4.2@3f2a9c81d2e4` (the digest's first twelve), `none`."""
    return "none" if release is None else _DIGEST.sub(_twelve, escape_line(held_text(release)))


def _twelve(digest: re.Match[str]) -> str:
    return f"@{digest[1]}"


def brief_record(record: Record) -> tuple[str, ...]:
    """Return the releases of a record: one text where all images have the same, else one for each image."""
    releases = {image: brief(release) for image, release in record.items()}
    if len(set(releases.values())) == 1:
        return tuple(releases.values())[:1]
    return tuple(f"{image} {release}" for image, release in releases.items())


def age(span: timedelta) -> str:
    """Return a span in its largest fitting unit: `40s`, `12m`, `31h`, `45d`; what lies ahead of this clock is `0s`."""
    seconds = max(0, int(span.total_seconds()))
    if seconds < 2 * _MINUTE:
        return f"{seconds}s"
    if seconds < 2 * _HOUR:
        return f"{seconds // _MINUTE}m"
    if seconds < 2 * _DAY:
        return f"{seconds // _HOUR}h"
    return f"{seconds // _DAY}d"


def aligned(rows: Iterable[Sequence[str]], widest: int = 120) -> list[str]:
    """Return rows as lines, two spaces between columns; empty columns take no room.

    A text longer than `widest` moves only its own line.
    """
    rows = list(rows)
    columns = [[len(text) for text in column] for column in zip(*rows, strict=True)]
    widths = [max((length for length in column if length <= widest), default=0) for column in columns]
    kept = [number for number, column in enumerate(columns) if any(column)]
    return ["  ".join(row[number].ljust(widths[number]) for number in kept).rstrip() for row in rows]
