"""Moments as files and people write them: RFC 3339, to the second, in UTC."""

from __future__ import annotations

from datetime import UTC, datetime


def format_instant(moment: datetime) -> str:
    """Return an aware time as `2026-11-21T03:00:00Z`; parts of a second are dropped."""
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def moment_of(text: str) -> datetime | None:
    """Return the time that a text with a zone (`Z`, `+01:00`) names, in UTC; None for any other text."""
    try:
        moment = datetime.fromisoformat(text)
        return None if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):  # the second: before year 1 or after 9999 in UTC
        return None
