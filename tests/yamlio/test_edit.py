"""A splice changes one scalar, and not one byte besides, whoever formatted the file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.yamlio.edit import SpliceError, splice

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
    """Give kustomizations in the shapes that people, bots and editors leave behind."""
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
@settings(max_examples=300, deadline=None)
def test_exactly_one_scalar_changes(before: bytes, tag: str) -> None:
    """The rest of the bytes stand before and after it, as they were."""
    after = splice(before, PATH, tag)
    start = next(found.start() for found in re.finditer(rb"1\.4\.2", before) if at_tag(before, found.start()))
    head, rest = before[:start].rstrip(b"'\""), before[start + len(b"1.4.2") :]
    quoted = before[start - 1 : start] in {b"'", b'"'}
    assert after == head + f'"{tag}"'.encode() + (rest[1:] if quoted else rest)
    assert yaml.safe_load(after)["images"][1]["newTag"] == tag


def at_tag(data: bytes, position: int) -> bool:
    """Say whether the value of the second entry stands here, not one in a comment."""
    line = data[data.rfind(b"\n", 0, position) + 1 : position]
    return b"newTag:" in line and b"#" not in line


@given(kustomizations(), TAGS)
@settings(max_examples=100, deadline=None)
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
    ],
)
def test_what_is_no_scalar_of_its_own_is_refused(text: str, path: tuple[str | int, ...]) -> None:
    """The file stays as it is."""
    with pytest.raises(SpliceError):
        splice(text.encode(), path, "1.5.0")
