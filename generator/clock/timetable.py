"""Schedules, durations and clocks as pages write them: what is none is told, and what is one gets its meaning.

Times of day are those of a clock on a wall somewhere, which is set forward and back; instants are UTC.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

MINUTE = timedelta(minutes=1)

_UNITS = {"h": timedelta(hours=1), "m": timedelta(minutes=1), "s": timedelta(seconds=1)}
_PART = re.compile(r"([0-9]{1,6}(?:\.[0-9]{1,3})?)([hms])", re.ASCII)

# Names in a time zone database that mean another zone on each machine.
_OF_THE_MACHINE = frozenset({"localtime", "posixrules"})

# What Kubernetes takes in place of five fields: https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/
_MACROS = frozenset({"@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly"})
_FIELDS = ("minute", "hour", "day of the month", "month", "day of the week")
_MONTHS = "JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC"
_DAYS = "SUN|MON|TUE|WED|THU|FRI|SAT"
_NUMBER = "[0-9]{1,2}"
_VALUES = (_NUMBER, _NUMBER, _NUMBER, f"{_NUMBER}|{_MONTHS}", f"[0-6]|{_DAYS}")
_LAST = ("59", "23", "31", "12", "6")
_FIRST = ("0", "0", "1", "1", "0")


def duration_of(text: str) -> timedelta | None:
    """Return the duration that `24h` or `1h30m` means, None for what is none."""
    parts = _PART.findall(text)
    if not parts or "".join(f"{number}{unit}" for number, unit in parts) != text:
        return None
    return sum((float(number) * _UNITS[unit] for number, unit in parts), timedelta())


def as_go_writes(duration: timedelta) -> str:
    """Return a duration as Go prints it and Kubernetes' operators write it back: `1h0m0s`, `30m0s`, `1.5s`, `500ms`."""
    seconds = duration / timedelta(seconds=1)
    if 0 < seconds < 1:
        return f"{seconds * 1000:g}ms"
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(int(minutes), 60)
    parts = (f"{hours}h" if hours else "", f"{minutes}m" if hours or minutes else "", f"{rest:.3f}".rstrip("0"))
    return "".join(parts).rstrip(".") + "s"


def zone_of(name: str | None) -> tzinfo | None:
    """Return the time zone of an IANA name, UTC without one, None for a name that is none."""
    if name in {None, "UTC"}:
        return UTC
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError  # 8 ms, for pages that name a zone

    try:
        return None if name in _OF_THE_MACHINE else ZoneInfo(str(name))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def zone_names() -> frozenset[str]:
    """Return the names of the time zones that this machine knows; none where it has no time zone database."""
    from zoneinfo import available_timezones  # it reads hundreds of files, for a complaint

    return frozenset(available_timezones()) - _OF_THE_MACHINE


def wall_time(text: str) -> datetime | None:
    """Return the date and time that a text without a zone names, None for any other text."""
    try:
        wall = datetime.fromisoformat(text)
    except ValueError:
        return None
    return wall if wall.tzinfo is None else None


@lru_cache(maxsize=1024)
def cron_fault(schedule: str) -> str:
    """Return what is wrong with a cron schedule of five fields as Argo CD and Kubernetes read it, or nothing."""
    fields = schedule.split()
    if len(fields) != len(_FIELDS):
        return f"it has {len(fields)} fields, not five: minute, hour, day of the month, month, day of the week"
    for name, values, field in zip(_FIELDS, _VALUES, fields, strict=True):
        if not re.fullmatch(_list_of(values), field, re.ASCII | re.IGNORECASE):
            return f"'{field}' is no {name}"
    return _unread(schedule)


def _list_of(values: str) -> str:
    item = rf"(?:[*?]|(?:{values})(?:-(?:{values}))?)(?:/{_NUMBER})?"
    return f"{item}(?:,{item})*"


def _unread(schedule: str) -> str:
    """Return what the reader of schedules has against one that has the right form: 99 is no minute."""
    from cronsim import CronSim, CronSimError  # 18 ms, for pages with a schedule

    try:
        CronSim(_plain(schedule), datetime(2026, 1, 1, tzinfo=UTC))
    except CronSimError as error:
        return f"there is no such {str(error).removeprefix('Bad ')}"
    return ""


def job_schedule_fault(schedule: str) -> str:
    """Return what is wrong with the schedule of a CronJob, which has words for some; nothing if it is one."""
    word, _, rest = schedule.partition(" ")
    if word == "@every":
        duration = duration_of(rest)
        return "" if duration else f"'{rest}' is no duration, e.g. 1h30m"
    if schedule.startswith("@"):
        return "" if schedule in _MACROS else f"no word '{word}'; known: {', '.join(sorted(_MACROS))}, @every 1h"
    return cron_fault(schedule)


def never_comes(schedule: str) -> bool:
    """Return whether the fields of a schedule are right one by one, and they ask for no day together: 31 February."""
    fields = schedule.split()
    if len(fields) != len(_FIELDS) or not cron_fault(schedule):
        return False
    minute, hour, day, month, weekday = fields
    alone = (f"{minute} {hour} {day} * {weekday}", f"{minute} {hour} * {month} {weekday}")
    return not any(cron_fault(each) for each in alone)


def times(schedule: str, before: datetime) -> Iterator[datetime]:
    """Return the times on the wall at which a schedule comes, from the last one before `before` backwards."""
    from cronsim import CronSim  # as above

    return CronSim(_plain(schedule), before, reverse=True)


def coming(schedule: str, after: datetime) -> Iterator[datetime]:
    """Return the times on the wall at which a schedule comes, from the first one after `after` onwards."""
    from cronsim import CronSim  # as above

    return CronSim(_plain(schedule), after)


@lru_cache(maxsize=1024)
def _plain(schedule: str) -> str:
    """Return a schedule in words that mean the same to cronsim as to the reader in Argo CD and Kubernetes.

    There `?` is `*`, `N/2` ends with Saturday and not with the Sunday after it, and `*/2` for a day does not ask that
    the other field for days fits too.
    """
    fields = schedule.replace("?", "*").split()
    return " ".join(
        ",".join(_spelled_out(item, first, last) for item in field.split(","))
        for field, first, last in zip(fields, _FIRST, _LAST, strict=True)
    )


def _spelled_out(item: str, first: str, last: str) -> str:
    start, slash, step = item.partition("/")
    if not slash or "-" in start:
        return item
    if start == "*":
        return "*" if int(step) == 1 else f"{first}-{last}/{step}"
    return f"{start}-{last}/{step}"


def shown_at(wall: datetime, zone: tzinfo) -> tuple[datetime, ...]:
    """Return the instants at which the clocks of a zone show `wall`, in order.

    They are two where clocks are set back over it. Where clocks are set forward over it, it is the instant of the leap.
    """
    while True:
        instants = sorted({wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)})
        real = [instant for instant in instants if on_wall(instant, zone) == wall]
        if real:
            return tuple(real)
        wall += MINUTE


def on_wall(instant: datetime, zone: tzinfo) -> datetime:
    """Return what the clocks of a zone show at an instant."""
    return instant.astimezone(zone).replace(tzinfo=None, fold=0)
