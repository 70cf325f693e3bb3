"""Whether the Kubernetes of a cluster takes what a merged page passes through to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.inputs.kubernetes import WORDS, definitions
from generator.model.page import Page

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from generator.findings.finding import Finding
    from generator.inputs.kubernetes import Schema
    from generator.inputs.layers import Layers
    from generator.model.service import Placement

_TYPES: Mapping[str, type | tuple[type, ...]] = {
    "object": dict,
    "array": list,
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "null": type(None),
}


def unfit_passed(page: Page, placement: Placement | None, layers: Layers) -> list[Finding]:
    """List a complaint for each field that a page passes through and that the cluster's Kubernetes does not have."""
    version = placement.kubernetes_version if placement else None
    if passes(page, version):
        return []
    from generator.inputs.schema_errors import misfits  # 90 ms that a good page does not pay

    return misfits(layers.merged, Page, layers, f"a field that Kubernetes {version} does not take", version)


def passes(page: Page, version: str | None) -> bool:
    """Return whether all that a page passes through is of Kubernetes' types, of one version or (None) of any.

    It only says yes or no, in microseconds; `refusal.misfits` has the words and pays 90 ms for them.
    """
    types: Mapping[str, Schema] | None = None
    for name, value in _passed(page):
        types = types or definitions(version)  # 5 ms that a page without these words does not pay
        if not fits(value, types[name], types):
            return False
    return True


def _passed(page: Page) -> Iterator[tuple[str, Any]]:
    """Yield what a page passes through, with the name of its type."""
    for part in [part for _, part in (*page.all_containers, *page.all_services)]:
        for word, name in WORDS.get(type(part).__name__, {}).items():
            if value := getattr(part, word):
                yield name, value


def fits(value: Any, schema: Any, types: Mapping[str, Schema]) -> bool:
    """Return whether a value fits a schema of `definitions`, which has few keywords."""
    if isinstance(schema, bool):
        return schema
    if "$ref" in schema:
        return fits(value, types[schema["$ref"].rpartition("/")[2]], types)
    if "anyOf" in schema:
        return any(fits(value, branch, types) for branch in schema["anyOf"])
    return _is_allowed(value, schema) and _fits_within(value, schema, types)


def _is_allowed(value: Any, schema: Schema) -> bool:
    """Return whether a value is of the type, the choice and the size that a schema says, whatever is inside of it."""
    if "enum" in schema:
        return value in schema["enum"]
    kinds = schema.get("type", list(_TYPES))
    if not any(_is(value, kind) for kind in ([kinds] if isinstance(kinds, str) else kinds)):
        return False
    return not isinstance(value, int) or schema.get("minimum", value) <= value <= schema.get("maximum", value)


def _is(value: Any, kind: str) -> bool:
    return isinstance(value, _TYPES[kind]) and (kind == "boolean" or not isinstance(value, bool))


def _fits_within(value: Any, schema: Schema, types: Mapping[str, Schema]) -> bool:
    if isinstance(value, list):
        return all(fits(item, schema.get("items", True), types) for item in value)
    if not isinstance(value, dict):
        return True
    fields, others = schema.get("properties", {}), schema.get("additionalProperties", True)
    is_complete = all(key in value for key in schema.get("required", ()))
    return is_complete and all(fits(inner, fields.get(key, others), types) for key, inner in value.items())
