"""Every way in which a page does not fit its schema. Only one that msgspec has refused comes here: 90 ms of imports."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Protocol

from jsonschema import Draft7Validator

from generator.inputs.complaint import complaint
from generator.inputs.keys import Keys, Path, name_of
from generator.inputs.schema import schema_of
from generator.inputs.wording import complaints

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import msgspec
    from jsonschema import ValidationError

    from generator.finding import Finding, Place


class Places(Protocol):
    """Finds the place of a value, of a key, and the raw text of a plain scalar."""

    def place(self, path: Path) -> Place:
        """Give the place of the value at `path`."""

    def key_place(self, path: Path) -> Place:
        """Give the place of the key that leads to `path`."""

    def raw(self, path: Path) -> str | None:
        """Give the text of the plain scalar at `path`."""


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


def misfits(value: Any, shape: type[msgspec.Struct], places: Places, refusal: str) -> list[Finding]:
    """List every way in which `value` does not fit `shape`; `refusal` is what msgspec said of it."""
    schema = schema_of(shape)
    keys = Keys(schema)
    leaves = (leaf for error in Draft7Validator(schema).iter_errors(value) for leaf in _leaves(error))
    found = {made for leaf in leaves for made in complaints(Misfit(leaf, keys, places))}
    if not found:  # the two disagree: a number too large for one of them, say
        return [complaint("SPC008", places.place(_path(refusal)), refusal, "see the schemas in schemas/")]
    return sorted(found, key=lambda finding: (finding.place, finding.message))


def _path(refusal: str) -> Path:
    """Give the path in msgspec's words, e.g. `... - at `$.env.A[0]``."""
    _, _, path = refusal.rpartition("`$")
    steps = re.findall(r"\.([^.\[\]`]+)|\[([0-9]+)\]", path)
    return tuple(key or int(number) for key, number in steps)


def _leaves(error: ValidationError) -> Iterator[ValidationError]:
    """Give the errors that matter: for a choice of types, those of the one that the writer most likely meant."""
    if error.validator != "anyOf" or not error.context:
        yield error
        return
    branches: dict[Any, list[ValidationError]] = {}
    for inner in error.context:
        branches.setdefault(inner.schema_path[0], []).append(inner)
    meant = [branch for branch in branches.values() if not _is_other_type(branch, error)]
    if not meant:
        yield error
        return
    for inner in min(meant, key=len):
        yield from _leaves(inner)


def _is_other_type(branch: list[ValidationError], parent: ValidationError) -> bool:
    """Say whether a branch fails because it wants another type of value at the very place of the choice."""
    return any(inner.validator == "type" and inner.absolute_path == parent.absolute_path for inner in branch)
