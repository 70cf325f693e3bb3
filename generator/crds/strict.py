"""From a structural schema to a strict JSON Schema (draft 7): what an API server would drop or refuse is refused.

An API server drops a field that no schema knows, and says so only to those who ask for it (`fieldValidation=Strict`).
It drops a null where no null may be, and says so to nobody: an Application whose `automated:` has nothing behind it
does not sync by itself.
Left out is what JSON Schema cannot say (CEL rules) and what is no business of whoever writes an object: descriptions,
and everything under `status`, which controllers write.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.crds.structural import EMBEDDED, INT_OR_STRING, JUNCTORS, LIST_TYPE, PRESERVE, VALIDATIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from generator.crds.definition import Definition
    from generator.crds.structural import Schema

# What every object may say about itself, which no definition repeats:
# https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/object-meta/
_TEXT: Schema = {"type": "string"}
_NUMBER: Schema = {"type": "integer"}
# Tools that write Go structs as YAML leave `creationTimestamp: null` behind.
_TIME: Schema = {"type": ["string", "null"], "format": "date-time"}
_BY_NAME: Schema = {"type": ["object", "null"], "additionalProperties": _TEXT}


def _object(properties: dict[str, Any], **more: Any) -> Schema:
    return {"type": "object", "properties": properties, "additionalProperties": False, **more}


OWNER_REFERENCE = _object(
    {
        "apiVersion": _TEXT,
        "blockOwnerDeletion": {"type": "boolean"},
        "controller": {"type": "boolean"},
        "kind": _TEXT,
        "name": _TEXT,
        "uid": _TEXT,
    },
    required=["apiVersion", "kind", "name", "uid"],
)
OBJECT_META = _object(
    {
        "annotations": _BY_NAME,
        "creationTimestamp": _TIME,
        "deletionGracePeriodSeconds": _NUMBER,
        "deletionTimestamp": _TIME,
        "finalizers": {"type": "array", "items": _TEXT},
        "generateName": _TEXT,
        "generation": _NUMBER,
        "labels": _BY_NAME,
        "managedFields": {"type": "array", "items": {"type": "object"}},
        "name": _TEXT,
        "namespace": _TEXT,
        "ownerReferences": {"type": "array", "items": OWNER_REFERENCE},
        "resourceVersion": _TEXT,
        "selfLink": _TEXT,
        "uid": _TEXT,
    }
)


DRAFT = "http://json-schema.org/draft-07/schema#"

# Formats that an API server and kubeconform read the same way (kubeconform takes Go's durations too). The others, `uri`
# and `byte` for example, are looser to Kubernetes than to JSON Schema, or unknown to one of the two.
_FORMATS = frozenset({"date", "date-time", "duration", "ipv4", "ipv6"})
_INT_OR_STRING = [{"type": "integer"}, {"type": "string"}]
_HEAD = ("apiVersion", "kind", "metadata")


def json_schema(definition: Definition, version: str) -> Schema:
    """Return the schema of the objects of one served version."""
    source = definition.schema(version)
    schema = _strict({**source, EMBEDDED: False})
    properties = {**schema.get("properties", {})}
    if "status" in properties:
        properties["status"] = {"type": "object"}
    properties["apiVersion"] = {"const": f"{definition.group}/{version}"}
    properties["kind"] = {"const": definition.kind}
    properties["metadata"] = _metadata(source)
    required = sorted({*schema.get("required", ()), *_HEAD})
    return {**schema, "$schema": DRAFT, "type": "object", "properties": properties, "required": required}


def _metadata(source: Mapping[str, Any]) -> Schema:
    """Return the schema of an object's metadata; a definition may narrow its name."""
    narrower = _conditions((source.get("properties") or {}).get("metadata") or {})
    return OBJECT_META if narrower in ({}, {"type": "object"}) else {"allOf": [OBJECT_META, narrower]}


def _strict(source: Mapping[str, Any]) -> Schema:
    """Return the schema of a field: unknown keys are refused, unless the definition keeps them."""
    schema = _said(source, _strict)
    if _is_object(source):
        schema |= _fields(source)
    if source.get(LIST_TYPE) == "set":
        schema["uniqueItems"] = True
    return _nullable(schema) if source.get("nullable") else schema


def _conditions(source: Mapping[str, Any]) -> Schema:
    """Return the schema of a condition on a field (under `anyOf` and its like): what it does not name, it lets pass."""
    schema = _said(source, _conditions)
    if "properties" in source:
        schema["properties"] = {name: _conditions(inner) for name, inner in source["properties"].items()}
    return schema


def _said(source: Mapping[str, Any], inner: Callable[[Mapping[str, Any]], Schema]) -> Schema:
    """Return what a schema says of a value itself; `inner` gives the schemas of its items."""
    schema = {word: source[word] for word in (*VALIDATIONS, "type") if word in source}
    if source.get("format") in _FORMATS:
        schema["format"] = source["format"]
    if "items" in source:
        schema["items"] = inner(source["items"])
    if "not" in source:
        schema["not"] = _conditions(source["not"])
    schema |= {word: [_conditions(each) for each in source[word]] for word in JUNCTORS if source.get(word)}
    if source.get(INT_OR_STRING):
        schema["type"] = ["integer", "string"]
        if schema.get("anyOf") == _INT_OR_STRING:
            del schema["anyOf"]
    return _exclusive(source, schema)


def _exclusive(source: Mapping[str, Any], schema: Schema) -> Schema:
    """Return limits that a value may not reach as draft 7 does: the limit itself, not a word beside it."""
    for word, limit in (("exclusiveMaximum", "maximum"), ("exclusiveMinimum", "minimum")):
        if source.get(word) and limit in schema:
            schema[word] = schema.pop(limit)
    return schema


def _is_object(source: Mapping[str, Any]) -> bool:
    return source.get("type") == "object" or bool({"properties", "additionalProperties"} & source.keys())


def _fields(source: Mapping[str, Any]) -> Schema:
    properties = {name: _strict(inner) for name, inner in (source.get("properties") or {}).items()}
    required = source.get("required") or []
    if source.get(EMBEDDED):
        text = {"type": "string", "minLength": 1}
        properties |= {"apiVersion": text, "kind": text, "metadata": OBJECT_META}
        required = sorted({*required, "apiVersion", "kind"})
    fields: Schema = {"properties": properties} if properties else {}
    if required:
        fields["required"] = required
    others = source.get("additionalProperties")
    if isinstance(others, dict):
        fields["additionalProperties"] = _strict(others)
    elif others is not True and not source.get(PRESERVE):
        fields["additionalProperties"] = False
    return fields


def _nullable(schema: Schema) -> Schema:
    """Let null be a value too, past whatever is said of the others."""
    if any(word in schema for word in (*JUNCTORS, "not")):
        return {"anyOf": [{"type": "null"}, schema]}
    if "type" in schema:
        schema["type"] = [*([schema["type"]] if isinstance(schema["type"], str) else schema["type"]), "null"]
    return schema
