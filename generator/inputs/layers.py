"""The layers of one page in one environment, lowest first, and where each merged value came from."""

from __future__ import annotations

import math
from functools import cached_property
from typing import TYPE_CHECKING, Any

import msgspec

from generator.inputs.merge import ADDED, merge_all, strip, with_additions
from generator.yamlio import Document

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.findings.finding import Place

Path = tuple[str | int, ...]


class Layer(msgspec.Struct, frozen=True):
    """One layer: its values, and the document and path that they stand at."""

    document: Document
    prefix: Path
    values: dict[str, Any]

    def has(self, path: Path) -> bool:
        """Return whether this layer sets the value at `path`."""
        value: Any = self.values
        for step in path:
            within = step in value if isinstance(value, dict) else isinstance(value, list) and int(step) < len(value)
            if not within:
                return False
            value = value[step]
        return True


class Layers:
    """All layers of one page in one environment."""

    def __init__(self, layers: tuple[Layer, ...]) -> None:
        self._layers = layers

    @cached_property
    def merged(self) -> dict[str, Any]:
        """The merged values, removals done."""
        merged: dict[str, Any] = strip(merge_all(with_additions(layer.values) for layer in self._layers))
        return merged

    def place(self, path: Path) -> Place:
        """Return the place of the value at `path`: the topmost layer that sets it, or sets what encloses it."""
        layer, found = self._setter(path)
        return layer.document.place(layer.prefix + found)

    def key_place(self, path: Path) -> Place:
        """Return the place of the key that leads to `path`, or to what encloses it."""
        layer, found = self._setter(path)
        return layer.document.key_place(layer.prefix + found)

    def written_place(self, path: Path) -> Place | None:
        """Return the place of the key on a page that comes nearest to `path` from above, None where there is none."""
        for end in range(len(path), 0, -1):
            for layer in reversed(self._layers):
                if layer.document.file.endswith(".yaml") and layer.has(path[:end]):
                    return layer.document.key_place(layer.prefix + path[:end])
        return None

    def height(self, path: Path) -> int:
        """Return the number of the layer that sets the value at `path`, counted from below."""
        return self._layers.index(self._setter(path)[0])

    def has(self, path: Path) -> bool:
        """Report whether some layer sets the value at `path`."""
        return any(layer.has(path) for layer in self._layers)

    def is_built_in(self, path: Path) -> bool:
        """Report whether the value at `path` is a built-in one, which no page wrote."""
        return self.has(path) and not self._setter(path)[0].document.file.endswith(".yaml")

    def _setter(self, path: Path) -> tuple[Layer, Path]:
        """Return the topmost layer that sets `path` or something around it, and how much of `path` it sets."""
        if len(path) > 1 and path[0] in ADDED:
            return self._adder(path)
        while path:
            for layer in reversed(self._layers):
                if layer.has(path):
                    return layer, path
            path = path[:-1]
        return self._layers[-1], ()

    def _adder(self, path: Path) -> tuple[Layer, Path]:
        """Return the layer that adds an entry to a joined list, and the path of that entry in it."""
        word, number, *inner = str(path[0]), *path[1:]
        first, found = 0, self._layers[-1]
        for layer in self._joined(word):
            if int(number) < first + len(layer.values[word]):
                return layer, (word, int(number) - first, *inner)
            first, found = first + len(layer.values[word]), layer
        return found, (word,) if found.has((word,)) else ()

    def _joined(self, word: str) -> list[Layer]:
        """Return the layers whose lists are joined under a word, lowest first: a null ends what lies below it."""
        joined: list[Layer] = []
        for layer in self._layers:
            if layer.has((word,)):
                joined = [*joined, layer] if isinstance(layer.values[word], list) else []
        return joined

    def raw(self, path: Path) -> str | None:
        """Return the text of the plain scalar at `path`."""
        layer, found = self._setter(path)
        return layer.document.raw(layer.prefix + found) if len(found) == len(path) else None

    def origins(self) -> Iterator[tuple[Path, Any, Place]]:
        """Yield every leaf of the merged page with its value and place."""
        for path, value in leaves(self.merged):
            yield path, value, self.place(path)


def leaves(value: Any, path: Path = (), *, most: float = math.inf) -> Iterator[tuple[Path, Any]]:
    """Yield every scalar and every empty mapping or list below `value` with its path.

    A mapping or list of more than `most` entries is given whole.
    """
    if isinstance(value, dict) and 0 < len(value) <= most:
        for key, inner in value.items():
            yield from leaves(inner, (*path, key), most=most)
    elif isinstance(value, list) and 0 < len(value) <= most:
        for number, item in enumerate(value):
            yield from leaves(item, (*path, number), most=most)
    else:
        yield path, value
