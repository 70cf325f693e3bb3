"""Which keys a schema knows at which path, and where a key that stands in the wrong place belongs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from generator.inputs.schema import Schema

Path = tuple[str | int, ...]


class Keys:
    """The keys of a schema, by path."""

    def __init__(self, schema: Schema) -> None:
        self._definitions: dict[str, Schema] = schema["definitions"]
        self._root = schema

    @property
    def required(self) -> list[str]:
        """Return the keys without which there is no page."""
        return [key for node in self._spread([self._root]) for key in node.get("required", ())]

    def at(self, path: Path) -> list[str]:
        """Return the keys that an object at `path` may have."""
        nodes: list[Schema] = [self._root]
        for step in path:
            nodes = [inner for node in self._spread(nodes) for inner in _inner(node, step)]
        return sorted({key for node in self._spread(nodes) for key in node.get("properties", ())})

    def types(self, path: Path) -> list[Schema]:
        """Return the plain schemas of the value at `path`; none where anything may stand."""
        nodes: list[Schema] = [self._root]
        for step in path:
            nodes = [inner for node in self._spread(nodes) for inner in _inner(node, step)]
        return [node for node in self._spread(nodes) if node]

    def owners(self, path: Path, key: str) -> list[Path]:
        """Return the objects to which `key`, found in the object at `path`, may belong: around it, or inside."""
        for length in range(len(path) - 1, -1, -1):
            if key in self.at(path[:length]):
                return [path[:length]]
        return [(*path, inner) for inner in self.at(path) if key in self.at((*path, inner))]

    def _spread(self, nodes: Iterable[Schema]) -> Iterator[Schema]:
        """Yield the plain schemas behind references and choices."""
        for node in nodes:
            if "$ref" in node:
                yield from self._spread([self._definitions[node["$ref"].rpartition("/")[2]]])
            elif "anyOf" in node:
                yield from self._spread(node["anyOf"])
            else:
                yield node


def name_of(path: Path) -> str:
    """Return a path as people write it, e.g. `suppress[0].rule`."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).removeprefix(".")


def _inner(node: Schema, step: str | int) -> Iterator[Any]:
    if isinstance(step, int):
        found = node.get("items")
    else:
        found = node.get("properties", {}).get(step) or node.get("additionalProperties")
    if isinstance(found, dict):
        yield found
