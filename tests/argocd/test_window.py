"""Freezes as sync windows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from generator.argocd.window import windows
from generator.inputs.scope import SyncedPlace
from generator.model.gates import Freeze
from generator.model.project import Sync

if TYPE_CHECKING:
    from tests.argocd.conftest import Objects

PLACE = SyncedPlace(
    environment="prod",
    system="shop",
    services=("cart", "web"),
    namespaces=("shop",),
    cluster={"name": "eu"},
    sync=Sync(),
    freezes=(),
    recipients={},
    kinds=(),
)


def window(freeze: Freeze) -> dict[str, Any]:
    """Return the one window of a freeze."""
    (found,) = windows(msgspec.structs.replace(PLACE, freezes=(freeze,)))
    return found


def test_a_freeze_that_comes_again_keeps_its_words() -> None:
    """A freeze that comes again keeps its words."""
    found = window(Freeze(schedule="0 18 * * 5", duration="62h", timeZone="Europe/Berlin", reason="weekend"))
    assert found == {
        "kind": "deny",
        "schedule": "0 18 * * 5",
        "duration": "62h",
        "timeZone": "Europe/Berlin",
        "applications": ["prod-cart", "prod-web"],
        "manualSync": True,
        "description": "weekend",
    }


def test_a_freeze_with_dates_becomes_a_day_of_the_year() -> None:
    """A freeze with dates becomes a day of the year."""
    found = window(Freeze(start="2026-12-20T18:00", end="2027-01-04T08:30"))
    assert (found["schedule"], found["duration"], found["timeZone"]) == ("0 18 20 12 *", "350h30m", "UTC")


def test_clocks_that_are_set_back_in_between_make_it_longer() -> None:
    """Clocks that are set back in between make it longer."""
    found = window(Freeze(start="2026-10-24T12:00", end="2026-10-25T12:00", timeZone="Europe/Berlin"))
    assert found["duration"] == "25h0m"


def test_seconds_are_rounded_up_to_the_minute() -> None:
    """Seconds are rounded up to the minute."""
    assert window(Freeze(start="2026-05-01T00:00:00", end="2026-05-01T00:00:30"))["duration"] == "0h1m"


def test_it_closes_exactly_the_applications_of_its_environment(hub: Objects) -> None:
    """It closes exactly the applications of its environment."""
    closed = [each["applications"] for each in hub["AppProject", "shop"]["spec"]["syncWindows"]]
    assert closed == [["prod-cart", "prod-web"], ["prod-cart", "prod-web"]]


def test_what_systems_share_is_closed_too(hub: Objects) -> None:
    """What systems share is closed too."""
    closed = [each["applications"] for each in hub["AppProject", "platform"]["spec"]["syncWindows"]]
    assert closed == [["prod-pay", "prod-shop"], ["prod-pay", "prod-shop"]]


def test_an_environment_without_services_has_none(hub: Objects) -> None:
    """An environment without services has none."""
    assert "syncWindows" not in hub["AppProject", "pay"]["spec"]
