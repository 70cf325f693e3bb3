"""Reading what other projects' tools wrote: streams, JSON, sizes and words that no page may have."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.yamlio.stream import stream

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=10,
)


def values(text: str) -> list[Any]:
    """Return the values of the documents of a stream without problems."""
    documents, problems = stream(text.encode(), "crds.yaml")
    assert problems == []
    return [document.value for document in documents]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: 1\n---\nb: 2\n", [{"a": 1}, {"b": 2}]),
        ("# a comment\n---\n---\na: 1\n---\n", [{"a": 1}]),
        ("", []),
        ("a: yes\nb: 0x1F\nc: 2026-11-20\n", [{"a": "yes", "b": "0x1F", "c": "2026-11-20"}]),
        ("a: 1e3\nb: 9223372036854775807\nc: -1.5\n", [{"a": 1000.0, "b": 9223372036854775807, "c": -1.5}]),
        ("a: '1'\nb: \"\\u0007\"\n", [{"a": "1", "b": "\a"}]),
        ("a: |\n  x\n  \ttab\n", [{"a": "x\n\ttab\n"}]),
        ('{\n\t"a": "\\ud83d\\ude00"\n}', [{"a": "\U0001f600"}]),
    ],
)
def test_a_stream_is_read(text: str, expected: list[Any]) -> None:
    """Words that are ambiguous stay text, as they are to YAML 1.2; numbers are those of JSON."""
    assert values(text) == expected


@given(value=st.dictionaries(st.text(max_size=3), VALUES, max_size=4))
def test_json_is_read_as_json(value: dict[str, Any]) -> None:
    """Every JSON object means what it means to a JSON reader."""
    assert values(json.dumps(value)) == [value]


def test_lines_count_from_the_start_of_the_file() -> None:
    """In the second document too, whatever stands before it."""
    documents, _ = stream("# \u00e4\n---\na: \u00fc\n---\nb:\n  c: 1\n".encode(), "crds.yaml")
    assert [str(documents[0].place(("a",))), str(documents[1].place(("b", "c")))] == ["crds.yaml:3:4", "crds.yaml:6:6"]


@pytest.mark.parametrize(
    ("data", "line", "message"),
    [
        (b"a: 1\n---\nb: [1\n", 4, "not YAML"),
        (b"a: 1\n---\nb: 1\nb: 2\n", 4, "duplicate key 'b' (first on line 3)"),
        (b"a: !!binary aGk=\n", 1, "tag !!binary"),
        (b"a: \xff\n", 1, "byte 0xff is not UTF-8"),
        (b"a: &a [*a]\n", 1, "an alias to what it stands in"),
        (b"[" * 2000, 1, "nested deeper than 64 levels"),
        (b" " * ((16 << 20) + 1), 1, "16777217 bytes; the limit is 16777216 (16 MiB)"),
    ],
)
def test_what_two_readers_would_take_differently_is_a_problem(data: bytes, line: int, message: str) -> None:
    """With the line of the file; nothing is given of such a stream."""
    documents, problems = stream(data, "crds.yaml")
    assert documents == []
    assert problems[0].line == line
    assert message in problems[0].message
