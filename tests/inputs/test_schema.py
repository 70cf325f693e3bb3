"""The exported schemas: those in schemas/ are today's, say something about every field, and accept our pages."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
import yaml
from jsonschema import Draft7Validator

import generator
from generator.inputs.schema import descriptions, exported, file_name
from generator.inputs.shapes import FILES
from tests.generated import hold_current

if TYPE_CHECKING:
    from collections.abc import Iterator

REPOSITORY = Path(generator.__file__).parents[1]
PAGES = {
    "gitops": "gitops.yaml",
    "system": "systems/*.yaml",
    "environment": "environments/*.yaml",
    "cluster": "clusters/*.yaml",
    "service": "services/*.yaml",
}
CASES = REPOSITORY / "tests" / "cases"

# What names a host, a registry, an image or something of AWS.
_NAMES = re.compile(
    r"(?i)(host|hosts|hostIP|domain|externalName|server|repoURL|registry|image|region|account|role|arn|certificate|tls"
    r"|tlsSecret|imagePullSecrets|loadBalancerSourceRanges|\w*class(name)?|groupName)$"
)
# What the mapping from host to paths holds.
_PATHS = {
    "anyOf": [
        {"items": {"anyOf": [{"type": "string"}, {"$ref": "#/definitions/IngressPath"}]}, "type": "array"},
        {"type": "null"},
    ]
}


@pytest.mark.parametrize("kind", FILES)
def test_the_file_is_what_the_model_says(kind: str) -> None:
    """`fairlead schemas export` makes the same bytes again."""
    hold_current(REPOSITORY / "schemas" / file_name(kind), exported(kind))


@pytest.mark.parametrize("kind", FILES)
def test_every_field_has_words(kind: str) -> None:
    """An editor shows them beside the key."""
    assert [path for path, field in fields(schema(kind)) if not field["description"]] == []


@pytest.mark.parametrize("kind", FILES)
def test_the_schema_is_a_schema(kind: str) -> None:
    """Draft 7, and nothing beside a `$ref`: older YAML servers would not see it."""
    Draft7Validator.check_schema(schema(kind))
    assert [path for path, field in fields(schema(kind)) if "$ref" in field and len(field) > 1] == []


@pytest.mark.parametrize("kind", FILES)
def test_pages_fit(kind: str) -> None:
    """Those of this repository and of the golden cases."""
    folders = [REPOSITORY, *(folder / "inputs" for folder in CASES.iterdir() if not folder.name.startswith("error-"))]
    pages = [page for folder in folders for page in folder.glob(PAGES[kind])]
    assert pages
    for page in pages:
        Draft7Validator(schema(kind)).validate(yaml.safe_load(page.read_text(encoding="utf-8")))


@pytest.mark.parametrize("kind", FILES)
def test_names_of_hosts_and_of_aws_have_a_form(kind: str) -> None:
    """A scheme, a port or a typing error in one of them would be taken as any text otherwise."""
    named = ((path, field) for path, field in fields(schema(kind)) if _NAMES.search(path.rpartition(".")[2]))
    assert [path for path, field in named if any("pattern" not in text for text in texts(field))] == []


def test_a_field_without_a_form_is_found() -> None:
    """As a value, an entry of a list, the value of a mapping, and its key."""
    text, form = {"type": "string"}, {"type": "string", "pattern": "^a$"}
    found = {
        "value": {"anyOf": [text, {"type": "null"}]},
        "entry": {"type": "array", "items": text},
        "inner": {"type": "object", "additionalProperties": text, "propertyNames": form},
        "key": {"type": "object", "additionalProperties": {"type": "integer"}},
    }
    assert {name: list(texts(field)) for name, field in found.items()} == {
        "value": [text], "entry": [text], "inner": [form, text], "key": [{}],
    }  # fmt: skip


def test_no_words_are_left_over() -> None:
    """A field that is gone takes its words along."""
    known = {(model, key) for kind in FILES for model, key in titles(schema(kind))}
    models = {model for model, _ in known}
    heirs: dict[str, set[str]] = {}
    for model in models:
        lineage = model
        while lineage in descriptions():
            heirs.setdefault(lineage, set()).add(model)
            lineage = descriptions()[lineage].get("is-a", "")
    unused = [
        (model, key)
        for model, words in descriptions().items()
        for key in words
        if key != "is-a" and not any((heir, key) in known for heir in heirs.get(model, ()))
    ]
    assert unused == []


def schema(kind: str) -> Any:
    """Return an exported schema as data."""
    return msgspec.json.decode(exported(kind))


def texts(field: Any) -> Iterator[Any]:
    """Yield the schemas of the texts that a field may hold, keys of a mapping included.

    A fixed set of words is none.
    """
    for branch in field.get("anyOf", [field]):
        if branch.get("type") == "string" and "enum" not in branch:
            yield branch
        elif branch.get("type") == "array":
            yield from texts(branch.get("items", {}))
        elif isinstance(branch.get("additionalProperties"), dict):
            yield branch.get("propertyNames", {})
            if branch["additionalProperties"] != _PATHS:
                yield from texts(branch["additionalProperties"])


def fields(whole: Any) -> Iterator[tuple[str, Any]]:
    """Yield every field of our own in a schema, by its object and its key; Kubernetes' types have no title."""
    own = ((name, body) for name, body in whole["definitions"].items() if "title" in body)
    for name, body in [("the page", whole), *own]:
        for key, field in body.get("properties", {}).items():
            yield f"{name}.{key}", field


def titles(whole: Any) -> Iterator[tuple[str, str]]:
    """Yield every field of a schema, by its model and its key."""
    root = whole["title"].rpartition(" ")[2]
    for model, body in [({"gitops": "GitOps"}.get(root, root.capitalize()), whole)] + [
        (body["title"], body) for body in whole["definitions"].values() if "title" in body
    ]:
        for key in body.get("properties", {}):
            yield model, key
