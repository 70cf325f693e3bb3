"""Freezes: when one is on, when releases go again, and the nights in which clocks are set."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.clock.instant import moment_of
from generator.clock.timetable import on_wall
from generator.gates.freeze import active, frozen_until
from generator.model.gates import Freeze
from tests.examples import examples

BERLIN = "Europe/Berlin"
MINUTE = timedelta(minutes=1)

# From Friday evening to Monday morning, as clocks show it.
WEEKEND = Freeze(schedule="0 18 * * 5", duration="62h", timeZone=BERLIN)
HOLIDAYS = Freeze(start="2026-12-20T18:00", end="2027-01-04T08:00", timeZone=BERLIN)


def at(text: str) -> datetime:
    """Return the instant of `2026-11-20T17:00Z`."""
    instant = moment_of(text)
    assert instant is not None
    return instant


def until(freeze: Freeze, text: str) -> datetime | None:
    """Return until when one freeze is on, None if it is not on."""
    return frozen_until([freeze], at(text)) if active([freeze], at(text)) else None


@pytest.mark.parametrize(
    ("now", "end"),
    [
        ("2026-11-20T16:59:59Z", None),
        ("2026-11-20T17:00:00Z", "2026-11-23T07:00:00Z"),  # begins exactly now
        ("2026-11-20T17:00:00.5Z", "2026-11-23T07:00:00Z"),
        ("2026-11-22T12:34:56Z", "2026-11-23T07:00:00Z"),
        ("2026-11-23T06:59:59.999Z", "2026-11-23T07:00:00Z"),
        ("2026-11-23T07:00:00Z", None),  # ends exactly now
    ],
)
def test_a_schedule_freezes_from_its_beginning_to_before_its_end(now: str, end: str | None) -> None:
    """Friday 18:00 in Berlin is 17:00 UTC in winter."""
    assert until(WEEKEND, now) == (at(end) if end else None)


@pytest.mark.parametrize(
    ("now", "end"),
    [
        ("2026-12-20T16:59:59Z", None),
        ("2026-12-20T17:00:00Z", "2027-01-04T07:00:00Z"),
        ("2027-01-04T06:59:59Z", "2027-01-04T07:00:00Z"),
        ("2027-01-04T07:00:00Z", None),
    ],
)
def test_a_single_freeze_has_clocks_of_its_own(now: str, end: str | None) -> None:
    """From and to are what people there read off the wall."""
    assert until(HOLIDAYS, now) == (at(end) if end else None)


def test_without_a_time_zone_clocks_show_utc() -> None:
    """As in Argo CD."""
    freeze = Freeze(schedule="0 18 * * 5", duration="1h")

    assert until(freeze, "2026-11-20T18:30:00Z") == at("2026-11-20T19:00:00Z")


# The nights in which clocks are set


@pytest.mark.parametrize(
    ("now", "end"),
    [
        ("2026-10-23T15:59:59Z", None),  # 17:59 in summer time
        ("2026-10-23T16:00:00Z", "2026-10-26T07:00:00Z"),
        ("2026-10-26T06:59:59Z", "2026-10-26T07:00:00Z"),  # an hour more than 62 have passed
        ("2027-03-26T17:00:00Z", "2027-03-29T06:00:00Z"),
        ("2027-03-29T06:00:00Z", None),  # an hour less than 62 have
    ],
)
def test_a_weekend_ends_on_monday_morning_when_clocks_are_set(now: str, end: str | None) -> None:
    """Clocks are set back on 2026-10-25 and forward on 2027-03-28; nobody's Monday begins at another time."""
    assert until(WEEKEND, now) == (at(end) if end else None)


@pytest.mark.parametrize(
    ("now", "end"),
    [
        ("2026-10-25T00:29:59Z", None),
        ("2026-10-25T00:30:00Z", "2026-10-25T02:30:00Z"),  # 02:30 for the first time
        ("2026-10-25T01:15:00Z", "2026-10-25T02:30:00Z"),  # 02:15 for the second: it has begun all the same
        ("2026-10-25T02:29:59Z", "2026-10-25T02:30:00Z"),  # 03:29
        ("2026-10-25T02:30:00Z", None),
    ],
)
def test_a_freeze_that_begins_in_the_hour_that_comes_twice_has_no_hole(now: str, end: str | None) -> None:
    """It begins when clocks first show 02:30, and setting them back does not undo it."""
    assert until(Freeze(schedule="30 2 * * *", duration="1h", timeZone=BERLIN), now) == (at(end) if end else None)


@pytest.mark.parametrize(
    ("now", "end"),
    [
        ("2026-10-25T00:10:00Z", "2026-10-25T00:15:00Z"),
        ("2026-10-25T00:20:00Z", None),
        ("2026-10-25T01:10:00Z", "2026-10-25T01:15:00Z"),  # 02:10 once more
        ("2026-10-25T01:20:00Z", None),
    ],
)
def test_a_freeze_of_every_hour_comes_in_both_hours(now: str, end: str | None) -> None:
    """Clocks show ten past two twice in that night."""
    assert until(Freeze(schedule="10 * * * *", duration="5m", timeZone=BERLIN), now) == (at(end) if end else None)


