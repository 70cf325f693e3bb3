"""What is no definition to use, and how that is said: with the line that it stands on."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.crds.definition import definition, faults
from generator.crds.files import files
from generator.crds.intake import read_definitions
from generator.findings.errors import InputError
from generator.yamlio import dump

from .widgets import crd

TEXT = dump(crd())
_PUBLISHED = "take the definition that its project publishes for apiextensions.k8s.io/v1"


def complaints(text: str) -> list[str]:
    """Return what is said about a file."""
    with pytest.raises(InputError) as caught:
        read_definitions(text.encode(), "crds/widgets.yaml")
    return str(caught.value).splitlines()


def test_a_definition_is_read() -> None:
    """Its names and the versions that it serves."""
    (found,) = read_definitions(TEXT.encode(), "widgets.yaml")
    assert (found.group, found.kind, found.plural, found.versions) == ("example.com", "Widget", "widgets", ("v1",))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("", "1:1: error SCH003: the file is empty; give files that hold definitions", id="empty"),
        pytest.param(
            "a: [1\nb: 2\n",
            "2:2: error SPC001: not YAML: while parsing a flow sequence did not find expected ',' or ']'; "
            "mend the syntax",
            id="broken",
        ),
        pytest.param("a: 1\na: 2\n", "2:1: error SPC004: duplicate key 'a' (first on line 1); keep one of the two"),
        pytest.param(
            f"{TEXT}---\nkind: Deployment\n",
            f"{TEXT.count(chr(10)) + 2}:1: error SCH003: a Deployment, not a CustomResourceDefinition; "
            "give files that hold definitions alone",
            id="something-else",
        ),
        pytest.param(
            "- 1\n",
            "1:1: error SCH003: something without a kind, not a CustomResourceDefinition; "
            "give files that hold definitions alone",
            id="no-object",
        ),
        pytest.param(
            TEXT.replace("k8s.io/v1", "k8s.io/v1beta1"),
            f"1:13: error SCH003: apiextensions.k8s.io/v1beta1 went away with Kubernetes 1.22; {_PUBLISHED}",
            id="v1beta1",
        ),
        pytest.param(
            TEXT.replace("group: example.com", "group: ../../etc"),
            f"6:10: error SCH003: spec.group is '../../etc', which no API server takes; {_PUBLISHED}",
            id="a-path-as-a-group",
        ),
        pytest.param(
            TEXT.replace("served: true", "served: false"),
            f"14:3: error SCH003: no version is served; {_PUBLISHED}",
            id="none-served",
        ),
        pytest.param(
            TEXT.replace("openAPIV3Schema", "openAPIV2Schema"),
            f"14:5: error SCH003: version v1 has no schema; nothing could be checked against it; {_PUBLISHED}",
            id="no-schema",
        ),
        pytest.param(
            TEXT.replace("          spec:\n            type:", "          spec:\n            typo:"),
            f"24:19: error SCH003: `typo` is no word of a structural schema; {_PUBLISHED}",
            id="an-unknown-word",
        ),
    ],
)
def test_what_cannot_be_used_is_named_with_its_line(text: str, message: str) -> None:
    """File, line, what is wrong and what to do."""
    assert complaints(text)[0] == f"crds/widgets.yaml:{message}"


def test_a_schema_that_is_not_structural_is_named_with_its_field() -> None:
    """An API server refuses a field without a type, and every one is named."""
    spec = {"type": "object", "properties": {"a": {}, "b": {"type": "array", "items": {"enum": ["x"]}}}}
    said = complaints(json.dumps(crd(spec), indent=1))
    assert [line.partition(" error ")[2].partition(";")[0] for line in said] == ["SCH003: a field without a type"] * 2


def test_a_definition_in_json_is_read() -> None:
    """As `kubectl get crd -o json` gives it, tabs and all."""
    (found,) = read_definitions(json.dumps(crd(), indent="\t").encode(), "widgets.json")
    assert found.kind == "Widget"


def test_several_documents_and_a_list_are_read() -> None:
    """As projects publish them, and as `kubectl get crd -o yaml` gives them."""
    gadgets = json.loads(json.dumps(crd()).replace("widget", "gadget").replace("Widget", "Gadget"))
    listed = {"apiVersion": "v1", "kind": "List", "items": [crd(), gadgets]}
    for text in (f"---\n{TEXT}---\n---\n{dump(gadgets)}", dump(listed)):
        assert [found.kind for found in read_definitions(text.encode(), "crds.yaml")] == ["Widget", "Gadget"]


def test_a_fault_inside_a_list_has_its_own_line() -> None:
    """Not that of the list."""
    text = dump({"kind": "List", "items": [crd(), {"kind": "Deployment"}]})
    line = text[: text.index("Deployment")].count("\n") + 1
    assert complaints(text)[0].startswith(f"crds/widgets.yaml:{line}:")


WORDS = (
    "properties",
    "items",
    "anyOf",
    "not",
    "type",
    "required",
    "enum",
    "additionalProperties",
    "nullable",
    "format",
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(WORDS), inner, max_size=3),
    max_leaves=8,
)


@given(schema=st.dictionaries(st.sampled_from(WORDS), JSON, max_size=4))
def test_no_schema_is_worse_than_refused(schema: dict[str, Any]) -> None:
    """Whatever stands in a definition: it has faults, or its files can be made."""
    manifest = crd(properties={"field": schema})
    if not list(faults(manifest)):
        assert files(definition(manifest))


@given(value=JSON, path=st.sampled_from(["spec", "metadata", "versions", "names", "schema"]))
def test_no_manifest_is_worse_than_refused(value: Any, path: str) -> None:
    """The same for everything around the schema."""
    manifest = crd()
    holder = {"versions": manifest["spec"], "names": manifest["spec"], "schema": manifest["spec"]["versions"][0]}
    holder.get(path, manifest)[path] = value
    if not list(faults(manifest)):
        assert files(definition(manifest))
