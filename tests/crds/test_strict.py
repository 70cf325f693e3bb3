"""Each rule by which a structural schema becomes a strict JSON Schema."""

from __future__ import annotations

from typing import Any

import pytest

from generator.crds.strict import json_schema

from .widgets import accepts, crd, errors, sound, widget

STRING = {"type": "string"}
INTEGER = {"type": "integer"}


@pytest.mark.parametrize(
    ("field", "good", "bad"),
    [
        pytest.param({"type": "object", "properties": {"size": INTEGER}}, {"size": 1}, {"sise": 1}, id="unknown-key"),
        pytest.param({"type": "object"}, {}, {"size": 1}, id="object-without-fields"),
        pytest.param({"type": "object", "additionalProperties": INTEGER}, {"any": 1}, {"any": "x"}, id="map"),
        pytest.param({"type": "object", "additionalProperties": True}, {"any": "x"}, "x", id="map-of-anything"),
        pytest.param({"type": "array", "items": {"type": "object"}}, [{}], [{"a": 1}], id="unknown-key-in-a-list"),
        pytest.param({"type": "object", "properties": {"a": STRING}, "required": ["a"]}, {"a": ""}, {}, id="required"),
        pytest.param({"type": "string", "enum": ["a", "b"]}, "a", "c", id="enum"),
        pytest.param({"type": "string", "pattern": "^a+$"}, "aa", "b", id="pattern"),
        pytest.param({"type": "integer", "minimum": 1}, 1, 0, id="minimum"),
        pytest.param({"type": "integer", "minimum": 1, "exclusiveMinimum": True}, 2, 1, id="exclusive-minimum"),
        pytest.param({"type": "integer", "maximum": 9, "exclusiveMaximum": True}, 8, 9, id="exclusive-maximum"),
        pytest.param({"type": "integer", "maximum": 9, "exclusiveMaximum": False}, 9, 10, id="inclusive-maximum"),
        pytest.param({"x-kubernetes-int-or-string": True}, "50%", 1.5, id="int-or-string"),
        pytest.param({"x-kubernetes-int-or-string": True}, 50, True, id="int-or-string-is-no-boolean"),
        pytest.param(
            {"anyOf": [INTEGER, STRING], "x-kubernetes-int-or-string": True, "pattern": "^[0-9]+%$"},
            "50%",
            "half",
            id="int-or-string-with-a-pattern",
        ),
        pytest.param(STRING, "", None, id="null-is-no-value"),
        pytest.param({"type": "string", "nullable": True}, None, 1, id="nullable"),
        pytest.param({"type": "string", "default": "a"}, "b", None, id="null-is-no-way-to-ask-for-the-default"),
        pytest.param(
            {"type": "object", "nullable": True, "properties": {"a": STRING}, "not": {"required": ["a"]}},
            None,
            {"a": ""},
            id="nullable-under-conditions",
        ),
        pytest.param(
            {"type": "array", "items": STRING, "x-kubernetes-list-type": "set"}, ["a", "b"], ["a", "a"], id="set"
        ),
        pytest.param(
            {"type": "object", "properties": {"a": STRING, "b": STRING}, "oneOf": [{"required": [n]} for n in "ab"]},
            {"a": ""},
            {"a": "", "b": ""},
            id="one-of",
        ),
        pytest.param(
            {
                "type": "object",
                "properties": {"kind": STRING, "size": INTEGER},
                "anyOf": [{"properties": {"kind": {"enum": ["big"]}}}, {"required": ["size"]}],
            },
            {"kind": "big"},
            {"kind": "small"},
            id="a-condition-closes-nothing",
        ),
        pytest.param(
            {"type": "object", "x-kubernetes-preserve-unknown-fields": True, "properties": {"a": STRING}},
            {"a": "", "b": 1},
            {"a": 1},
            id="preserved-but-known-fields-are-checked",
        ),
        pytest.param({"type": "string", "format": "date-time"}, "2026-11-20T10:00:00Z", 1, id="date-time"),
    ],
)
def test_a_field(field: dict[str, Any], good: Any, bad: Any) -> None:
    """What an API server takes is taken, what it would refuse or drop is refused."""
    assert accepts(field, good)
    assert not accepts(field, bad)


