"""Guessing a name never depends on the order of the candidates."""

from __future__ import annotations

from generator.findings.nearest import did_you_mean, nearest


def test_nearest_name() -> None:
    """One slip away."""
    assert nearest("users-servise", {"users-service", "orders-service"}) == "users-service"


def test_nothing_near() -> None:
    """No guess is better than a wild one."""
    assert nearest("users", ["payments"]) is None
    assert not did_you_mean("users", ["payments"])


def test_ties_go_to_the_alphabet() -> None:
    """Two candidates that are equally near."""
    assert nearest("web-0", ["web-2", "web-1"]) == nearest("web-0", ["web-1", "web-2"])


def test_name_itself_is_no_guess() -> None:
    """A name that exists elsewhere is not what somebody meant here."""
    assert did_you_mean("web", ["web"]) == ""
