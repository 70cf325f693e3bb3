"""What others wrote, as it is shown: for any text, nothing in it is obeyed, and what it says can still be read."""

from __future__ import annotations

import difflib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.findings.errors import FairleadError, UsageError
from generator.findings.finding import Finding, Place, Severity
from generator.findings.output import to_json
from generator.findings.text import escape_diff, escape_line, escape_lines, escape_text, quote_words
from generator.gates.gate import GateError, GateRefusal
from tests.hostile import COMMANDS, UNSEEN, hostile_text, obeyed, unseen


@pytest.mark.parametrize("text", COMMANDS)
def test_a_command_would_be_obeyed_as_it_stands(text: str) -> None:
    """Or the tests below would hold nothing."""
    assert obeyed(text)


@pytest.mark.parametrize("text", UNSEEN)
def test_a_hidden_character_would_be_missed_as_it_stands(text: str) -> None:
    """The same."""
    assert unseen(text)


@given(hostile_text)
def test_a_line_stays_one_line(text: str) -> None:
    """And obeys nobody, wherever it stands."""
    shown = escape_line(text)
    assert (obeyed(shown), unseen(shown), shown.count("\n"), shown.count("\t")) == ([], [], 0, 0)


@given(hostile_text)
def test_a_text_keeps_its_lines(text: str) -> None:
    """Only the beginning of a group of Buildkite's is left to those who know which lines are theirs."""
    shown = escape_text(text)
    assert (obeyed(shown, groups=False), unseen(shown), shown.count("\n")) == ([], [], text.count("\n"))


@given(hostile_text)
def test_shown_twice_is_shown_once(text: str) -> None:
    """So a text may pass two doors."""
    assert escape_text(escape_line(text)) == escape_line(escape_line(text)) == escape_line(text)


@given(hostile_text, hostile_text)
def test_a_difference_names_its_files_and_obeys_nobody(before: str, after: str) -> None:
    """Its own two heads are the only lines that look like such."""
    old, new = (text.replace("\r", "").split("\n") for text in (before, after))
    diff = "".join(f"{line}\n" for line in difflib.unified_diff(old, new, "a/x.yaml", "b/x.yaml", lineterm=""))
    shown = escape_diff(diff)
    assert obeyed(shown) in ([], ["--- a/x.yaml", "+++ b/x.yaml"])
    assert unseen(shown) == []


@given(hostile_text)
def test_a_programs_words_are_not_ours(text: str) -> None:
    """Each of their lines is indented, and what indentation does not stop is spelled out."""
    shown = escape_lines(quote_words(text))
    assert (obeyed(shown), unseen(shown)) == ([], [])
    assert all(line.startswith("  ") for line in shown.splitlines())


values = st.recursive(st.one_of(st.none(), st.integers(-5, 5), hostile_text), lambda inner: st.lists(inner, max_size=3))


@given(st.dictionaries(hostile_text, values, max_size=3))
def test_json_means_the_same(value: dict[str, object]) -> None:
    """Though its text is spelled so that no log obeys it."""
    shown = to_json(value)
    assert json.loads(shown) == json.loads(json.dumps(value))
    assert (obeyed(shown), unseen(shown)) == ([], [])


@given(hostile_text, hostile_text, hostile_text)
def test_a_finding_is_one_line(file: str, message: str, name: str) -> None:
    """And keeps its values as they are."""
    finding = Finding(rule="A", severity=Severity.ERROR, place=Place(file, 3, 7), message=message, object=name)
    shown = str(finding)
    assert (obeyed(shown), unseen(shown), "\n" in shown) == ([], [], False)
    assert (finding.message, finding.object, finding.place.file) == (message, name, file)


@given(hostile_text)
def test_an_error_that_repeats_a_value_is_one_line(value: str) -> None:
    """What it was called with stays in the error, for JSON."""
    error = UsageError(f"no service '{value}'")
    assert (obeyed(error.shown()), unseen(error.shown()), error.shown().count("\n")) == ([], [], 1)
    assert str(error) == f"no service '{value}'"


@given(hostile_text)
def test_a_gates_words_are_indented(words: str) -> None:
    """The first line is ours."""
    output = "".join(f"\n  {line}" for line in words.split("\n"))
    error = GateError([GateRefusal(gate="command", service="web", environment="prod", message=words, output=output)])
    assert (obeyed(error.shown()), unseen(error.shown())) == ([], [])
    assert all(line.startswith("  ") for line in error.shown().splitlines()[1:])


def test_an_error_of_several_lines_says_so() -> None:
    """By one argument for each."""
    assert FairleadError("one\ntwo", "three").shown() == "one\\ntwo\nthree\n"


def test_what_people_write_stays_as_it_is() -> None:
    """Other scripts, and signs that only look like commands."""
    text = "é 日本 a::b # ## heading #[x] C++ --x"
    assert escape_line(text) == escape_text(text) == text
    assert to_json(text) == f'"{text}"\n'
