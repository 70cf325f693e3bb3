"""The file with the values: entry -> text. Nothing that is said about it shows a value."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.disk.tree import read_file
from generator.findings.errors import InputError, UsageError
from generator.findings.finding import Place
from generator.findings.nearest import nearest
from generator.rules.spec import SPC001, SPC008, SPC009
from generator.yamlio import parse

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from generator.findings.finding import Finding
    from generator.secrets.wanted import WantedSecret
    from generator.yamlio import Document

Values = dict[str, str]


def read_values(root: Path, path: str, environment: str) -> Values:
    """Read the file at `path` below `root`; entries without a value are left out.

    Raises UsageError where there is no such file, InputError for one that is no mapping of entries to texts.
    """
    file = root / path
    if not file.resolve().is_relative_to(root.resolve()) or file.is_symlink():
        raise UsageError(f"{path} is a link: values are read from the file itself, inside the repository")
    if not file.is_file():
        hint = f"`fairlead secrets --env {environment} --example > {path}` begins one"
        raise UsageError(f"there is no {path}, which holds the values of {environment}; {hint}")
    document, problems = parse(read_file(file), path)
    if document is None:
        # What the reader says of a text quotes it, and here the text may be a password.
        raise InputError([_unreadable(Place(path, problem.line, problem.column)) for problem in problems])
    if found := list(_misfits(document)):
        raise InputError(found)
    return {entry: value for entry, value in (document.value or {}).items() if value is not None}


def missing(wanted: Iterable[WantedSecret], values: Mapping[str, Values]) -> list[Finding]:
    """Return a complaint for each line of a page whose entry has no value; `values` are those of each path."""
    lacking = (each for each in wanted if each.entry not in values[each.path])
    return [_missing(each, values[each.path]) for each in lacking]


def find_unused(wanted: Iterable[WantedSecret], values: Mapping[str, Values]) -> list[str]:
    """Name each entry that has a value and that nothing in `wanted` asks for, with what it may be meant for."""
    asked: dict[str, set[str]] = {path: set() for path in values}
    for each in wanted:
        asked.setdefault(each.path, set()).add(each.entry)
    return [
        f"{path}: no page wants '{entry}'{_meant(entry, asked[path])}"
        for path, entries in values.items()
        for entry in entries
        if entry not in asked[path]
    ]


def _meant(entry: str, asked: set[str]) -> str:
    near = nearest(entry, asked)
    return f"; did you mean '{near}'?" if near else ""


def _missing(each: WantedSecret, values: Values) -> Finding:
    near = nearest(each.entry, values)
    remedy = f"did you mean '{near}'?" if near else f"add `{each.entry}: VALUE` there"
    return SPC009.complaint(each.place, f"{each.path} has no value for '{each.entry}'", remedy)


def _unreadable(place: Place) -> Finding:
    remedy = 'write `entry: "value"` on each line; what stands here is not shown, for it may be a value'
    return SPC001.complaint(place, "this is no plain YAML, or not surely a text", remedy)


def _misfits(document: Document) -> Iterator[Finding]:
    if document.value is not None and not isinstance(document.value, dict):
        yield _unreadable(document.place())
        return
    for entry, value in (document.value or {}).items():
        if value is not None and not isinstance(value, str):
            place = document.place((entry,))
            yield SPC008.complaint(place, f"the value of '{entry}' is no text", _as_text(entry, value))


def _as_text(entry: str, value: object) -> str:
    """Return how a value is written: parts of an entry are entries of their own."""
    if not isinstance(value, dict) or not value:
        return "quote it"
    name = entry.partition("#")[0]
    parts = ", ".join(f'`"{name}#{key}": VALUE`' for key in value)
    return f"write it as {parts}" if len(value) == 1 else f"write its parts as {parts}"
