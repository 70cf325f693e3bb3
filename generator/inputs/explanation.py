"""A merged page with the origin of each of its values: `fairlead explain`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from generator.yamlio import dump, parse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.finding import Place
    from generator.inputs.layers import Layers

# A comment further right than this helps nobody: a long line carries its own right behind it.
_WIDEST = 60


class Origin(msgspec.Struct, frozen=True, kw_only=True):
    """One leaf of a merged page: where it is, what it is, and the line that says so."""

    path: tuple[str | int, ...]
    value: Any
    file: str
    line: int
    column: int


def origins(layers: Layers) -> Iterator[Origin]:
    """Give every leaf of the merged page with its origin, in the order of the page."""
    for path, value, place in layers.origins():
        yield Origin(path=path, value=value, file=place.file, line=place.line, column=place.column)


def annotated(layers: Layers) -> str:
    """Give the merged page as YAML, each leaf's line ending in `# file:line`."""
    text = dump(layers.merged)
    document, _ = parse(text.encode(), "merged")
    assert document is not None  # noqa: S101  # what dump writes, parse reads: a property test holds them together
    notes = {document.place(path).line: place for path, _, place in layers.origins()}
    lines = text.splitlines()
    noted = (len(lines[number - 1]) for number in notes)
    width = max((length for length in noted if length <= _WIDEST), default=0)
    return "".join(_line(line, width, notes.get(number)) for number, line in enumerate(lines, start=1))


def _line(line: str, width: int, place: Place | None) -> str:
    return f"{line:<{width}}  # {place.file}:{place.line}\n" if place else f"{line}\n"
