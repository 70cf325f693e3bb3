"""Sync windows: may an Application be synced, and when again? Argo CD 3.5.7 was asked about cases like these."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.controller.permission import ApplicationDestination
from generator.controller.window import Gate, gate, reaches

DEV = ApplicationDestination("dev", None, "shop")
FRIDAY = {"kind": "deny", "schedule": "0 18 * * 5", "duration": "62h", "applications": ["*"]}
OFFICE = {"kind": "allow", "schedule": "0 8 * * 1-5", "duration": "9h", "applications": ["*"]}


def at(text: str) -> datetime:
    """Return an instant of November 2026, whose 20th is a Friday."""
    return datetime.fromisoformat(f"2026-11-{text}").replace(tzinfo=UTC)


def asked(
    now: datetime, *windows: dict[str, Any], name: str = "dev-web", destination: ApplicationDestination = DEV
) -> Gate:
    """Return the answer for an Application."""
    return gate(reaches({"spec": {"syncWindows": list(windows)}}), name, destination, now)


def test_a_denying_window_closes_until_its_end() -> None:
    """From Friday evening to Monday morning."""
    found = asked(at("21T12:00"), FRIDAY)
    assert (found.closed, found.until, found.manual) == (True, at("23T08:00"), False)
    assert not asked(at("19T12:00"), FRIDAY).closed


def test_neither_end_belongs_to_a_window() -> None:
    """Argo CD compares strictly."""
    assert not asked(at("20T18:00"), FRIDAY).closed
    assert asked(at("20T18:00") + timedelta(microseconds=1), FRIDAY).closed
    assert not asked(at("23T08:00"), FRIDAY).closed


def test_an_allowing_window_closes_while_it_is_off() -> None:
    """Until it comes again."""
    found = asked(at("20T20:00"), OFFICE)
    assert (found.closed, found.until) == (True, at("23T08:00"))
    assert not asked(at("20T12:00"), OFFICE).closed


def test_denying_wins_and_another_allowing_one_opens() -> None:
    """One open allow window is enough, unless a deny window is on."""
    night = {**OFFICE, "schedule": "0 20 * * *", "duration": "1h"}
    assert not asked(at("20T20:30"), OFFICE, night).closed
    found = asked(at("20T20:30"), OFFICE, night, FRIDAY)
    assert (found.closed, found.until) == (True, at("23T08:00"))


def test_clocks_are_those_of_the_window_s_zone() -> None:
    """Friday 18:00 in Berlin is 17:00 UTC in winter; a zone that does not exist is UTC."""
    assert asked(at("20T17:30"), {**FRIDAY, "timeZone": "Europe/Berlin"}).until == at("23T07:00")
    assert not asked(at("20T17:30"), {**FRIDAY, "timeZone": "No/Where"}).closed


def test_a_sync_by_hand_is_let_through_if_all_that_close_say_so() -> None:
    """One that does not say so is enough to keep people out."""
    assert asked(at("21T12:00"), {**FRIDAY, "manualSync": True}).manual
    assert not asked(at("21T12:00"), {**FRIDAY, "manualSync": True}, {**FRIDAY, "duration": "61h"}).manual


@pytest.mark.parametrize(
    ("names", "concerned"),
    [
        ({"applications": ["dev-*"]}, True),
        ({"applications": ["prod-*"]}, False),
        ({"clusters": ["dev"]}, True),
        ({"namespaces": ["sh*"], "applications": ["x"]}, True),
        ({"namespaces": ["sh*"], "applications": ["x"], "andOperator": True}, False),
        ({"namespaces": ["sh*"], "applications": ["dev-web"], "andOperator": True}, True),
        ({}, False),
    ],
)
def test_whom_a_window_concerns(names: dict[str, Any], *, concerned: bool) -> None:
    """Any sort of name, or all with andOperator; a window without names concerns nobody."""
    window = {"kind": "deny", "schedule": "0 18 * * 5", "duration": "62h", **names}
    assert bool(asked(at("21T12:00"), window).windows) is concerned


@pytest.mark.parametrize("broken", [{"schedule": "@daily"}, {"duration": "two days"}])
def test_a_window_that_cannot_be_read_closes(broken: dict[str, str]) -> None:
    """Argo CD syncs nothing then, and says so in its log alone."""
    found = asked(at("19T12:00"), {**FRIDAY, **broken})
    assert found.closed
    assert found.faults


def test_windows_without_a_gap_have_no_end() -> None:
    """Half an hour of every half hour."""
    found = asked(at("21T12:10"), {**FRIDAY, "schedule": "*/30 * * * *", "duration": "30m"})
    assert (found.closed, found.until) == (True, None)


WINDOWS = st.lists(
    st.builds(
        lambda kind, schedule, duration: {
            "kind": kind,
            "schedule": schedule,
            "duration": duration,
            "applications": ["*"],
        },
        st.sampled_from(["allow", "deny"]),
        st.sampled_from(["0 18 * * 5", "0 0 * * *", "15 3 1 * *", "0 8 * * 1-5", "30 22 20 12 *"]),
        st.sampled_from(["1h", "8h30m", "24h", "62h"]),
    ),
    min_size=1,
    max_size=3,
)


@settings(deadline=None)
@given(WINDOWS, st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31)))  # noqa: DTZ001  # made aware below
def test_right_after_the_end_it_is_open_and_right_before_it_is_closed(
    windows: list[dict[str, Any]], now: datetime
) -> None:
    """So nobody waits for longer than told, nor in vain."""
    found = asked(now.replace(tzinfo=UTC), *windows)
    if found.closed and found.until is not None:
        assert not asked(found.until + timedelta(microseconds=1), *windows).closed
        before = found.until - timedelta(microseconds=1)
        assert before < now.replace(tzinfo=UTC) or asked(before, *windows).closed
