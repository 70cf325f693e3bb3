"""The two pattern languages of Argo CD: Go's `path.Match`, and gobwas/glob in its projects.

Both are read into regular expressions. A pattern that is none matches nothing, as in Argo CD.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import product

# Alternatives of one pattern, braces unfolded: nobody writes more, and nested ones multiply.
MOST_ALTERNATIVES = 1000


class _MalformedError(Exception):
    """A pattern that its language refuses."""


class _Star(str):
    """A regular expression of one character, of which there may be any number."""

    __slots__ = ()


# A star's regular expression, or that of one character.
_Part = str


def path_match(pattern: str, path: str) -> bool:
    """Return whether Go's `path.Match` takes `path`: `*` and `?` do not cross a `/`."""
    compiled = _path_pattern(pattern)
    return compiled is not None and compiled.fullmatch(path) is not None


def is_literal(pattern: str) -> bool:
    """Return whether a pattern of either language stands for itself alone."""
    return not any(mark in pattern for mark in "*?[\\{}")


def glob_match(pattern: str, text: str, separator: str = "") -> bool:
    """Return whether a pattern of an AppProject takes `text`; `*` does not cross the `separator`, `**` does."""
    return any(compiled.fullmatch(text) for compiled in _glob_patterns(pattern, separator))


@lru_cache(maxsize=4096)
def _path_pattern(pattern: str) -> re.Pattern[str] | None:
    parts: list[_Part] = []
    position = 0
    try:
        while position < len(pattern):
            part, position = _path_part(pattern, position)
            parts.append(part)
    except _MalformedError:
        return None
    return _compiled(parts, atomic=True)


def _path_part(pattern: str, position: int) -> tuple[_Part, int]:
    mark = pattern[position]
    if mark == "*":
        return _Star("[^/]"), position + 1
    if mark == "?":
        return "[^/]", position + 1
    if mark == "[":
        return _path_class(pattern, position + 1)
    character, position = _escaped(pattern, position)
    return re.escape(character), position


def _path_class(pattern: str, position: int) -> tuple[_Part, int]:
    """Read a class after its bracket: `[^a-z0]`; it may hold a `/`."""
    negated = pattern[position : position + 1] == "^"
    position += negated
    ranges: list[tuple[str, str]] = []
    while not (ranges and pattern[position : position + 1] == "]"):
        low, position = _class_member(pattern, position)
        high = low
        if pattern[position : position + 1] == "-":
            high, position = _class_member(pattern, position + 1)
        ranges.append((low, high))
        if position >= len(pattern):
            raise _MalformedError
    return _class(ranges, negated=negated), position + 1


def _class_member(pattern: str, position: int) -> tuple[str, int]:
    if pattern[position : position + 1] in {"", "-", "]"}:
        raise _MalformedError
    return _escaped(pattern, position)


def _escaped(pattern: str, position: int) -> tuple[str, int]:
    """Return the character at `position`, or the one that a backslash there protects."""
    if pattern[position] == "\\":
        position += 1
        if position == len(pattern):
            raise _MalformedError
    return pattern[position], position + 1


def _class(ranges: list[tuple[str, str]], *, negated: bool) -> str:
    members = "".join(f"{re.escape(low)}-{re.escape(high)}" for low, high in ranges if low <= high)
    if not members:
        return "." if negated else "(?!)"
    return f"[{'^' if negated else ''}{members}]"


@lru_cache(maxsize=4096)
def _glob_patterns(pattern: str, separator: str) -> tuple[re.Pattern[str], ...]:
    """Return one regular expression for each way through the alternatives of a pattern; none for one that is none."""
    reader = _GlobReader(pattern, separator)
    try:
        return tuple(_compiled(parts, atomic=not separator) for parts in reader.sequences())
    except _MalformedError:
        return ()


class _GlobReader:
    """Reads a pattern of gobwas/glob from left to right."""

    def __init__(self, pattern: str, separator: str) -> None:
        self._pattern = pattern
        self._one = f"[^{re.escape(separator)}]" if separator else "."
        self._position = 0

    def sequences(self, depth: int = 0) -> list[list[_Part]]:
        """Return the parts of every alternative up to the end of the group that is being read, or of the pattern."""
        done: list[list[_Part]] = []
        current: list[list[_Part]] = [[]]
        while self._position < len(self._pattern):
            mark = self._pattern[self._position]
            self._position += 1
            if depth and mark == "}":
                return done + current
            if depth and mark == ",":
                done, current = done + current, [[]]
                continue
            current = _joined(current, self.sequences(depth + 1) if mark == "{" else [[self._part(mark)]])
        return done + current

    def _part(self, mark: str) -> _Part:
        if mark == "*":
            doubled = self._pattern[self._position : self._position + 1] == "*"
            self._position += doubled
            return _Star("." if doubled else self._one)
        if mark == "?":
            return self._one
        if mark == "[":
            return self._class()
        if mark == "\\":
            mark = self._pattern[self._position : self._position + 1]
            self._position += 1
        return re.escape(mark)

    def _class(self) -> str:
        """Read a class after its bracket: one range `[a-z]`, or a list of characters."""
        negated = self._pattern[self._position : self._position + 1] == "!"
        start = self._position + negated
        if re.match(r".-.\]", self._pattern[start : start + 4], re.DOTALL):
            self._position = start + 4
            low, high = self._pattern[start], self._pattern[start + 2]
            if high < low:
                raise _MalformedError
            return _class([(low, high)], negated=negated)
        listed = re.compile(r"((?:\\.|[^\]\\])+)\]", re.DOTALL).match(self._pattern, start)
        if listed is None or self._pattern[start + 1 : start + 2] == "-":
            raise _MalformedError
        self._position = listed.end()
        characters = re.sub(r"\\(.)", r"\1", listed[1], flags=re.DOTALL)
        return _class([(each, each) for each in characters], negated=negated)


def _joined(heads: list[list[_Part]], tails: list[list[_Part]]) -> list[list[_Part]]:
    if len(heads) * len(tails) > MOST_ALTERNATIVES:
        raise _MalformedError
    return [[*head, *tail] for head, tail in product(heads, tails)]


def _compiled(parts: list[_Part], *, atomic: bool) -> re.Pattern[str]:
    """Return the regular expression of a sequence.

    `atomic`: what stands between two stars is taken where it first fits and nowhere else, as `path.Match` does.
    """
    pieces: list[str] = []
    star, fixed = "", ""
    for part in parts:
        if not isinstance(part, _Star):
            fixed += part
            continue
        found = f"{star}*?{fixed}" if star else fixed
        pieces.append(f"(?>{found})" if star and atomic else found)
        star, fixed = str(part), ""
    pieces.append(f"{star}*{fixed}" if star else fixed)
    return re.compile("".join(pieces), re.DOTALL)
