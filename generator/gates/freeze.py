"""Freezes: whether an environment takes no releases at an instant, and when it takes them again.

A freeze begins when clocks show its beginning and ends when they next show its end, as an Argo CD sync window with a
time zone does: Friday 18:00 and 62h end on Monday at 08:00, whether or not clocks are set back in between.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from generator.clock.timetable import duration_of, on_wall, shown_at, times, wall_time, zone_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime, tzinfo

    from generator.model.gates import Freeze

    Window = tuple[datetime, datetime]

_SECOND = timedelta(seconds=1)

# Clocks are set back by less than this, anywhere.
_SET_BACK = timedelta(hours=3)

# How far the end of freezes that follow one another is looked for: past either, nobody waits for it.
_HORIZON = timedelta(days=400)
_WINDOWS = 1000


def active(freezes: Iterable[Freeze], now: datetime) -> Freeze | None:
    """Return the freeze that is on at `now` and lasts longest, None when there is none."""
    ends = [(end, freeze) for freeze in freezes for end in _ends(freeze, now)]
    return max(ends, key=lambda found: found[0], default=(now, None))[1]


def frozen_until(freezes: Iterable[Freeze], now: datetime) -> datetime | None:
    """Return the first instant from `now` on at which no freeze is on; None where there is none within a year."""
    freezes = tuple(freezes)
    instant = now
    for _ in range(_WINDOWS):
        ends = [end for freeze in freezes for end in _ends(freeze, instant)]
        if not ends:
            return instant
        instant = max(ends)
        if instant - now > _HORIZON:
            return None
    return None


def _ends(freeze: Freeze, now: datetime) -> Iterator[datetime]:
    """Yield the ends of a freeze's windows that are on at `now`; a window holds its beginning and not its end."""
    zone = zone_of(freeze.timeZone)
    assert zone is not None  # noqa: S101  # the page was refused otherwise
    for begin, end in _walls(freeze, now, zone):
        for start in shown_at(begin, zone):
            until = next((each for each in shown_at(end, zone) if each > start), start)
            if start <= now < until:
                yield until


def _walls(freeze: Freeze, now: datetime, zone: tzinfo) -> Iterator[Window]:
    """Yield beginning and end, as clocks show them, of the windows that may be on at `now`."""
    if freeze.schedule is None:
        begin, end = wall_time(freeze.start or ""), wall_time(freeze.end or "")
        assert begin is not None  # noqa: S101  # as above
        assert end is not None  # noqa: S101  # as above
        yield begin, end
        return
    duration = duration_of(freeze.duration or "") or timedelta()
    steady = (now - _SET_BACK).astimezone(zone).utcoffset() == (now + _SET_BACK).astimezone(zone).utcoffset()
    around = timedelta() if steady else _SET_BACK
    wall = on_wall(now, zone)
    for begin in times(freeze.schedule, wall.replace(microsecond=0) + around + _SECOND):
        yield begin, begin + duration
        if begin <= wall - around:
            return
