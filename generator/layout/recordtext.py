"""The release record inside the text of a kustomization: its lines, its comments, and what is around them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import yaml

from generator.layout.comments import EntryComments, Lines, RecordComments
from generator.paths import is_ours
from generator.yamlio.comments import comments
from generator.yamlio.document import LOADER

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_IMAGES = "images"


class RecordText(msgspec.Struct, frozen=True, kw_only=True):
    """A kustomization cut into three: the text around the record, and the record as `lines` without its `comments`."""

    before: str
    after: str
    lines: Lines
    comments: RecordComments


def record_text(text: str) -> RecordText | None:
    """Cut a kustomization; None where it has no record, or is no YAML."""
    text = text.replace("\r\n", "\n")
    if f"{_IMAGES}:" not in text:
        return None
    try:
        root = yaml.compose(text, Loader=LOADER)
        found = comments(text)
    except yaml.YAMLError:
        return None
    pairs = root.value if isinstance(root, yaml.MappingNode) else []
    number = next((number for number, (key, _) in enumerate(pairs) if key.value == _IMAGES), None)
    if number is None:
        return None
    following = pairs[number + 1][0].start_mark.line if number + 1 < len(pairs) else len(text.split("\n"))
    return _Cut(text, found, *pairs[number]).record(following)


def without_record(text: str) -> str:
    """Return a kustomization without its record and the comments of that; as it is where it has none."""
    found = record_text(text)
    return text if found is None else found.before + found.after.removeprefix("\n")


class _Key(msgspec.Struct, frozen=True):
    """A key of an entry, the image that the entry is about, and whether the key is its first."""

    image: str
    name: str
    first: bool


class _Cut:
    """A text on its way apart: `found` are its comments by line, `key` and `images` the nodes of the record."""

    def __init__(self, text: str, found: dict[int, tuple[int, str]], key: yaml.Node, images: yaml.Node) -> None:
        self._rows = text.split("\n")
        self._found = found
        self._first: int = key.start_mark.line
        self._last = _last_line(images)
        self._keys = _keys(images)
        self._lines: list[str] = []
        self._beside = ""
        self._entries: dict[str, EntryComments] = {}

    def record(self, following: int) -> RecordText:
        """Return the parts; the next key of the kustomization is on the line `following`."""
        begin = self._run(range(self._first - 1, -1, -1), begin=self._first)
        while begin < self._first and not self._rows[begin - 1].strip():
            begin -= 1
        end = self._run(range(self._last + 1, following), begin=self._last)
        tail = [*self._walk(), *self._stripped(range(self._last + 1, end + 1))]
        head = self._stripped(range(begin, self._first))
        told = RecordComments(head=head, beside=self._beside, entries=self._entries, tail=tuple(tail))
        before = "".join(f"{row}\n" for row in self._rows[:begin])
        after = "".join(f"\n{row}" for row in self._rows[end + 1 :])
        return RecordText(before=before, after=after, lines=tuple(self._lines), comments=told)

    def _run(self, rows: Sequence[int], begin: int) -> int:
        """Return the last of `rows` that is a comment before anything else comes; `begin` where there is none."""
        last = begin
        for row in rows:
            if self._is_comment(row):
                last = row
            elif self._rows[row].strip():
                break
        return last

    def _is_comment(self, row: int) -> bool:
        """Return whether a line is a comment and nothing else; our own header is none of the record's."""
        return row in self._found and self._found[row][0] == 0 and not is_ours(f"{self._rows[row]}\n".encode())

    def _stripped(self, rows: Sequence[int]) -> Lines:
        return tuple(self._rows[row].strip() for row in rows)

    def _walk(self) -> Lines:
        """Take the lines of the record in; give the comments behind the last key."""
        waiting: list[int] = []
        for row in range(self._first, self._last + 1):
            if self._is_comment(row) or not self._rows[row].strip():
                waiting.append(row)
                continue
            keys = self._keys.get(row, [])
            column, text = self._found.get(row, (len(self._rows[row]), ""))
            if keys:
                self._above(keys[0], self._taken(waiting))
                waiting = []
            if text:
                waiting += self._behind(row, keys, text)
            self._lines.append(self._rows[row][:column])
        return self._taken(waiting)

    def _taken(self, rows: Sequence[int]) -> Lines:
        """Return lines that hold a comment; blank ones alone stay lines of the record."""
        if any(row in self._found for row in rows):
            return tuple(self._found[row][1].strip() if row in self._found else "" for row in rows)
        self._lines += [""] * len(rows)
        return ()

    def _above(self, key: _Key, lines: Lines) -> None:
        if not lines:
            return
        entry = self._entries.get(key.image, EntryComments())
        more = {"above": (*entry.above, *lines)} if key.first else {"between": {**entry.between, key.name: lines}}
        self._entries[key.image] = msgspec.structs.replace(entry, **more)

    def _behind(self, row: int, keys: Sequence[_Key], text: str) -> list[int]:
        """Take in what stands behind a value, or behind `images:`; else give the line, whose comment stays waiting."""
        if keys:
            entry = self._entries.get(keys[-1].image, EntryComments())
            beside = {**entry.beside, keys[-1].name: text}
            self._entries[keys[-1].image] = msgspec.structs.replace(entry, beside=beside)
        elif row == self._first:
            self._beside = text
        else:
            return [row]
        return []


def _last_line(node: yaml.Node) -> int:
    """Return the line on which a node ends; a block ends where its last value does."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return _last_line(last[1] if isinstance(last, tuple) else last)
    line: int = node.end_mark.line
    return line


def _keys(images: yaml.Node) -> dict[int, list[_Key]]:
    """Return the keys of all entries by the line that they stand on."""
    found: dict[int, list[_Key]] = {}
    for entry in images.value if isinstance(images, yaml.SequenceNode) else ():
        for row, key in _entry_keys(entry):
            found.setdefault(row, []).append(key)
    return found


def _entry_keys(entry: yaml.Node) -> Iterator[tuple[int, _Key]]:
    pairs = entry.value if isinstance(entry, yaml.MappingNode) else []
    image = next((str(value.value) for key, value in pairs if key.value == "name"), "")
    for number, (key, _) in enumerate(pairs):
        yield key.start_mark.line, _Key(image, str(key.value), number == 0)
