"""What must hold for every structural schema: a valid object stays valid, an unknown key is refused."""

from __future__ import annotations

import copy
from typing import Any

import jsonschema
import msgspec
from hypothesis import assume, given
from hypothesis import strategies as st

from generator.crds.files import files
from generator.crds.sharing import compact, share_parts
from generator.crds.strict import json_schema
from generator.yamlio.document import Path

from .widgets import crd, sound, widget

NAMES = st.sampled_from(["name", "size", "items", "type", "properties", "$ref", "default", "not", "description"])


class Sample(msgspec.Struct, frozen=True):
    """A structural schema, a value that fits it, and where in the value an unknown key would be dropped."""

    schema: dict[str, Any]
    value: Any
    closed: tuple[Path, ...] = ()


@st.composite
def scalars(draw: st.DrawFn) -> Sample:
    """Return a scalar with conditions that its value meets."""
    kind = draw(st.sampled_from(["string", "integer", "boolean", "either", "any"]))
    if kind == "string":
        text = draw(st.text(max_size=5))
        return Sample({"type": kind, "maxLength": 5, "enum": sorted({text, "b"})}, text)
    if kind == "integer":
        number = draw(st.integers(-5, 5))
        return Sample({"type": kind, "minimum": number - 1, "exclusiveMinimum": True, "format": "int32"}, number)
    if kind == "boolean":
        return Sample({"type": kind, "nullable": True}, draw(st.none() | st.booleans()))
    if kind == "either":
        return Sample({"x-kubernetes-int-or-string": True}, draw(st.integers(0, 9) | st.just("5%")))
    return Sample({"x-kubernetes-preserve-unknown-fields": True}, draw(st.none() | st.just({"a": [1]})))


@st.composite
def lists(draw: st.DrawFn, inner: st.SearchStrategy[Sample]) -> Sample:
    """Return a list of one or two equal items."""
    sample, count = draw(inner), draw(st.integers(1, 2))
    closed = tuple((number, *path) for number in range(count) for path in sample.closed)
    return Sample(
        {"type": "array", "items": sample.schema}, [copy.deepcopy(sample.value) for _ in range(count)], closed
    )


@st.composite
def maps(draw: st.DrawFn, inner: st.SearchStrategy[Sample]) -> Sample:
    """Return a map: every key is known."""
    sample = draw(inner)
    closed = tuple(("key", *path) for path in sample.closed)
    return Sample({"type": "object", "additionalProperties": sample.schema}, {"key": sample.value}, closed)


@st.composite
def objects(draw: st.DrawFn, inner: st.SearchStrategy[Sample]) -> Sample:
    """Return an object, with its fields or without some that are not required; it may keep unknown fields."""
    fields = draw(st.dictionaries(NAMES, inner, max_size=3))
    present = draw(st.sets(st.sampled_from(sorted(fields)))) if fields else set()
    schema: dict[str, Any] = {
        "type": "object",
        "description": "prose",
        "properties": {name: sample.schema for name, sample in fields.items()},
        "required": sorted(present),
        "anyOf": [{"required": [name]} for name in sorted(present)] or [{"not": {"required": ["absent"]}}],
    }
    keeps = draw(st.booleans())
    if keeps:
        schema["x-kubernetes-preserve-unknown-fields"] = True
    closed = tuple((name, *path) for name in sorted(present) for path in fields[name].closed)
    value = {name: copy.deepcopy(fields[name].value) for name in sorted(present)}
    return Sample(schema, value, closed if keeps else ((), *closed))


SAMPLES = st.recursive(scalars(), lambda inner: lists(inner) | maps(inner) | objects(inner), max_leaves=12)
SPECS = objects(SAMPLES)


def validator(sample: Sample) -> jsonschema.Draft7Validator:
    """Return what checks Widgets of this spec, as it is written to the file."""
    path = "example.com/widget_v1.json"
    return jsonschema.Draft7Validator(msgspec.json.decode(files(sound(crd(sample.schema)))[path]))


@given(sample=SPECS)
def test_a_valid_object_stays_valid(sample: Sample) -> None:
    """Nothing that fits the structural schema is refused."""
    assert [error.message for error in validator(sample).iter_errors(widget(sample.value))] == []


@given(sample=SPECS, data=st.data())
def test_an_unknown_key_is_refused_wherever_it_would_be_dropped(sample: Sample, data: st.DataObject) -> None:
    """In the spec, in lists, in maps of objects, at every depth."""
    assume(sample.closed)
    holder: Any = (spec := copy.deepcopy(sample.value))
    for step in data.draw(st.sampled_from(sample.closed)):
        holder = holder[step]
    holder["unknown"] = 1
    assert not validator(sample).is_valid(widget(spec))


@given(sample=SPECS)
def test_sharing_changes_no_answer(sample: Sample) -> None:
    """A part said once is the part said often; unfolded again, the schema is the same text."""
    plain = json_schema(sound(crd(sample.schema)), "v1")
    folded = share_parts(plain)
    definitions = folded.pop("definitions", {})

    def unfold(value: Any) -> Any:
        if isinstance(value, dict) and isinstance(value.get("$ref"), str):
            return unfold(definitions[value["$ref"].rpartition("/")[2]])
        if isinstance(value, dict):
            return {key: unfold(inner) for key, inner in value.items()}
        return [unfold(inner) for inner in value] if isinstance(value, list) else value

    assert compact(unfold(folded)) == compact(plain)


@given(sample=SPECS)
def test_the_same_definition_makes_the_same_bytes(sample: Sample) -> None:
    """Whatever the order of its keys."""

    def backwards(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: backwards(inner) for key, inner in reversed(value.items())}
        return [backwards(inner) for inner in value] if isinstance(value, list) else value

    manifest = crd(sample.schema)
    assert files(sound(manifest)) == files(sound(backwards(manifest)))
