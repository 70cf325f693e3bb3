"""Say once what a schema says often: equal parts become definitions that are referred to.

An ApplicationSet nests its generators into each other, and each holds a whole Application: written out, its schema is
five times as long, and kubeconform compiles every line of it.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from generator.crds.structural import Schema

# A reference takes 37 characters; what is not much longer is easier to read where it stands.
_WORTH_IT = 80

_LISTS = ("allOf", "anyOf", "oneOf")
_SINGLE = ("additionalProperties", "items", "not")
_PREFIX = "#/definitions/"


def share_parts(schema: Schema) -> Schema:
    """Return a schema that accepts the same and says every longer part once, under `definitions`.

    Names are digests of what they stand for, so that a change shows where it is and nowhere else.
    """
    parts: dict[str, Schema] = {}
    root = _folded(schema, parts)
    uses = Counter(name for part in (root, *parts.values()) for name in _references(part))
    repeated = {name for name, count in uses.items() if count > 1}
    definitions = {name: _unfolded(parts[name], parts, repeated) for name in sorted(repeated)}
    root = _unfolded(root, parts, repeated)
    return {**root, "definitions": definitions} if definitions else root


def compact(value: Any) -> str:
    """Write JSON without a needless byte, keys in order."""
    return msgspec.json.encode(value, order="deterministic").decode()


def _folded(schema: Schema, parts: dict[str, Schema]) -> Schema:
    """Replace every longer schema below this one by a reference into `parts`."""

    def fold(inner: Schema) -> Schema:
        folded = _folded(inner, parts)
        text = compact(folded)
        if len(text) < _WORTH_IT:
            return folded
        name = hashlib.sha256(text.encode()).hexdigest()[:12]
        if parts.setdefault(name, folded) != folded:
            raise AssertionError(f"two parts of a schema have the digest {name}")
        return {"$ref": _PREFIX + name}

    return _mapped(schema, fold)


def _unfolded(schema: Schema, parts: dict[str, Schema], kept: set[str]) -> Schema:
    """Put back every part but those that are `kept` as definitions."""

    def unfold(inner: Schema) -> Schema:
        name = _name(inner)
        if name is None:
            return _unfolded(inner, parts, kept)
        return inner if name in kept else _unfolded(parts[name], parts, kept)

    return _mapped(schema, unfold)


def _mapped(schema: Schema, change: Callable[[Schema], Schema]) -> Schema:
    """Return a schema with every schema directly below it changed; `properties` holds names, not words."""
    mapped = dict(schema)
    if "properties" in schema:
        mapped["properties"] = {name: change(inner) for name, inner in schema["properties"].items()}
    mapped |= {word: change(schema[word]) for word in _SINGLE if isinstance(schema.get(word), dict)}
    return mapped | {word: [change(inner) for inner in schema[word]] for word in _LISTS if word in schema}


def _references(schema: Schema) -> Iterator[str]:
    """Yield the names that a folded schema refers to, once for each place."""
    found: list[str] = []

    def note(inner: Schema) -> Schema:
        name = _name(inner)
        found.extend([name] if name is not None else _references(inner))
        return inner

    _mapped(schema, note)
    yield from found


def _name(schema: Schema) -> str | None:
    """Return the name that a bare reference leads to."""
    return schema["$ref"].removeprefix(_PREFIX) if schema.keys() == {"$ref"} else None
