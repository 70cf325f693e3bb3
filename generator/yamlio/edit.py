"""Edit a file that others write too: find the place, splice the bytes, prove that exactly that changed.

An edit puts one piece of text in the place of another. Everything around it stays as it was: line endings, quotes,
comments, whatever style the file is in. The result is read again and must be the old document with that one change.
Every edit raises SpliceError where no such text is found, and the file stays as it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

from generator.yamlio.sheet import Sheet, SpliceError
from generator.yamlio.write import Quoted, dump, quote

if TYPE_CHECKING:
    from generator.yamlio.document import Path

__all__ = ["SpliceError", "add", "append", "remove", "rename", "splice"]

Entry = dict[str, str]


def splice(data: bytes, path: Path, value: str) -> bytes:
    """Return `data` with the scalar at `path`, which stands on one line, replaced by `value` in double quotes."""
    sheet = Sheet(data)
    start, end = sheet.scalar(sheet.found(path))
    text = _quoted(value) if start < end else f" {_quoted(value)}"  # `newTag:` and nothing behind it
    return sheet.replaced((start, end), text, _with(sheet.value, path, value))


def rename(data: bytes, path: Path, key: str, value: str) -> bytes:
    """Return `data` with another key and value for the pair at `path`, which stands on one line, in its place."""
    sheet = Sheet(data)
    old, node = sheet.mapping(path[:-1]).value[sheet.number(path)]
    (start, colon), (first, end) = sheet.scalar(old), sheet.scalar(node)
    mark = sheet.text[start] if sheet.text[start] in "\"'" else ""
    text = f"{mark}{key}{mark}{sheet.text[colon:first]}{_quoted(value)}"
    return sheet.replaced((start, end), text, _with(_without(sheet.value, path), (*path[:-1], key), value))


def remove(data: bytes, path: Path) -> bytes:
    """Return `data` without the pair at `path`, one of several in its mapping; in block style its line goes.

    A comment behind it stays where it was: it may be a bot's.
    """
    sheet = Sheet(data)
    mapping, number = sheet.mapping(path[:-1]), sheet.number(path)
    key, value = mapping.value[number]
    start, end = key.start_mark.index, value.end_mark.index
    if number + 1 < len(mapping.value) and (number == 0 or mapping.flow_style):
        span = start, mapping.value[number + 1][0].start_mark.index
    elif mapping.flow_style:
        span = mapping.value[number - 1][1].end_mark.index, end
    elif sheet.text[end : sheet.behind(value)].lstrip().startswith("#"):
        span = start, sheet.text.index("#", end)
    else:
        span = sheet.break_before(start), sheet.behind(value)
    return sheet.replaced(span, "", _without(sheet.value, path))


def add(data: bytes, path: Path, value: str) -> bytes:
    """Return `data` with one more pair, `value` in double quotes, at the end of the mapping that `path` leads into."""
    sheet = Sheet(data)
    mapping = sheet.mapping(path[:-1])
    key, last = mapping.value[-1]
    at = last.end_mark.index if mapping.flow_style else sheet.behind(last)
    lead = ", " if mapping.flow_style else f"{sheet.newline}{' ' * key.start_mark.column}"
    return sheet.replaced((at, at), f"{lead}{path[-1]}: {_quoted(value)}", _with(sheet.value, path, value))


def append(data: bytes, key: str, entry: Entry) -> bytes:
    """Return `data` with one more entry at the end of the list under a key at the top, in the style of its last entry.

    The list may be empty, or its key missing.
    """
    sheet = Sheet(data)
    top, node = sheet.mapping(()), sheet.found((key,))
    old = sheet.value.get(key)
    expected = {**sheet.value, key: [*(old or []), dict(entry)]}
    if node is None:
        at = sheet.behind(top.value[-1][1])
        block = dump({key: [entry]}).removesuffix("\n").replace("\n", sheet.newline)
        return sheet.replaced((at, at), sheet.newline + block, expected)
    if not isinstance(node, yaml.SequenceNode) or not old:
        start, end = node.start_mark.index, node.end_mark.index
        return sheet.replaced((start, end), f"{'' if start < end else ' '}[{_flow(entry)}]", expected)
    return sheet.replaced(*_behind_last(sheet, node, entry), expected)


def _behind_last(sheet: Sheet, node: yaml.SequenceNode, entry: Entry) -> tuple[tuple[int, int], str]:
    """Return the place behind the last entry of a list, and the text of a further one."""
    last = node.value[-1]
    if node.flow_style:
        return (last.end_mark.index, last.end_mark.index), f", {_flow(entry)}"
    at = sheet.behind(last)
    lead = " " * node.start_mark.column + "-"
    gap = " " * (last.start_mark.column - len(lead))
    if last.flow_style:
        return (at, at), f"{sheet.newline}{lead}{gap}{_flow(entry)}"
    lines = (f"{quote(key)}: {_scalar(value)}" for key, value in entry.items())
    return (at, at), f"{sheet.newline}{lead}{gap}" + f"{sheet.newline}{' ' * len(lead)}{gap}".join(lines)


def _flow(entry: Entry) -> str:
    return "{" + ", ".join(f"{quote(key)}: {_scalar(value)}" for key, value in entry.items()) + "}"


def _scalar(value: str) -> str:
    return _quoted(value) if isinstance(value, Quoted) else quote(value)


def _quoted(value: str) -> str:
    text = quote(value)
    return text if text.startswith('"') else f'"{text}"'


def _with(value: Any, path: Path, other: Any) -> Any:
    """Return a copy of `value` with `other` at `path`, whose last step may be new."""
    if not path:
        return other
    step, *rest = path
    if isinstance(value, dict):
        return {**value, step: _with(value.get(step), tuple(rest), other)}
    return [_with(inner, tuple(rest), other) if number == step else inner for number, inner in enumerate(value)]


def _without(value: Any, path: Path) -> Any:
    """Return a copy of `value` without the pair at `path`."""
    step, *rest = path
    if isinstance(value, dict):
        if not rest:
            return {key: inner for key, inner in value.items() if key != step}
        return {**value, step: _without(value[step], tuple(rest))}
    return [_without(inner, tuple(rest)) if number == step else inner for number, inner in enumerate(value)]
