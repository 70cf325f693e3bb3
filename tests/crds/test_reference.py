"""Schemas that a pull request brings along: nothing that they name is ever asked for."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import pytest
from referencing.exceptions import Unresolvable

from generator.crds.reference import foreign_references
from tests.conftest import CHECKOUT
from tests.offline import OWN, SCHEMA, put

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Fairlead
    from tests.offline import Counter

DRAFT_7 = "http://json-schema.org/draft-07/schema#"
DRAFT_2019 = "https://json-schema.org/draft/2019-09/schema"
DRAFT_2020 = "https://json-schema.org/draft/2020-12/schema"

# What an attacker writes; `URL` is the server that counts.
ATTACKS: dict[str, Any] = {
    "a reference": {"$ref": "URL/a"},
    "a reference deep inside": {"properties": {"spec": {"anyOf": [{}, {"items": {"$ref": "URL/a#/x"}}]}}},
    "a reference through a place that is no schema": {
        "properties": {"spec": {"$ref": "#/default"}},
        "default": {"$ref": "URL/a"},
    },
    "a dynamic reference": {"$schema": DRAFT_2020, "$dynamicRef": "URL/a"},
    "a recursive reference": {"$schema": DRAFT_2019, "$recursiveRef": "URL/a"},
    "a dialect": {"$schema": "URL/dialect"},
    "a dialect deep inside": {"$schema": DRAFT_7, "properties": {"spec": {"$schema": "URL/dialect"}}},
    "a base and a relative reference": {"$schema": DRAFT_7, "$id": "URL/base/", "properties": {"kind": {"$ref": "x"}}},
    "a base of draft 4": {"id": "URL/base/", "properties": {"kind": {"$ref": "x"}}},
    "an address without a scheme": {"$schema": DRAFT_7, "$ref": "//127.0.0.1/x"},
    "a file": {"$ref": "file:///etc/hostname"},
    "a file beside it": {"$ref": "other.json"},
    "an empty reference to a query": {"$ref": "?x"},
}


@pytest.mark.parametrize("name", ATTACKS)
@pytest.mark.parametrize("command", ["generate", "validate"])
def test_a_schema_that_leads_out_of_its_file_is_refused(
    widget_shop: Path, counter: Counter, fairlead: Fairlead, name: str, command: str
) -> None:
    """At its line, with exit 2, before kubeconform sees it: it would follow the address and accept the object."""
    put(widget_shop, SCHEMA, json.dumps(ATTACKS[name], indent=1).replace("URL", counter.address))
    answer = fairlead(command, root=widget_shop)
    assert answer.code == 2, answer.text
    assert answer.stderr.startswith(f"{SCHEMA}:"), answer.text
    assert " error SCH003: " in answer.stderr
    assert counter.asked == []


def test_the_line_is_that_of_the_reference() -> None:
    """Line and column count from 1, in a file of one line too."""
    text = '{\n "type": "object",\n "properties": {"a": {"$ref": "http://x/y"}}\n}\n'
    (found,) = foreign_references(text.encode(), "w.json")
    assert str(found.place) == "w.json:3:23"


@pytest.mark.parametrize(
    "text",
    [
        '{"\\u0024ref": "http://x/y"}',
        '{"\\u0024\\u0072ef":"\\u0068ttp://x/y"}',
        '{"$ref": "#/definitions/a", "$ref": "http://x/y"}',
        '{"$ref": "http://x/y", "$ref": "#/definitions/a"}',
        '{"k":["z",":"],"$ref":"http://x/y"}',
        '{"$ref"\n:\n\t"http:\\/\\/x\\/y"}',
        '{"a": ' * 2000 + '{"\\u0024ref": "http://x/y"}' + "}" * 2000,
    ],
)
def test_no_spelling_of_a_reference_is_missed(text: str) -> None:
    """Escapes, a key twice, texts that look like keys, nesting without end."""
    assert foreign_references(text.encode(), "w.json")


@pytest.mark.parametrize(
    "schema",
    [
        {"$schema": DRAFT_7, "$ref": "#/definitions/a", "definitions": {"a": {"type": "object"}}},
        {"$schema": "http://json-schema.org/schema#", "properties": {"id": {"type": "string"}}},
        {"properties": {"$ref": {"type": "string"}, "$schema": {"type": "string"}, "$id": {"type": "string"}}},
        {"$schema": DRAFT_7, "properties": {"a": {"default": {"id": "x"}}}},
        {"required": ["$ref", "id"], "description": 'say {"$ref": "http://x/y"} instead', "items": {"$ref": "#"}},
    ],
)
def test_what_stays_in_the_file_is_fine(schema: dict[str, Any]) -> None:
    """Local references, and fields of a custom resource that are called like a keyword."""
    assert foreign_references(json.dumps(schema).encode(), "w.json") == []


def test_the_schemas_that_fairlead_makes_are_fine() -> None:
    """All that it brings along."""
    files = sorted((CHECKOUT / "schemas/crds").glob("*/*.json"))
    assert files
    assert [foreign_references(file.read_bytes(), file.name) for file in files] == [[]] * len(files)


@pytest.mark.parametrize("version", ["v1", "example.com/v1"])
def test_a_kind_is_no_path(widget_shop: Path, counter: Counter, fairlead: Fairlead, version: str) -> None:
    """Kubeconform makes the name of a file of `kind`: `../` leads it to any schema, and so to any address."""
    reference = json.dumps({"$ref": f"{counter.address}/kind"})
    for name in ("evil_v1.json", "evil-v1.json"):
        put(widget_shop, name, reference)
    kind = "../" * 12 + os.fspath(widget_shop).lstrip("/") + "/evil"
    put(widget_shop, OWN, f"apiVersion: {version}\nkind: {kind}\nmetadata: {{name: cart, namespace: shop}}\n")
    answer = fairlead("validate", root=widget_shop)
    assert answer.code == 1, answer.text
    assert f"{OWN}:2:7: error SCH001: apiVersion and kind are '{version} {kind}', which are no names" in answer.stdout
    assert counter.asked == []


@pytest.mark.parametrize("version", ["v1.crd", "a/b/v1", "../v1", "Example.com/v1", "v1/", ""])
def test_an_api_version_is_no_path_either(widget_shop: Path, fairlead: Fairlead, version: str) -> None:
    """The same, for the other word."""
    put(widget_shop, OWN, f'apiVersion: "{version}"\nkind: Widget\nmetadata: {{name: cart, namespace: shop}}\n')
    answer = fairlead("validate", root=widget_shop)
    assert answer.code == 1, answer.text
    assert f"{OWN}:" in answer.stdout


def test_our_own_validator_fetches_nothing(counter: Counter) -> None:
    """Without a registry of its own jsonschema would ask for what a schema of pages refers to."""
    from generator.inputs.schema_errors import _NOTHING_ELSE, _Validator

    validator = _Validator({"$ref": f"{counter.address}/page"}, registry=_NOTHING_ELSE)
    with pytest.raises(Unresolvable):
        list(validator.iter_errors({}))
    assert counter.asked == []
