"""Every case folder, compared exactly; `scripts/refresh` rewrites them and the review reads the diff."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import yaml

from generator.inputs.schema import descriptions, schema_of
from generator.inputs.shapes import FILES
from tests.cases.case import CASES, answer, error_cases, golden, golden_cases, kept
from tests.generated import REFRESH, hold_all_current

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.inputs.schema import Schema

PAGES = {kind: f"{kind}s/*.yaml" for kind in FILES} | {"gitops": "gitops.yaml"}


@pytest.mark.parametrize("case", golden_cases())
def test_rendered_and_built(case: str) -> None:
    """Every generated file, whole, and what the real kustomize makes of each overlay."""
    hold_all_current(CASES / case, kept(case), golden(case))


@pytest.mark.parametrize("case", error_cases())
def test_refused(case: str) -> None:
    """The exact message and exit code; nothing is written, and no traceback is shown."""
    assert answer(case) == (CASES / case / "expected.txt").read_text(encoding="utf-8"), REFRESH


def test_there_are_enough_refusals() -> None:
    """A refusal without a case is a promise without a proof."""
    assert len(error_cases()) >= 35


def test_every_field_of_the_model_is_in_a_golden_case() -> None:
    """Raw parts of Kubernetes objects aside: what they may hold is Kubernetes' to say."""
    known: set[tuple[str, str]] = set()
    used: set[tuple[str, str]] = set()
    for kind, shape in FILES.items():
        schema = schema_of(shape)
        known |= {origin(name, key) for name, body in schema["definitions"].items() for key in body["properties"]}
        pages = (page for case in golden_cases() for page in (CASES / case / "inputs").glob(PAGES[kind]))
        used |= {field for page in pages for field in fields(schema, schema, yaml.safe_load(page.read_bytes()))}
    assert sorted(known - used) == []


def fields(schema: Schema, node: Schema, value: object) -> Iterator[tuple[str, str]]:
    """Yield the (model, field) pairs that a value uses, the models being those of the schema."""
    if "anyOf" in node:
        for branch in node["anyOf"]:
            yield from fields(schema, branch, value)
    elif "$ref" in node:
        name = node["$ref"].rpartition("/")[2]
        body = schema["definitions"][name]
        for key, inner in value.items() if isinstance(value, dict) else ():
            if key in body["properties"]:
                yield origin(name, key)
                yield from fields(schema, body["properties"][key], inner)
    elif isinstance(value, dict) and isinstance(node.get("additionalProperties"), dict):
        for inner in value.values():
            yield from fields(schema, node["additionalProperties"], inner)
    elif isinstance(value, list) and isinstance(node.get("items"), dict):
        for inner in value:
            yield from fields(schema, node["items"], inner)


def origin(name: str, key: str) -> tuple[str, str]:
    """Return a field with the model that it was first written for: a job's `args` are a container's."""
    model = name.removesuffix("Layer")
    while key not in descriptions()[model]:
        model = descriptions()[model]["is-a"]
    return model, key
