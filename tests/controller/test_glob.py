"""Patterns: every answer in these tables was given by Argo CD's own libraries (Go's path.Match, gobwas/glob 0.2.3)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.controller.glob import glob_match, path_match

PATHS = [
    ("overlays/*/web", "overlays/dev/web", True),
    ("overlays/*", "overlays/dev/web", False),
    ("overlays/dev/??b", "overlays/dev/web", True),
    ("overlays/dev?web", "overlays/dev/web", False),
    ("[a-c]x", "bx", True),
    ("[^a-c]x", "bx", False),
    ("[^a]x", "/x", True),
    ("*[^a]*b", "x/yb", False),
    ("a\\*b", "a*b", True),
    ("a\\*b", "axb", False),
    ("[", "[", False),
    ("[]a]", "a", False),
    ("a[", "b", False),
    ("*", "", True),
    ("{a,b}", "a", False),
]
GLOBS = [
    ("kube-*", "kube-system", "", True),
    ("*", "", "", True),
    ("a*", "a/b", "", True),
    ("https://git.example.com/*", "https://git.example.com/a", "/", True),
    ("https://git.example.com/*", "https://git.example.com/a/b", "/", False),
    ("https://git.example.com/**", "https://git.example.com/a/b", "/", True),
    ("{dev,prod}-*", "prod-web", "", True),
    ("{dev,prod}-*", "test-web", "", False),
    ("[!a]b", "cb", "", True),
    ("[a-c]", "b", "", True),
    ("[a-]", "a", "", False),
    ("a\\*", "a*", "", True),
    ("", "", "", True),
    ("", "a", "", False),
]


@pytest.mark.parametrize(("pattern", "text", "fits"), PATHS)
def test_a_path_pattern(pattern: str, text: str, *, fits: bool) -> None:
    """`*` stays within a folder, and what cannot be read matches nothing."""
    assert path_match(pattern, text) is fits


@pytest.mark.parametrize(("pattern", "text", "separator", "fits"), GLOBS)
def test_a_pattern_of_a_project(pattern: str, text: str, separator: str, *, fits: bool) -> None:
    """`**` crosses separators, braces hold alternatives."""
    assert glob_match(pattern, text, separator) is fits


@given(st.text(alphabet="abc-./", max_size=20))
def test_a_literal_takes_itself_alone(text: str) -> None:
    """In either language."""
    assert path_match(text, text)
    assert glob_match(text, text)
    assert not path_match(text, f"{text}x")


@given(st.text(alphabet="a*?[]^-\\{},!/", max_size=12), st.text(alphabet="ab/", max_size=12))
def test_no_pattern_breaks_the_reader(pattern: str, text: str) -> None:
    """Hostile ones get an answer too."""
    assert path_match(pattern, text) in {True, False}
    assert glob_match(pattern, text, "/") in {True, False}
