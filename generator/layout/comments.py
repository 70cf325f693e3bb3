"""Comments of a release record: a bot's marker beside a tag, a person's note above it. They belong to who wrote them.

They are read from the file on disk and put into what is rendered: at the same image, above or beside the same key.
https://fluxcd.io/flux/guides/image-update/#configure-image-update-for-custom-resources
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Lines = tuple[str, ...]


class EntryComments(msgspec.Struct, frozen=True, kw_only=True):
    """Comments of an image's entry: lines above it, lines above one of its keys, and what stands behind a value."""

    above: Lines = ()
    between: dict[str, Lines] = {}
    beside: dict[str, str] = {}

    def above_for(self, keys: Sequence[str]) -> Lines:
        """Return the lines above an entry with `keys`: above its first one, and what belongs to a key it lacks."""
        lost = [line for key, lines in self.between.items() if key not in keys[1:] for line in lines]
        lost += [text.strip() for key, text in self.beside.items() if key not in keys]
        return (*self.above, *lost)


class RecordComments(msgspec.Struct, frozen=True, kw_only=True):
    """Comments of a record: lines above `images:`, what stands behind it, those of each image, lines at the end."""

    head: Lines = ()
    beside: str = ""
    entries: dict[str, EntryComments] = {}
    tail: Lines = ()


def commented(text: str, comments: RecordComments) -> str:
    """Return a rendered kustomization with the comments of the record before it; one without a record as it is."""
    above, images, block = text.rpartition("images:\n")
    if not images or comments == RecordComments():
        return text
    lines = [*comments.head, f"images:{comments.beside}"]
    for entry in _entries(block.splitlines()):
        lines += _entry(entry, comments)
    return above + "".join(f"{line}\n" for line in (*lines, *comments.tail))


def _entries(lines: Sequence[str]) -> Iterator[list[str]]:
    """Yield the lines of each entry; every key is on a line of its own."""
    starts = [number for number, line in enumerate(lines) if line.startswith("- ")]
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        yield list(lines[start:end])


def _entry(lines: Sequence[str], comments: RecordComments) -> Iterator[str]:
    """Yield an entry with its comments."""
    keys = [line[2:].partition(":")[0] for line in lines]
    name = lines[0].removeprefix("- name: ")
    image = msgspec.json.decode(name, type=str) if name.startswith('"') else name
    entry = comments.entries.get(image, EntryComments())
    yield from entry.above_for(keys)
    for number, (key, line) in enumerate(zip(keys, lines, strict=True)):
        between = entry.between.get(key, ()) if number else ()
        yield from (f"  {above}" if above else "" for above in between)
        yield line + entry.beside.get(key, "")