@pytest.mark.parametrize("value", [None, 1, "x", [1], {"any": {"thing": 1}}])
def test_a_field_of_any_type_takes_everything(value: Any) -> None:
    """`x-kubernetes-preserve-unknown-fields` without a type is the one field that nobody checks."""
    assert accepts({"x-kubernetes-preserve-unknown-fields": True}, value)


@pytest.mark.parametrize("value", ["1h30m", "/a/path", "not base64!"])
@pytest.mark.parametrize("name", ["uri", "byte", "hostname", "password"])
def test_a_format_that_kubernetes_reads_otherwise_is_left_out(name: str, value: str) -> None:
    """Better no check than one that refuses what an API server takes."""
    schema = json_schema(sound(crd({"type": "string", "format": name})), "v1")
    assert "format" not in schema["properties"]["spec"]
    assert accepts({"type": "string", "format": name}, value)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"apiVersion": "example.com/v2"}, "apiVersion: 'example.com/v1' was expected"),
        ({"kind": "Gadget"}, "kind: 'Widget' was expected"),
        ({"metadata": {"name": "a", "label": {}}}, "metadata: Additional properties are not allowed ('label' was"),
        ({"metadata": {"name": "a", "labels": {"a": 1}}}, "metadata.labels.a: 1 is not of type 'string'"),
        ({"specc": {}}, ": Additional properties are not allowed ('specc' was unexpected)"),
    ],
)
def test_the_head_of_an_object_is_checked(change: dict[str, Any], message: str) -> None:
    """No definition repeats what an API server knows of every object."""
    assert errors(crd(), widget({}, **change))[0].startswith(message)


def test_metadata_is_all_that_an_object_may_say_of_itself() -> None:
    """Written by people, and left behind by tools."""
    metadata = {
        "name": "a",
        "namespace": "shop",
        "labels": {"a": "b"},
        "annotations": {"a": "b"},
        "finalizers": ["example.com/wait"],
        "creationTimestamp": None,
        "ownerReferences": [{"apiVersion": "v1", "kind": "ConfigMap", "name": "a", "uid": "1"}],
    }
    assert errors(crd(), widget({}, metadata=metadata)) == []


def test_a_definition_may_narrow_the_name() -> None:
    """The one thing that a definition may say about metadata."""
    narrow = {"type": "object", "properties": {"name": {"type": "string", "maxLength": 5}}}
    manifest = crd(properties={"metadata": narrow})
    assert errors(manifest, widget({})) == []
    assert errors(manifest, widget({}, metadata={"name": "too-long"})) == ["metadata.name: 'too-long' is too long"]


def test_any_status_will_do() -> None:
    """A controller writes it, and whoever copies an object from a cluster brings it along."""
    manifest = crd(properties={"status": {"type": "object", "properties": {"ready": {"type": "boolean"}}}})
    assert errors(manifest, widget({}, status={"whatever": 1})) == []


def test_an_embedded_object_has_a_head_too() -> None:
    """`x-kubernetes-embedded-resource`: its kind must be said, its metadata is checked, the rest is open."""
    embedded = {
        "type": "object",
        "x-kubernetes-embedded-resource": True,
        "x-kubernetes-preserve-unknown-fields": True,
    }
    assert accepts(embedded, {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a"}, "spec": {"any": 1}})
    assert not accepts(embedded, {"kind": "Pod"})
    assert not accepts(embedded, {"apiVersion": "v1", "kind": "Pod", "metadata": {"label": {}}})


def test_fields_may_be_called_like_words_of_a_schema() -> None:
    """`description`, `default`, `items`: under `properties` they are names."""
    names = ("description", "default", "items", "enum", "$ref", "anyOf", "not", "properties")
    field = {"type": "object", "properties": {name: {"type": "string", "description": "prose"} for name in names}}
    assert accepts(field, dict.fromkeys(names, "text"))
    assert not accepts(field, {"description": 1})


def test_prose_and_rules_are_left_out() -> None:
    """No description, no CEL rule: nothing in the schema is for people or for an API server alone."""
    spec = {
        "type": "object",
        "description": "long",
        "x-kubernetes-validations": [{"rule": "true"}],
        "properties": {"a": {**STRING, "description": "long", "example": "b", "title": "A"}},
    }
    schema = json_schema(sound(crd(spec)), "v1")
    assert schema["properties"]["spec"] == {
        "type": "object",
        "properties": {"a": STRING},
        "additionalProperties": False,
    }
