"""One fault of a page as the schema sees it, with what it takes to put it into words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from generator.inputs.keys import name_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jsonschema import ValidationError

    from generator.findings.finding import Place
    from generator.inputs.keys import Keys, Path


class Places(Protocol):
    """Finds the place of a value, of a key, and the raw text of a plain scalar."""

    def place(self, path: Path) -> Place:
        """Return the place of the value at `path`."""

    def key_place(self, path: Path) -> Place:
        """Return the place of the key that leads to `path`."""

    def raw(self, path: Path) -> str | None:
        """Return the text of the plain scalar at `path`."""


class Misfit:
    """One fault that jsonschema found, with what it takes to describe it."""

    def __init__(self, error: ValidationError, keys: Keys, places: Places) -> None:
        self.kind = str(error.validator)
        self.path: Path = tuple(error.absolute_path)
        self.seen: Any = error.instance
        self.demand: Any = error.validator_value
        self.schema: Mapping[str, Any] = error.schema if isinstance(error.schema, dict) else {}
        self.said = error.message
        self.keys = keys
        self.places = places

    @property
    def name(self) -> str:
        """The path as people write it."""
        return name_of(self.path)
