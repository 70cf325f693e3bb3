"""A small definition to start from, and what a schema made of it accepts."""

from __future__ import annotations

from typing import Any

import jsonschema

from generator.crds.definition import Definition, definition, faults
from generator.crds.sharing import share_parts
from generator.crds.strict import json_schema

Schema = dict[str, Any]


def crd(spec: Schema | None = None, *versions: Schema, **more: Any) -> dict[str, Any]:
    """Return a CustomResourceDefinition of Widgets, whose `spec` is as given; `more` goes into its schema."""
    properties = {"metadata": {"type": "object"}, "spec": spec or {"type": "object"}, **more.pop("properties", {})}
    schema = {"type": "object", "properties": properties, **more}
    first = {"name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": schema}}
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": "widgets.example.com"},
        "spec": {
            "group": "example.com",
            "scope": "Namespaced",
            "names": {"kind": "Widget", "plural": "widgets", "singular": "widget", "listKind": "WidgetList"},
            "versions": [first, *versions],
        },
    }


def sound(manifest: dict[str, Any]) -> Definition:
    """Return a definition that has no faults."""
    assert list(faults(manifest)) == []
    return definition(manifest)


def widget(spec: Any, **more: Any) -> dict[str, Any]:
    """Return a Widget."""
    head = {"apiVersion": "example.com/v1", "kind": "Widget", "metadata": {"name": "web", "namespace": "shop"}}
    return {**head, "spec": spec, **more}


def errors(manifest: dict[str, Any], instance: Any) -> list[str]:
    """Return what the schema of a definition's v1 says against an object, `path: message` each."""
    schema = share_parts(json_schema(sound(manifest), "v1"))
    jsonschema.Draft7Validator.check_schema(schema)
    found = jsonschema.Draft7Validator(schema).iter_errors(instance)
    return sorted(f"{'.'.join(map(str, error.absolute_path))}: {error.message}" for error in found)


def accepts(field: Schema, value: Any) -> bool:
    """Return whether `spec.field`, described like this, may have a value."""
    return not errors(crd({"type": "object", "properties": {"field": field}}), widget({"field": value}))
