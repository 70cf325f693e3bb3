"""Every case file: `bad-*` says exactly what its head expects, `good-*` and `edge-*` say nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.rules.catalogue import BY_ID

from .examples import expected, said, view, written

CASES = sorted((Path(__file__).parent / "cases").glob("*/*.yaml"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}-{case.stem}")
def test_case_says_what_its_head_expects(case: Path) -> None:
    """Message, remedy and severity are compared whole."""
    text, rule = case.read_text(), BY_ID[case.parent.name]
    assert written(rule, said(rule, view(text))) == expected(text)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}-{case.stem}")
def test_only_bad_cases_expect_something(case: Path) -> None:
    """The name of the file says whether the rule speaks."""
    assert bool(expected(case.read_text())) == case.stem.startswith("bad-")


@pytest.mark.parametrize("rule", [rule for rule in BY_ID.values() if rule.check or rule.stage == "repository"])
def test_every_rule_has_cases(rule: object) -> None:
    """Three bad ones, three good ones and an edge at the least."""
    names = [case.stem.partition("-")[0] for case in CASES if case.parent.name == getattr(rule, "id", "")]
    assert [names.count(word) >= least for word, least in (("bad", 3), ("good", 3), ("edge", 1))] == [True] * 3
