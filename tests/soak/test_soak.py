"""The soak in small: a few writers on a slow server over HTTP, two jobs for one service, and some kills."""

from __future__ import annotations

from tests.soak.kills import run_kills
from tests.soak.soak import Site, ran, retired, same_service


def test_writers_lose_nothing_and_try_again() -> None:
    """Four processes push at once while each push takes half a second; that somebody had to try twice is asserted."""
    assert ran("small", 4, Site(http=True, delay=0.5)) == []


def test_of_two_jobs_for_one_service_one_wins() -> None:
    """The other one says superseded, and there is one commit."""
    assert same_service() == []


def test_who_retires_and_who_promotes_lose_nothing() -> None:
    """Two of each, all at once."""
    assert retired(4) == []


def test_a_kill_leaves_nothing_that_needs_a_hand() -> None:
    """Bump, generate, promote and retire, each killed twice on the way."""
    assert run_kills(8, seed=1) == []
