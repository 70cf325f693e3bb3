"""A file on the table for editing: its text, the nodes in it, and where in the text each of them begins and ends."""

from __future__ import annotations

import re
from typing import Any

import yaml

from generator.yamlio.document import LOADER, Path
from generator.yamlio.read import survey

_BREAK = re.compile(r"\r\n|\r|\n")
# An anchor or a tag in front of a value belongs to its node, and stays.
_PROPERTIES = re.compile(r"(?:[&!]\S*[ \t]+)*")


class SpliceError(ValueError):
    """The value is not where it was, or more than it would change; the file stays as it is."""


class Sheet:
    """One document for one edit; raises SpliceError when nobody could read it."""

    def __init__(self, data: bytes) -> None:
        document, self._problems = survey(data, "")
        if document is None:
            raise SpliceError(self._problems[0].message)
        self.value = document.value
        self.text = document.text
        self._lead = data[: len(data) - len(document.text.encode())]  # a byte order mark, or nothing
        self._root = yaml.compose(document.text, Loader=LOADER)
        found = _BREAK.search(document.text)
        self.newline = found[0] if found else "\n"

    def found(self, path: Path) -> yaml.Node | None:
        """Return the node at `path`, None where there is none."""
        node = self._root
        for step in path:
            if isinstance(node, yaml.MappingNode):
                node = next((value for key, value in node.value if key.value == step), None)
            elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
                node = node.value[step]
            else:
                return None
        return node

    def mapping(self, path: Path) -> yaml.MappingNode:
        """Return the mapping at `path`; raises SpliceError when there is none, or an empty one."""
        node = self.found(path)
        if not isinstance(node, yaml.MappingNode) or not node.value:
            raise SpliceError("no mapping is there")
        return node

    def number(self, path: Path) -> int:
        """Return the number of the pair at `path` in its mapping; raises SpliceError when there is none."""
        for number, (key, _) in enumerate(self.mapping(path[:-1]).value):
            if key.value == path[-1]:
                return number
        raise SpliceError("nothing is there")

    def scalar(self, node: yaml.Node | None) -> tuple[int, int]:
        """Return where a scalar begins and ends, without what is in front of it.

        Raises SpliceError unless in a line.
        """
        if not isinstance(node, yaml.ScalarNode):
            raise SpliceError("no scalar is there")
        start, end = node.start_mark.index, node.end_mark.index
        if _BREAK.search(self.text, start, end):
            raise SpliceError("the value is written over several lines")
        properties = _PROPERTIES.match(self.text, start, end)
        return properties.end() if properties else start, end

    def line_start(self, offset: int) -> int:
        """Return the beginning of the line around `offset`."""
        return max(self.text.rfind("\n", 0, offset), self.text.rfind("\r", 0, offset)) + 1

    def break_before(self, offset: int) -> int:
        """Return the beginning of the line break in front of the line around `offset`."""
        start = self.line_start(offset)
        return start - 2 if self.text[:start].endswith("\r\n") else start - 1

    def line_end(self, offset: int) -> int:
        """Return the end of the line around `offset`, its line break left out."""
        found = _BREAK.search(self.text, offset)
        return found.start() if found else len(self.text)

    def behind(self, node: yaml.Node) -> int:
        """Return the end of the line in which a node in block style ends."""
        if isinstance(node, yaml.MappingNode) and not node.flow_style:
            return self.behind(node.value[-1][1])
        if isinstance(node, yaml.SequenceNode) and not node.flow_style:
            return self.behind(node.value[-1])
        end: int = node.end_mark.index
        at_start = node.start_mark.index < end == self.line_start(end)  # behind a block scalar and its line break
        return self.line_end(self.line_start(end - 1) if at_start else end)

    def replaced(self, span: tuple[int, int], text: str, expected: Any) -> bytes:
        """Return the bytes with `text` in place of a span; raises SpliceError unless they read as `expected`."""
        start, end = span
        data = self._lead + f"{self.text[:start]}{text}{self.text[end:]}".encode()
        document, problems = survey(data, "")
        if document is None or document.value != expected or len(problems) > len(self._problems):
            raise SpliceError("more than this one value would change, as behind an anchor")
        return data
