"""Complaints of several pieces of work come in one order, whatever order sets have in this run."""

from __future__ import annotations

import pytest

from generator.findings.errors import InputError, collected
from generator.findings.finding import Finding, Place
from generator.findings.verdict import sort_findings
from generator.rules.spec import SPC008

NAMES = [f"environment-{number}" for number in range(9)]


def complain(environments: list[str]) -> None:
    """Collect the same complaint of each environment."""
    with collected() as complaints:
        for name in environments:
            with complaints.of_one():
                raise InputError([unfit(name)])


def unfit(environment: str) -> Finding:
    """Return a complaint at one line as one environment sees it."""
    return SPC008.finding(place=Place("services/web.yaml", 3), message="no schedule", environment=environment)


def test_one_complaint_of_several_environments_is_told_in_their_order() -> None:
    """A set of them has another order in each run (PYTHONHASHSEED), and `--format json` shows it."""
    with pytest.raises(InputError) as raised:
        complain(NAMES[::-1])

    assert [each.environment for each in raised.value.complaints] == NAMES


def test_one_finding_about_several_objects_is_told_in_their_order() -> None:
    """One line of an environment's page may be behind the objects of all services."""
    objects = [f"Service/shop/web-{number}" for number in range(9)]
    found = [SPC008.finding(place=Place("systems/shop.yaml", 3), message="unfit", object=each) for each in objects]

    assert [each.object for each in sort_findings(reversed(found))] == objects