@pytest.mark.parametrize(
    ("now", "end"),
    [
        ("2027-03-28T00:59:59Z", None),
        ("2027-03-28T01:00:00Z", "2027-03-28T01:30:00Z"),  # clocks leap from 02:00 to 03:00
        ("2027-03-28T01:30:00Z", None),
    ],
)
def test_a_freeze_that_begins_in_the_hour_that_is_left_out_begins_at_the_leap(now: str, end: str | None) -> None:
    """No clock ever shows 02:30 that night; at 03:00 it is past."""
    assert until(Freeze(schedule="30 2 * * *", duration="1h", timeZone=BERLIN), now) == (at(end) if end else None)


ZONES = st.sampled_from([BERLIN, "America/New_York", "Australia/Lord_Howe", "Antarctica/Troll", "Asia/Kolkata", "UTC"])
NIGHTS = st.sampled_from(["2026-03-08", "2026-03-29", "2026-04-04", "2026-10-03", "2026-10-25", "2026-11-01"])


@settings(max_examples=examples(60), deadline=None)  # each example looks at a clock 2,880 times
@given(NIGHTS, ZONES, st.integers(0, 287), st.integers(1, 300))
def test_a_freeze_is_what_somebody_with_a_clock_would_do(night: str, zone: str, step: int, minutes: int) -> None:
    """Watch a clock for two days: freeze when it shows the beginning or leaps over it, go on when it shows the end."""
    begin = datetime.fromisoformat(night) + 5 * step * MINUTE
    end = begin + minutes * MINUTE
    freeze = Freeze(start=begin.isoformat()[:16], end=end.isoformat()[:16], timeZone=zone)
    now = at(f"{night}T00:00Z") - timedelta(hours=14)
    frozen, before = False, on_wall(now - MINUTE, ZoneInfo(zone))

    for _ in range(2 * 24 * 60):
        shown = on_wall(now, ZoneInfo(zone))
        went_on = max((shown - before) // MINUTE, 1)  # more where it leaps; set back, it shows one time more
        passed = {shown - minute * MINUTE for minute in range(went_on)}
        frozen = (frozen or begin in passed) and end not in passed
        assert (active([freeze], now) is not None) == frozen, (now, shown)
        now, before = now + MINUTE, shown


@settings(deadline=None)
@given(NIGHTS, ZONES, st.integers(0, 287), st.integers(1, 4000), st.integers(0, 2879))
def test_a_schedule_is_a_freeze_for_each_time_that_it_comes(
    night: str, zone: str, step: int, minutes: int, later: int
) -> None:
    """One a day, and those that began days ago count as long as they last."""
    now = at(f"{night}T00:00Z") - timedelta(hours=14) + later * MINUTE
    hour, minute = divmod(5 * step, 60)
    days = [datetime.fromisoformat(night) + timedelta(days=day, hours=hour, minutes=minute) for day in range(-5, 4)]
    single = [
        Freeze(start=f"{day:%Y-%m-%dT%H:%M}", end=f"{day + minutes * MINUTE:%Y-%m-%dT%H:%M}", timeZone=zone)
        for day in days
    ]
    daily = [Freeze(schedule=f"{minute} {hour} * * *", duration=f"{minutes}m", timeZone=zone)]

    assert (active(daily, now) is None) == (active(single, now) is None)


# Several, and ends that do not come


def test_freezes_that_overlap_end_with_the_last() -> None:
    """The weekend before, the holidays, and the weekend into which they run."""
    freezes = [HOLIDAYS, WEEKEND, Freeze(start="2027-01-04T06:00", end="2027-01-04T10:00", timeZone=BERLIN)]

    assert frozen_until(freezes, at("2026-12-19T12:00Z")) == at("2027-01-04T09:00Z")
    assert active(freezes, at("2026-12-20T18:00Z")) == HOLIDAYS


def test_freezes_that_touch_leave_no_moment_between() -> None:
    """One ends when the other begins."""
    night = Freeze(schedule="0 18 * * *", duration="14h")
    day = Freeze(schedule="0 8 * * 6,0", duration="10h")

    assert frozen_until([night, day], at("2026-11-20T20:00Z")) == at("2026-11-23T08:00Z")


def test_a_freeze_within_itself_goes_on() -> None:
    """It begins anew each hour and lasts two."""
    freeze = Freeze(schedule="0 * * * 6", duration="2h")

    assert frozen_until([freeze], at("2026-11-21T05:00Z")) == at("2026-11-22T01:00Z")


@pytest.mark.parametrize(
    "freezes",
    [
        [Freeze(schedule="* * * * *", duration="1m")],
        [Freeze(schedule="0 0 1 * *", duration="800h")],
        [Freeze(start="2020-01-01T00:00", end="2999-01-01T00:00")],
    ],
)
def test_a_freeze_without_an_end_in_sight_names_none(freezes: list[Freeze]) -> None:
    """Nobody waits for it."""
    assert active(freezes, at("2026-11-21T03:00Z")) is not None
    assert frozen_until(freezes, at("2026-11-21T03:00Z")) is None


def test_nothing_is_frozen_without_freezes() -> None:
    """Releases go at once."""
    now = datetime(2026, 11, 21, tzinfo=UTC)

    assert (active([], now), frozen_until([], now)) == (None, now)
