"""The reader: what it refuses, where it says so, and that no bytes can bring it down."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.rules.reader import rule_of
from generator.yamlio import parse, survey
from generator.yamlio.read import MAX_BYTES
from generator.yamlio.scalar import is_ambiguous
from generator.yamlio.walk import MAX_DEPTH
from tests.examples import examples


def problems(data: bytes) -> list[str]:
    """Return the problems of a text, each as `line:column rule`."""
    return [f"{problem.line}:{problem.column} {rule_of(problem).id}" for problem in parse(data, "page")[1]]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: 1\na: 2\n", ["2:1 SPC004"]),
        ("a: {b: 1, b: 2}\n", ["1:11 SPC004"]),
        ('1: a\n"1": b\n', ["2:1 SPC004"]),
        ("a: &x [*x]\n", ["1:4 SPC002"]),
        ("a: &x 1\nb: *x\n", []),
        ("a: !secret b\n", ["1:4 SPC003"]),
        ("a: !!python/name:os.system b\n", ["1:4 SPC003"]),
        ("a: !!binary aGk=\n", ["1:4 SPC003"]),
        ("a: !!set {b}\n", ["1:4 SPC003"]),
        ("a: !!str 1\n", []),
        ("<<: {a: b}\n", ["1:1 SPC003"]),
        ('"<<": {a: b}\n', []),
        ("a: b\n---\nc: d\n", ["3:1 SPC001"]),
        ("a: b\n---\n", ["3:1 SPC001"]),
        ("a: [\n", ["2:1 SPC001"]),
        ("a:\n\tb: c\n", ["2:1 SPC001"]),
        ("a: b\tc\n", []),
        ("a: \x07\n", ["1:4 SPC005"]),
        ("a: b\u202ec\n", ["1:5 SPC005"]),
        ("a: b\ufeffc\n", ["1:5 SPC005"]),
        ('a: "b\\x85c"\n', ["1:4 SPC005"]),
        ('"a\\u202e": b\n', ["1:1 SPC005"]),
        ("a: 'b\\x85c'\n", []),
        ("\ufeffa: b\n", []),
        ("a: b\r\nc: d\r\n", []),
        ("a: 1e3\nb: 0o7\nc: on\nd: 12:30\ne: N\n", ["1:4", "2:4", "3:4", "4:4", "5:4"]),
        ("a: 9" + "0" * 20 + "\n", ["1:4"]),
        ("? [a]\n: b\n", ["1:3 SPC001"]),
        ("a: >-\n  text\nb: |\n  yes\n", []),
        ("", []),
        ("# nothing\n", []),
    ],
)
def test_problems_are_placed(text: str, said: list[str]) -> None:
    """Line, column and rule; WRK003 where only the place is told."""
    assert problems(text.encode()) == [each if " " in each else f"{each} WRK003" for each in said]


def test_all_problems_of_a_page_come_at_once() -> None:
    """And the document beside them, for whoever looks for more."""
    text = b"a: 1\na: on\nb: !x z\n"
    assert problems(text) == ["2:1 SPC004", "2:4 WRK003", "3:4 SPC003"]
    document, _ = survey(text, "page")
    assert document is not None
    assert document.value == {"a": "on", "b": "z"}


def test_bytes_that_are_no_text_are_placed() -> None:
    """In a person's encoding, not in UTF-8."""
    assert problems("a: b\nc: Café\n".encode("latin-1")) == ["2:7 SPC005"]


def test_the_limits_are_met_exactly() -> None:
    """A page of 1 MiB and of 64 levels is read, one more is not."""
    assert problems(b"#" * MAX_BYTES) == []
    assert problems(b"#" * (MAX_BYTES + 1)) == ["1:1 SPC001"]
    assert problems(b"a: " + b"[" * (MAX_DEPTH - 1) + b"]" * (MAX_DEPTH - 1)) == []
    assert problems(b"a: " + b"[" * MAX_DEPTH + b"1" + b"]" * MAX_DEPTH)[0].endswith("SPC002")


HOSTILE = {
    "open brackets": b"[" * 500_000,
    "open braces": b"{a: " * 200_000,
    "dashes": b"- " * 500_000,
    "question marks": b"? " * 500_000,
    "dashes and question marks": b"- ? " * 200_000,
    "stairs": b"".join(b" " * step + b"a:\n" for step in range(1400)),
    "laughs": b"a: &a [x,x,x,x,x,x,x,x,x]\n"
    + b"".join(b"%c: &%c [%s]\n" % (99 + n, 99 + n, b",".join([b"*%c" % (98 + n if n else 97)] * 9)) for n in range(9)),
    "controls": b"\x01" * 1_000_000,
    "tabs": b"\t\n" * 500_000,
    "digits": b"a: " + b"9" * 100_000,
    "duplicates": b"a: 1\n" * 40_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_pages_are_refused_soon(name: str) -> None:
    """By an answer: libyaml's composer would end the process at 25,000 levels."""
    code = "import sys; from generator.yamlio import parse; print(len(parse(sys.stdin.buffer.read(), 'page')[1]) > 0)"
    start = time.monotonic()
    said = subprocess.run([sys.executable, "-c", code], input=HOSTILE[name], capture_output=True, check=False)
    assert (said.returncode, said.stdout) == (0, b"True\n"), said.stderr
    assert time.monotonic() - start < 10


@given(st.binary(max_size=200) | st.text("ab:-[]{}&*!|>'\"\n #?,%@`\\\t0x", max_size=60).map(str.encode))
@settings(max_examples=examples(400), deadline=None)
def test_any_bytes_get_an_answer(data: bytes) -> None:
    """A document or a problem, never an exception; every position is inside the text."""
    document, found = parse(data, "page")
    assert (document is None) == bool(found)
    assert all(problem.line >= 1 and problem.column >= 1 for problem in found)


@given(st.from_regex(r"[-+.0-9a-fA-FxobeEyYnNsSlLuUrRtT_:~]{1,12}", fullmatch=True))
@settings(max_examples=examples(400), deadline=None)
def test_a_plain_scalar_means_the_same_to_yaml_1_1_or_is_refused(text: str) -> None:
    """What PyYAML reads differently is ambiguous."""
    document, _ = parse(f"a: {text}\n".encode(), "page")
    if document is None:
        return
    assert not is_ambiguous(text)
    assert yaml.safe_load(f"a: {text}\n") == document.value


def test_places_of_values_and_keys() -> None:
    """From the text itself, aliases and flow style included."""
    document, _ = parse(b"a:\n  b: [1, {c: d}]\ne: &x z\nf: *x\n", "page")
    assert document is not None
    assert str(document.place(("a", "b", 1, "c"))) == "page:2:14"
    assert str(document.key_place(("a", "b", 1, "c"))) == "page:2:11"
    assert str(document.place(("a", "nothing"))) == "page:2:3"
    assert document.raw(("a", "b", 0)) == "1"
