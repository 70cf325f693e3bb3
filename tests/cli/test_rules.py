"""`fairlead rules`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from generator.rules.catalogue import RULES

if TYPE_CHECKING:
    from tests.cli.conftest import Say


def test_the_list_has_every_rule(say: Say) -> None:
    """Id, severity and title on a line each."""
    lines = say("rules").out.splitlines()
    assert [line.split()[:2] for line in lines] == [[rule.id, str(rule.severity)] for rule in RULES]


@pytest.mark.parametrize("rule", [rule.id for rule in RULES])
def test_a_rule_is_told_whole(say: Say, rule: str) -> None:
    """In text no wider than a terminal; invisible characters made visible."""
    said = say("rules", rule.lower())
    assert said.code == 0
    for part in ("Do: ", "Bad:\n", "Good:\n"):
        assert part in said.out
    suppressible = rule.startswith("WRK") and rule not in {"WRK002", "WRK023"}
    assert ("It cannot be suppressed." in said.out) != suppressible
    assert said.out.replace("\n", "").replace("\t", "").isprintable()


def test_as_data(say: Say) -> None:
    """The list, and one rule."""
    assert [rule["id"] for rule in json.loads(say("rules", "--format", "json").out)] == [rule.id for rule in RULES]
    one = json.loads(say("rules", "WRK011", "--format", "json").out)
    assert set(one) >= {"id", "title", "why", "remedy", "bad", "good", "suppress"}
    assert one["suppress"].startswith("suppress:\n- rule: WRK011\n")


def test_an_unknown_rule_names_the_nearest(say: Say) -> None:
    """Exit 2, one line."""
    said = say("rules", "WRK11")
    assert (said.code, said.err) == (2, "no rule 'WRK11'; did you mean 'WRK011'?\n")
