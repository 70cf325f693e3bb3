"""Sync windows: the freezes of an environment, in the words of an AppProject.

A freeze keeps releases out of git; the window keeps what got there anyway (a change of a page, a release with a reason)
from being synced by itself. A person may still sync by hand.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.clock.timetable import shown_at, wall_time, zone_of
from generator.paths import application_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from generator.inputs.scope import SyncedPlace
    from generator.model.gates import Freeze

_MINUTE = 60


def windows(place: SyncedPlace) -> Iterator[dict[str, Any]]:
    """Return a deny window for each freeze, for exactly the services' Applications of a place."""
    names = [application_name(place.environment, service) for service in place.services]
    return _denied(place.freezes, names) if names else iter(())


def shared_windows(places: Iterable[SyncedPlace]) -> Iterator[dict[str, Any]]:
    """Yield a deny window for each freeze of an environment, for what the systems there share."""
    names: dict[str, list[str]] = {}
    freezes: dict[str, tuple[Freeze, ...]] = {}
    for place in places:
        names.setdefault(place.environment, []).append(application_name(place.environment, place.system))
        freezes[place.environment] = place.freezes
    for environment, applications in names.items():
        yield from _denied(freezes[environment], applications)


def _denied(freezes: Iterable[Freeze], names: list[str]) -> Iterator[dict[str, Any]]:
    for freeze in freezes:
        schedule, duration = (freeze.schedule, freeze.duration) if freeze.schedule else _once(freeze)
        yield {
            "kind": "deny",
            "schedule": schedule,
            "duration": duration,
            "timeZone": freeze.timeZone or "UTC",
            "applications": names,
            "manualSync": True,
            **({"description": freeze.reason} if freeze.reason else {}),
        }


def _once(freeze: Freeze) -> tuple[str, str]:
    """Return schedule and duration of a freeze with dates.

    A window has no year: it would come again a year later, so a freeze that is over belongs off the page.
    """
    zone = zone_of(freeze.timeZone)
    begin, end = _wall(freeze.start), _wall(freeze.end)
    assert zone is not None  # noqa: S101  # the page was refused otherwise
    # Argo CD adds real time to the beginning; clocks may be set in between.
    length = shown_at(end, zone)[-1] - shown_at(begin, zone)[0]
    minutes = -(-int(length.total_seconds()) // _MINUTE)
    return f"{begin.minute} {begin.hour} {begin.day} {begin.month} *", f"{minutes // _MINUTE}h{minutes % _MINUTE}m"


def _wall(text: str | None) -> datetime:
    wall = wall_time(text or "")
    assert wall is not None  # noqa: S101  # as above
    return wall
