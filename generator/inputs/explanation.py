"""A merged page with the origin of each of its values: `fairlead explain`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from generator.yamlio import dump, parse

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from generator.inputs.layers import Layers
    from generator.model.overruled import Overruled

# A comment further right than this helps nobody: a long line carries its own right behind it.
_WIDEST = 60


class Origin(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One leaf of a merged page: where it is, what it is, and the line that says so.

    `rendered` is there for a value that is overruled: what is rendered in its place, and `why`.
    """

    path: tuple[str | int, ...]
    value: Any
    file: str
    line: int
    column: int
    rendered: str | None = None
    why: str | None = None

    @property
    def note(self) -> str:
        """The comment behind the line of the value."""
        said = f"{self.file}:{self.line}"
        if self.rendered is None:
            return said
        instead = "not rendered" if self.rendered == "nothing" else f"rendered as {self.rendered}"
        return f"{said}; {instead}: {self.why}"


def origins(layers: Layers, overruled: Sequence[Overruled] = ()) -> Iterator[Origin]:
    """Yield every leaf of the merged page with its origin, in the order of the page."""
    for path, value, place in layers.origins():
        by = next((each for each in overruled if each.path == path[: len(each.path)]), None)
        yield Origin(
            path=path,
            value=value,
            file=place.file,
            line=place.line,
            column=place.column,
            rendered=by.rendered if by else None,
            why=by.why if by else None,
        )


def annotated(layers: Layers, overruled: Sequence[Overruled] = ()) -> str:
    """Return the merged page as YAML, each leaf's line ending in `# file:line`, and why it is overruled if it is."""
    text = dump(layers.merged)
    document, _ = parse(text.encode(), "merged")
    assert document is not None  # noqa: S101  # what dump writes, parse reads: a property test holds them together
    notes = {document.place(each.path).line: each.note for each in origins(layers, overruled)}
    lines = text.splitlines()
    noted = (len(lines[number - 1]) for number in notes)
    width = max((length for length in noted if length <= _WIDEST), default=0)
    return "".join(_line(line, width, notes.get(number)) for number, line in enumerate(lines, start=1))


def _line(line: str, width: int, note: str | None) -> str:
    return f"{line:<{width}}  # {note}\n" if note else f"{line}\n"
