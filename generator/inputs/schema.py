"""The JSON Schemas of the pages: for editors, and for listing every fault of a page that msgspec has refused.

Draft 7 with `definitions`: the newest that every editor's YAML server reads. Nobody imports this for a good page.
"""

from __future__ import annotations

from functools import cache
from inspect import cleandoc
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import yaml

from generator.inputs.kubernetes import REFUSED, with_kubernetes
from generator.inputs.shapes import FILES, Shape

if TYPE_CHECKING:
    from collections.abc import Iterator

DIALECT = "http://json-schema.org/draft-07/schema#"
Schema = dict[str, Any]


@cache
def schema_of(shape: Shape) -> Schema:
    """Return the JSON Schema of a shape, its objects under `definitions`."""
    (root,), definitions = msgspec.json.schema_components((shape,), ref_template="#/definitions/{name}")
    return {"$schema": DIALECT, **root, "definitions": definitions}


def file_name(kind: str) -> str:
    """Return the name of the schema of a kind of page."""
    return f"{kind}.schema.json"


def exported(kind: str) -> str:
    """Return the text of `schemas/<kind>.schema.json`."""
    schema = schema_of(FILES[kind])
    root = schema["$ref"].rpartition("/")[2]
    definitions = {name: _without_refusals(body) for name, body in with_kubernetes(schema)["definitions"].items()}
    definitions |= {name: _documented(name, definitions[name]) for name in schema["definitions"]}
    whole = {
        "$schema": DIALECT,
        **definitions.pop(root),
        "title": f"Fairlead: {kind}",
        "definitions": definitions,
    }
    return msgspec.json.format(msgspec.json.encode(whole, order="sorted"), indent=2).decode() + "\n"


def _without_refusals(body: Schema) -> Schema:
    """Return a schema without the reasons for refusing a field, which are no keyword of JSON Schema."""
    return {word: value for word, value in body.items() if word != REFUSED}


def _documented(name: str, body: Schema) -> Schema:
    """Return the schema of an object with the words for each of its fields."""
    model = name.removesuffix("Layer")
    fields = {key: _described(model, key, field) for key, field in body["properties"].items()}
    documented = {**body, "title": model, "properties": fields}
    if "description" in body:
        documented["description"] = cleandoc(body["description"])  # Python 3.13 takes the indentation out itself
    return documented


def _described(model: str, key: str, field: Schema) -> Schema:
    described = {word: value for word, value in field.items() if (word, value) != ("default", None)}
    if "$ref" in described:  # draft 7 ignores what stands beside a `$ref`
        described = {"allOf": [{"$ref": described.pop("$ref")}], **described}
    return described | {"description": description(model, key)}


def description(model: str, key: str) -> str:
    """Return the words for a field, its model's own or those of a model that it is a kind of."""
    return next((words[key] for words in _lineage(model) if key in words), "")


def _lineage(model: str) -> Iterator[dict[str, str]]:
    """Yield the words of a model, then of those that it takes fields from."""
    words = descriptions().get(model)
    while words is not None:
        yield words
        words = descriptions().get(words.get("is-a", ""))


@cache
def descriptions() -> dict[str, dict[str, str]]:
    """Return model -> field -> words, from descriptions.yaml."""
    text = Path(__file__).with_name("descriptions.yaml").read_text(encoding="utf-8")
    words: dict[str, dict[str, str]] = yaml.safe_load(text)
    return words
