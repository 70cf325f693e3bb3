"""Edit a file that others write too: find the scalar, splice the bytes, prove that exactly that changed."""

from __future__ import annotations

from typing import Any

import yaml

from generator.yamlio.document import LOADER, Path
from generator.yamlio.read import parse
from generator.yamlio.write import quote

_BOM = b"\xef\xbb\xbf"


class SpliceError(ValueError):
    """The scalar is not where it was, or more than it would change; the file stays as it is."""


def splice(data: bytes, path: Path, value: str) -> bytes:
    """Give `data` with the scalar at `path` replaced by `value`, double-quoted, every other byte as it was.

    Raises SpliceError when there is no one-line scalar at `path`, or when the result does not read as the same document
    with that one value changed.
    """
    lead = _BOM if data.startswith(_BOM) else b""
    text = data[len(lead) :].decode()
    node = _find(yaml.compose(text, Loader=LOADER), path)
    if not isinstance(node, yaml.ScalarNode) or node.start_mark.line != node.end_mark.line:
        raise SpliceError(f"no scalar on one line at {path}")
    lines = text.split("\n")
    line = lines[node.start_mark.line]
    quoted = quote(value) if quote(value).startswith('"') else f'"{value}"'
    lines[node.start_mark.line] = line[: node.start_mark.column] + quoted + line[node.end_mark.column :]
    spliced = lead + "\n".join(lines).encode()
    _prove(data, spliced, path, value)
    return spliced


def _find(node: yaml.Node | None, path: Path) -> yaml.Node | None:
    for step in path:
        if isinstance(node, yaml.MappingNode):
            node = next((value for key, value in node.value if key.value == step), None)
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
        else:
            return None
    return node


def _prove(before: bytes, after: bytes, path: Path, value: str) -> None:
    old, _ = parse(before, "before")
    new, _ = parse(after, "after")
    if old is None or new is None or new.value != _with(old.value, path, value):
        raise SpliceError(f"the edit at {path} would change more than one value")


def _with(value: Any, path: Path, other: str) -> Any:
    if not path:
        return other
    step, *rest = path
    if isinstance(value, dict):
        return {key: _with(inner, tuple(rest), other) if key == step else inner for key, inner in value.items()}
    return [_with(inner, tuple(rest), other) if number == step else inner for number, inner in enumerate(value)]
