"""Read one YAML document into plain values, strictly: what is no page is refused with every reason at once."""

from __future__ import annotations

import re
from itertools import islice
from typing import Any

import yaml

from generator.yamlio.document import LOADER, Document, position
from generator.yamlio.git import git_problem
from generator.yamlio.walk import MAX_DEPTH, Problem, ProblemKind, Walk, find_forbidden, forbidden, too_deep

# SPC001: a page is a page.
MAX_BYTES = 1 << 20

_TAB = re.compile(r"^ *\t", re.MULTILINE)
# Ends a line to YAML 1.1, and to no editor.
_LINE_BREAK = re.compile("[\x85\u2028\u2029]")
# Complaints of one sort about one page: the rest is the same again.
_ENOUGH = 20

# libyaml's composer calls itself for each level, and 25,000 of them end the process. A page that may come near has this
# many brackets and markers, or an indentation as long as this.
_MANY_MARKERS = 1000
_LONG_INDENT = " " * 200


def parse(data: bytes, file: str, limit: int = MAX_BYTES) -> tuple[Document | None, list[Problem]]:
    """Parse `data`, at most `limit` bytes, as one YAML document; give it, or None with every problem found."""
    document, problems = survey(data, file, limit)
    return (None, problems) if problems else (document, [])


def survey(
    data: bytes, file: str, limit: int = MAX_BYTES, *, locatable: bool = False
) -> tuple[Document | None, list[Problem]]:
    """Parse like `parse`, but give the document beside its problems where it can be read to its end all the same.

    With `locatable` also one that holds forbidden characters, as long as all readers count its lines alike.
    """
    text, problems = _decode(data, limit)
    if text is None:
        return None, problems
    if problems:  # of such a text a YAML parser complains for a second time, in its own words
        return _composed(text, file)[0] if locatable and not _LINE_BREAK.search(text) else None, problems
    return _composed(text, file)


def _composed(text: str, file: str) -> tuple[Document | None, list[Problem]]:
    """Return the document of a text, None where it cannot be read to its end, and its problems."""
    try:
        if deep := too_deep_at(text):
            return None, [deep]
        nodes = list(yaml.compose_all(text, Loader=LOADER))
    except yaml.MarkedYAMLError as error:
        return None, [syntax_problem(error)]
    except (yaml.YAMLError, ValueError) as error:
        return None, [Problem(ProblemKind.SYNTAX, 1, 1, f"not YAML: {error}", "mend the syntax")]
    if len(nodes) > 1:
        line, column = position(nodes[1])
        return None, [
            Problem(ProblemKind.SYNTAX, line, column, "a second document starts here", "one file holds one page")
        ]
    walk = Walk()
    value = walk.value(nodes[0], 0) if nodes else None
    return (None if walk.endless else Document(file, text, value)), walk.problems


def too_deep_at(text: str) -> Problem | None:
    """Return the problem of a text that is nested too deeply to be composed at all; the sound page pays 10 us."""
    markers = sum(text.count(mark) for mark in ("[", "{", "?", "- ", "\t"))
    if markers < _MANY_MARKERS and _LONG_INDENT not in text:
        return None
    depth = 0
    for event in yaml.parse(text, Loader=LOADER):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH + 1:
            return too_deep(*_position(event.start_mark))
    return None


def built(text: str) -> list[Any]:
    """Return the documents of a stream that kustomize wrote; raises yaml.YAMLError when it is none.

    kustomize quotes every string that a YAML reader could take for something else, but for a few that only YAML 1.1
    numbers (`12e4567`): those stay strings, as they were.
    """
    return [Walk().value(node, 0) for node in yaml.compose_all(text, Loader=LOADER)]


def _decode(data: bytes, limit: int) -> tuple[str | None, list[Problem]]:
    text, problems = decoded(data, limit)
    if text is None:
        return None, problems
    problems = [_character_problem(text, match.start()) for match in islice(find_forbidden(text), _ENOUGH)]
    problems += [_tab_problem(text, match) for match in islice(_TAB.finditer(text), _ENOUGH)]
    return text, problems


def decoded(data: bytes, limit: int) -> tuple[str | None, list[Problem]]:
    """Return the text of a file of at most `limit` bytes (a power of two, from 1 MiB), or None and its problem."""
    if len(data) > limit:
        message = f"{len(data)} bytes; the limit is {limit} ({limit >> 20} MiB)"
        return None, [Problem(ProblemKind.SYNTAX, 1, 1, message, "split the page, or move data into files")]
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        column = error.start - data.rfind(b"\n", 0, error.start)
        message = f"byte 0x{data[error.start]:02x} is not UTF-8"
        return None, [Problem(ProblemKind.CHARACTER, line, column, message, "save the file as UTF-8")]
    unfinished = git_problem(text)
    return (None, [unfinished]) if unfinished else (text, [])


def _line_and_column(text: str, offset: int) -> tuple[int, int]:
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


def _character_problem(text: str, offset: int) -> Problem:
    return forbidden(text[offset], *_line_and_column(text, offset))


def _tab_problem(text: str, match: re.Match[str]) -> Problem:
    line, column = _line_and_column(text, match.end() - 1)
    return Problem(ProblemKind.SYNTAX, line, column, "a tab in the indentation", "indent with spaces")


def _position(mark: Any) -> tuple[int, int]:
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)


def syntax_problem(error: yaml.MarkedYAMLError) -> Problem:
    """Return the problem of a text that is no YAML."""
    line, column = _position(error.problem_mark or error.context_mark)
    said = " ".join(part for part in (error.context, error.problem) if part)
    return Problem(ProblemKind.SYNTAX, line, column, f"not YAML: {said}", "mend the syntax")
