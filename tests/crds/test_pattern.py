"""Patterns of definitions: what Go's RE2 does not compile, an API server refuses and kubeconform cannot use."""

from __future__ import annotations

import json

import pytest

from generator.crds.definition import faults
from generator.crds.pattern import pattern_fault
from tests.conftest import CHECKOUT
from tests.crds.widgets import crd


@pytest.mark.parametrize(
    "pattern",
    [
        "(", ")", "[", "a{2000}", "*", "a**", "(?=a)", "(?!a)", "(?<=a)b", "(?<!a)b", r"(a)\1", "(?P<a>x)(?P=a)",
        "(?>a)", "(a)(?(1)b|c)", "a++", "a*+", r"a\Z", "[b-a]", "(?P<1>a)", "a" * 20_000, "(" * 5_000,
    ],
)  # fmt: skip
def test_what_re2_does_not_know_is_a_fault(pattern: str) -> None:
    """At the pattern of the schema that holds it."""
    (fault,) = faults(crd({"type": "object", "properties": {"size": {"type": "string", "pattern": pattern}}}))
    assert fault.message.startswith("`pattern` is no regular expression: ")
    assert fault.path[-2:] == ("size", "pattern")


@pytest.mark.parametrize(
    "pattern",
    [
        "", "^a$", r"^\d+(\.\d+)*$", "[[:alpha:]]+", r"\p{L}\PN", r"\z", "(?i)a", "a(?i:b)", "(?U)a", r"\x{10FFFF}",
        "a+?", "[]a]", "[^]a]", r"[\]]", r"[(?=]", r"[*+]+", r"\(?=", "(?P<name>a)", "(?<name>a)", r"\/\-\_",
        "a{3,1000}", r"\\1",
    ],
)  # fmt: skip
def test_what_re2_knows_is_none(pattern: str) -> None:
    """What Python reads in another way too."""
    assert pattern_fault(pattern) is None


def test_every_published_pattern_passes() -> None:
    """Those of all definitions that Fairlead brings along: API servers took them."""
    waiting = [json.loads(path.read_bytes()) for path in (CHECKOUT / "schemas/crds").glob("*/*.crd.json")]
    patterns = set()
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            patterns |= {value["pattern"]} if isinstance(value.get("pattern"), str) else set()
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value
    assert len(patterns) >= 15
    assert [pattern for pattern in patterns if pattern_fault(pattern)] == []


def test_a_pattern_that_takes_for_ever_is_never_run_here() -> None:
    """RE2 takes it in linear time; Python would not end, and only compiles it."""
    assert pattern_fault("^(a+)+$") is None
    assert list(faults(crd({"type": "string", "pattern": "^(a+)+$", "default": "a" * 64 + "!"}))) == []


@pytest.mark.parametrize("value", [[], {}, 5, None])
@pytest.mark.parametrize("word", ["pattern", "format", "type"])
def test_a_word_that_is_no_text_is_a_fault(word: str, value: object) -> None:
    """`format: []` ended in a traceback."""
    assert list(faults(crd({"type": "object", "properties": {"a": {"type": "string", word: value}}})))
