"""A splice changes one scalar, and not one byte besides, whoever formatted the file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.yamlio.edit import SpliceError, add, append, remove, rename, splice
from tests.examples import examples

if TYPE_CHECKING:
    from collections.abc import Callable

PATH = ("images", 1, "newTag")
ENTRIES = [("other", "2.0.0"), ("web", "1.4.2"), ("last", "0.1.0")]
QUOTES: list[Callable[[str], str]] = [str, lambda tag: f"'{tag}'", lambda tag: f'"{tag}"']
TAGS = st.from_regex(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,20}", fullmatch=True)


def unindented(entries: list[str], indent: str) -> str:
    """Write entries as `kustomize edit` does, or indented."""
    return "images:\n" + "".join(f"{indent}- {entry}\n" for entry in entries)


def lines(name: str, tag: str, comment: str, indent: str) -> str:
    """Write an entry over several lines."""
    return f"name: {name}\n{indent}  newName: registry.example.com/{name}{comment}\n{indent}  newTag: {tag}{comment}"


@st.composite
def kustomizations(draw: st.DrawFn) -> bytes:
    """Return kustomizations in the shapes that people, bots and editors leave behind."""
    indent = draw(st.sampled_from(["", "  ", "    "]))
    comment = draw(st.sampled_from(["", ' # {"$imagepolicy": "flux:web"}', "   # é ü 😀"]))
    quote = draw(st.sampled_from(QUOTES))
    flow = draw(st.booleans())
    entries = [
        f"{{name: {name}, newTag: {quote(tag)}}}{comment}" if flow else lines(name, quote(tag), comment, indent)
        for name, tag in ENTRIES
    ]
    head = draw(st.sampled_from(["", "---\n", "# Rendered\n---\n", "%YAML 1.1\n---\n"]))
    resources = draw(st.sampled_from(["", "resources: [../base]\n", "resources:\n- ../base # 1.4.2\n"]))
    tail = draw(st.sampled_from(["", "labels: []\n", "# newTag: 1.4.2\n", "...\n"]))
    text = head + resources + unindented(entries, indent) + tail
    if draw(st.booleans()):
        text = text.removesuffix("\n")
    if draw(st.booleans()):
        text = text.replace("\n", "\r\n")
    return draw(st.sampled_from([b"", b"\xef\xbb\xbf"])) + text.encode()


@given(kustomizations(), TAGS)
@settings(max_examples=examples(300), deadline=None)
def test_exactly_one_scalar_changes(before: bytes, tag: str) -> None:
    """The rest of the bytes stand before and after it, as they were."""
    after = splice(before, PATH, tag)
    start = next(found.start() for found in re.finditer(rb"1\.4\.2", before) if at_tag(before, found.start()))
    head, rest = before[:start].rstrip(b"'\""), before[start + len(b"1.4.2") :]
    quoted = before[start - 1 : start] in {b"'", b'"'}
    assert after == head + f'"{tag}"'.encode() + (rest[1:] if quoted else rest)
    assert yaml.safe_load(after)["images"][1]["newTag"] == tag


def at_tag(data: bytes, position: int) -> bool:
    """Return whether the value of the second entry stands here, not one in a comment."""
    line = data[data.rfind(b"\n", 0, position) + 1 : position]
    return b"newTag:" in line and b"#" not in line


@given(kustomizations(), TAGS)
@settings(max_examples=examples(100), deadline=None)
def test_edit_and_edit_back(before: bytes, tag: str) -> None:
    """Once the tag is double-quoted, the way back gives the same bytes."""
    quoted = splice(before, PATH, "1.4.2")
    assert splice(splice(quoted, PATH, tag), PATH, "1.4.2") == quoted


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("images: []\n", PATH),
        ("images:\n- name: web\n- name: other\n", PATH),
        ("images:\n- {}\n- newTag: |\n    1.4.2\n", PATH),
        ("images:\n- {}\n- newTag: >-\n    1.4.2\n", PATH),
        ('images:\n- {}\n- newTag: "1.\\\n    4.2"\n', PATH),
        ("images:\n- {}\n- newTag: {a: b}\n", PATH),
        ("tag: &tag 1.4.2\nimages:\n- {}\n- newTag: *tag\n", PATH),
        ("images: &all\n- {}\n- newTag: 1.4.2\nagain: *all\n", PATH),
        ("images: text\n", PATH),
        ("", PATH),
        ("images: [\n", PATH),
        ("# \x85\nimages:\n- {}\n- newTag: 1.4.2\n", PATH),
        ("# \u2028\nimages:\n- {}\n- newTag: 1.4.2\n", PATH),
    ],
)
def test_what_is_no_scalar_of_its_own_is_refused(text: str, path: tuple[str | int, ...]) -> None:
    """The file stays as it is."""
    with pytest.raises(SpliceError):
        splice(text.encode(), path, "1.5.0")


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("a: &anchor 1 # why\n", 'a: &anchor "2" # why\n'),
        ("a: !!str 1\n", 'a: !!str "2"\n'),
        ("a: &anchor !!str '1'\n", 'a: &anchor !!str "2"\n'),
        ("a:\n", 'a: "2"\n'),
        ("a: # why\n", 'a: "2" # why\n'),
        ("a: ~\r\n", 'a: "2"\r\n'),
        ("? a\n: 1\n", '? a\n: "2"\n'),
        ("b: \U0001f6d2 # \U0001f6d2\na: 1 # \U0001f6d2\n", 'b: \U0001f6d2 # \U0001f6d2\na: "2" # \U0001f6d2\n'),
    ],
)
def test_what_belongs_to_the_value_stays(text: str, after: str) -> None:
    """Anchors and tags in front, comments behind, signs of any width before it."""
    assert splice(text.encode(), ("a",), "2").decode() == after


def test_an_edit_does_not_mend_what_was_wrong_before() -> None:
    """A number-like value elsewhere stays one; but no edit brings a fault of its own."""
    assert splice(b"a: 1\nb: on\n", ("a",), "2") == b'a: "2"\nb: on\n'
    with pytest.raises(SpliceError):
        rename(b"a: 1\nb: 2\n", ("a",), "b", "2")


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("a: 1 # why\nz: 1\n", 'b: "2" # why\nz: 1\n'),
        ("{'a': 1}\n", "{'b': \"2\"}\n"),
        ('{"a":1}\n', '{"b":"2"}\n'),
        ("a:   &x 1\n", 'b:   &x "2"\n'),
        ("? a # key\n: 1\n", '? b # key\n: "2"\n'),
    ],
)
def test_a_renamed_pair_keeps_its_place(text: str, after: str) -> None:
    """And the quotes around its key."""
    assert rename(text.encode(), ("a",), "b", "2").decode() == after


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("a: 1\nb: 2\n", "b: 2\n"),
        ("b: 2\na: 1 # a bot's marker\n", "b: 2\n# a bot's marker\n"),
        ("b: 2\na: 1", "b: 2"),
        ("b: 2\r\na: 1\r\nc: 3\r\n", "b: 2\r\nc: 3\r\n"),
        ("b: 2\n\n# of b\na:\n- 1\n- c: 3\n\nd: 4\n", "b: 2\n\n# of b\n\nd: 4\n"),
        ("{a: 1, b: 2}\n", "{b: 2}\n"),
        ("{b: 2, a: 1}\n", "{b: 2}\n"),
        ("{b: 2, a: [1], c: 3}\n", "{b: 2, c: 3}\n"),
    ],
)
def test_a_removed_pair_leaves_nothing(text: str, after: str) -> None:
    """Its line goes with it; those around it stay, and so does a comment that was behind it."""
    assert remove(text.encode(), ("a",)).decode() == after


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("x:\n  b: 2 # why\n", 'x:\n  b: 2 # why\n  a: "1"\n'),
        ("x:\n  b: |\n    text\n\n# below\n", 'x:\n  b: |\n    text\n\n  a: "1"\n# below\n'),
        ("x:\n  b: >-\n    text\n", 'x:\n  b: >-\n    text\n  a: "1"\n'),
        ("x:\n  b:\n  - {c: d}\ny: 1\n", 'x:\n  b:\n  - {c: d}\n  a: "1"\ny: 1\n'),
        ("x: {b: 2}", 'x: {b: 2, a: "1"}'),
        ("x: {b: 2,}", 'x: {b: 2, a: "1",}'),
    ],
)
def test_an_added_pair_is_the_last(text: str, after: str) -> None:
    """In the style and at the column of the others."""
    assert add(text.encode(), ("x", "a"), "1").decode() == after


@pytest.mark.parametrize("path", [("x",), ("x", "y"), ("b", "y"), ("l", 0, "y"), ("l", 1, "y")])
@pytest.mark.parametrize("edit", [lambda data, path: rename(data, path, "k", "v"), remove])
def test_what_is_not_there_cannot_be_changed(edit: Callable[..., bytes], path: tuple[str | int, ...]) -> None:
    """Neither a missing key, nor one of something that has none."""
    with pytest.raises(SpliceError):
        edit(b"b: text\nl: [text]\n", path)


def test_the_last_pair_of_a_mapping_stays() -> None:
    """An empty mapping would read otherwise than one without the pair."""
    with pytest.raises(SpliceError):
        remove(b"x:\n  a: 1\n", ("x", "a"))


def test_an_entry_is_appended_to_a_list_at_the_top() -> None:
    """The forms of it are in tests/release/test_bump_edit.py."""
    assert append(b"l:\n- a: 1\n", "l", {"a": "b"}) == b"l:\n- a: 1\n- a: b\n"
