"""A parsed document, and the line and column of any value in it.

Positions are not carried along: the text is composed a second time when a finding needs one, so the happy path pays
nothing for them.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import yaml

from generator.findings.finding import Place

if TYPE_CHECKING:
    from collections.abc import Iterator

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Path = tuple[str | int, ...]
Position = tuple[int, int]


class Document:
    """A parsed document: its plain `value`, and where in `file` each part of it stands."""

    def __init__(self, file: str, text: str, value: Any) -> None:
        self.file = file
        self.text = text
        self.value = value

    def place(self, path: Path = ()) -> Place:
        """Return the position of the value at `path`, or of the nearest enclosing value that exists."""
        line, column = self._positions.get(path, (0, 0))
        while not line and path:
            path = path[:-1]
            line, column = self._positions.get(path, (0, 0))
        return Place(self.file, line or 1, column or 1)

    def key_place(self, path: Path) -> Place:
        """Return the position of the key that leads to `path` (for a list item, of the item itself)."""
        line, column = self._key_positions.get(path, (0, 0))
        return Place(self.file, line, column) if line else self.place(path)

    def path_at(self, line: int, column: int) -> Path:
        """Return the path of the value that stands at a position, the innermost one; the empty path for none."""
        found = (path for path, position in self._positions.items() if position == (line, column))
        return max(found, key=len, default=())

    def raw(self, path: Path) -> str | None:
        """Return the text of the plain (unquoted) scalar at `path`, None for anything else."""
        return self._plain.get(path)

    @cached_property
    def _index(self) -> _Index:
        index = _Index(self.text)
        root = yaml.compose(self.text, Loader=LOADER)
        if root is not None:
            index.visit(root, ())
        return index

    @property
    def _positions(self) -> dict[Path, tuple[int, int]]:
        return self._index.values

    @property
    def _key_positions(self) -> dict[Path, tuple[int, int]]:
        return self._index.keys

    @property
    def _plain(self) -> dict[Path, str]:
        return self._index.plain


class _Index:
    """Where each path of a document stands; below an alias that is the alias, not the anchor that others read too."""

    def __init__(self, text: str) -> None:
        self._aliases = _aliases(text)
        self._seen: set[int] = set()
        self.values: dict[Path, tuple[int, int]] = {}
        self.keys: dict[Path, tuple[int, int]] = {}
        self.plain: dict[Path, str] = {}

    def visit(self, node: yaml.Node, path: Path, alias: Position | None = None) -> None:
        alias = alias or self._alias(node)
        self.values[path] = alias or position(node)
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                self.keys[(*path, key.value)] = alias or self._alias(key) or position(key)
                self.visit(value, (*path, key.value), alias)
        elif isinstance(node, yaml.SequenceNode):
            for number, item in enumerate(node.value):
                self.visit(item, (*path, number), alias)
        elif isinstance(node, yaml.ScalarNode) and not node.style:
            self.plain[path] = node.value

    def _alias(self, node: yaml.Node) -> Position | None:
        """Return where the alias stands through which a node is reached; a node comes a second time through one alone.

        Both the visit and the aliases follow the text.
        """
        if id(node) in self._seen:
            return next(self._aliases, None)
        self._seen.add(id(node))
        return None


def _aliases(text: str) -> Iterator[Position]:
    for event in yaml.parse(text, Loader=LOADER):
        if isinstance(event, yaml.AliasEvent) and event.start_mark is not None:
            yield event.start_mark.line + 1, event.start_mark.column + 1


def position(node: yaml.Node) -> Position:
    """Return line and column of a node, from 1."""
    return node.start_mark.line + 1, node.start_mark.column + 1
