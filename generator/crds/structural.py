"""The words of a structural schema, and a walk over one: what a CustomResourceDefinition may say of its objects.

https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#specifying-a-structural-schema
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from generator.yamlio.document import Path

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Schema = dict[str, Any]

INT_OR_STRING = "x-kubernetes-int-or-string"
PRESERVE = "x-kubernetes-preserve-unknown-fields"
EMBEDDED = "x-kubernetes-embedded-resource"
LIST_TYPE = "x-kubernetes-list-type"

# Words under which schemas stand that only add conditions: no field is known by standing there.
JUNCTORS = ("allOf", "anyOf", "oneOf")
# Words about the value itself that mean the same in JSON Schema.
VALIDATIONS = (
    "enum",
    "maxItems",
    "maxLength",
    "maxProperties",
    "maximum",
    "minItems",
    "minLength",
    "minProperties",
    "minimum",
    "multipleOf",
    "pattern",
    "required",
)
_OTHERS = (
    "additionalProperties",
    "default",
    "description",
    "example",
    "exclusiveMaximum",
    "exclusiveMinimum",
    "externalDocs",
    "format",
    "items",
    "not",
    "nullable",
    "properties",
    "title",
    "type",
    "uniqueItems",
    "x-kubernetes-list-map-keys",
    "x-kubernetes-map-type",
    "x-kubernetes-validations",
)
# What the value of a word has to be, for those that are looked into.
FORMS = {
    "enum": list,
    "format": str,
    "pattern": str,
    "properties": dict,
    "required": list,
    "type": str,
    **dict.fromkeys(JUNCTORS, list),
}
WORDS = frozenset((*VALIDATIONS, *JUNCTORS, *_OTHERS, INT_OR_STRING, PRESERVE, EMBEDDED, LIST_TYPE))


class Node(msgspec.Struct, frozen=True):
    """A schema inside another: where it stands, what it says (a sound one is a mapping), and whether in a junctor."""

    path: Path
    says: Any
    conditional: bool


def nodes(schema: object, path: Path = (), *, conditional: bool = False) -> Iterator[Node]:
    """Yield a schema and every schema below it."""
    yield Node(path, schema, conditional)
    if not isinstance(schema, dict):
        return
    for word, inner in _inner(schema):
        yield from nodes(inner, (*path, *word), conditional=conditional or word[0] in {*JUNCTORS, "not"})


def _inner(schema: Mapping[str, Any]) -> Iterator[tuple[Path, Any]]:
    properties = schema.get("properties")
    for name, inner in properties.items() if isinstance(properties, dict) else ():
        yield ("properties", name), inner
    for word in ("items", "not", "additionalProperties"):
        if word in schema and not (word == "additionalProperties" and isinstance(schema[word], bool)):
            yield (word,), schema[word]
    for word in JUNCTORS:
        choices = schema.get(word)
        for number, inner in enumerate(choices) if isinstance(choices, list) else ():
            yield (word, number), inner
