"""Everything against one object is heard, though the server stops at the first thing that it cannot read."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.apiserver.causes import hear
from generator.apiserver.client import Response
from generator.apiserver.locate_field import locate_path, without
from generator.apiserver.refusal import RefusalCause, refusals
from generator.kubernetes.manifest import at

TYPED = "failed to create typed patch object (shop/web; apps/v1, Kind=Deployment): "
UNREADABLE = (
    "failed to convert new object (shop/web; apps/v1, Kind=Deployment) to proper version: unable to convert "
    "unstructured object to apps/v1, Kind=Deployment: quantities must match"
)
OBJECT: dict[str, Any] = {
    "kind": "Widget",
    "metadata": {"name": "web", "labels": {"a": "1"}},
    "spec": {"env": [{"name": "A", "value": "1"}, {"name": "B"}, {"name": "A", "value": "2"}], "cpu": "1x", "port": 0},
}


def says(message: str, *causes: tuple[str, str], status: int = 500) -> Response:
    """Return a refusal as the server words it."""
    found = [{"field": field, "message": words} for field, words in causes]
    return Response(status, {"message": message, "details": {"causes": found} if found else None})


def server(manifest: dict[str, Any]) -> Response:
    """Judge as the server does: names first, then amounts, then all the rest at once."""
    spec = manifest["spec"]
    names = [each["name"] for each in spec["env"]]
    if len(set(names)) < len(names):
        return says(f'{TYPED}.spec.env: duplicate entries for key [name="A"]')
    if str(spec.get("cpu", "")).endswith("x") or str(spec.get("memory", "")).endswith("x"):
        return says(UNREADABLE)
    ports = [("spec.port", "Required value" if "port" not in spec else "Invalid value: 0: must be above 0")]
    return says("invalid", *ports, status=422)


def test_one_fault_does_not_hide_the_next() -> None:
    """What was named is taken out, and the server is asked again."""
    heard = hear(OBJECT | {"spec": OBJECT["spec"] | {"memory": "1x"}}, server)
    assert heard == (
        RefusalCause(("spec", "env", 2), 'duplicate entries for key [name="A"]'),
        RefusalCause(("spec", "memory"), "quantities must match"),
        RefusalCause(("spec", "cpu"), "quantities must match"),
        RefusalCause(("spec", "port"), "Invalid value: 0: must be above 0"),
    )


def test_what_is_missing_only_because_it_was_taken_out_is_not_said() -> None:
    """The number of a port is gone after the first round."""

    def ask(manifest: dict[str, Any]) -> Response:
        if "port" in manifest["spec"]:
            return says(f"{TYPED}.spec.port: expected string, got &value.valueUnstructured{{Value:0}}")
        return says("invalid", ("spec.port", "Required value"), status=422)

    assert hear(OBJECT, ask) == (RefusalCause(("spec", "port"), "expected string, got 0"),)


def test_entries_keep_their_numbers_when_others_go() -> None:
    """The second complaint is about what is entry 1 once entry 0 is gone, and entry 2 in the file."""

    def ask(manifest: dict[str, Any]) -> Response:
        number = len(manifest["spec"]["env"])
        return says(f"{TYPED}.spec.env[{3 - number}]: wrong") if number > 1 else Response(200, {})

    assert [each.path for each in hear(OBJECT, ask)] == [("spec", "env", 0), ("spec", "env", 2)]


def test_a_complaint_about_nothing_in_the_object_has_no_place() -> None:
    """And is not asked for ever."""
    asked: list[object] = []

    def ask(manifest: dict[str, Any]) -> Response:
        asked.append(manifest)
        return says("the server is of another opinion", status=403)

    assert hear(OBJECT, ask) == (RefusalCause(None, "the server is of another opinion"),)
    assert len(asked) == 2


@settings(deadline=None)
@given(st.lists(st.sampled_from("abcdefgh"), unique=True, min_size=1), st.data())
def test_probing_finds_a_value_that_is_to_blame(keys: list[str], data: st.DataObject) -> None:
    """It is the last one: without it and all before it the complaint is gone."""
    manifest = {
        "metadata": {"name": "x"},
        "spec": {key: [f"{key}0", {"name": "x", "value": f"{key}1"}] for key in keys},
    }
    values = [("spec", key, *rest) for key in keys for rest in ((0,), (1, "value"))]
    bad = data.draw(st.lists(st.sampled_from(values), unique=True, min_size=1))
    words = [str(at(manifest, path)) for path in bad]
    assert locate_path(manifest, lambda other: any(word in str(other) for word in words)) == max(bad, key=values.index)


def test_taking_out_leaves_the_rest_as_it_is() -> None:
    """And the object itself untouched."""
    rest = without(OBJECT, [("spec", "env", 1), ("metadata", "labels", "a")])
    assert rest["spec"]["env"] == [OBJECT["spec"]["env"][0], OBJECT["spec"]["env"][2]]
    assert rest["metadata"] == {"name": "web", "labels": {}}
    assert len(OBJECT["spec"]["env"]) == 3


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (
            {"message": f'{TYPED}errors:\n  .spec.a: not declared\n  .spec.env[name="B"].c: not declared'},
            [RefusalCause(("spec", "a"), "not declared"), RefusalCause(("spec", "env", 1, "c"), "not declared")],
        ),
        (
            {"message": 'strict decoding error: unknown field "spec.a", duplicate field "spec.port"'},
            [RefusalCause(("spec", "a"), "unknown field"), RefusalCause(("spec", "port"), "duplicate field")],
        ),
        (
            {"details": {"causes": [{"field": "metadata.labels", "message": 'Invalid value: "1": too short'}]}},
            [RefusalCause(("metadata", "labels", "a"), 'Invalid value: "1": too short')],
        ),
        (
            {
                "details": {
                    "causes": [
                        {"field": "spec.a", "message": "Required value"},
                        {
                            "field": "<nil>",
                            "message": "Invalid value: null: some validation rules were not checked "
                            "because the object was invalid; correct the existing errors",
                        },
                    ]
                }
            },
            [RefusalCause(("spec", "a"), "Required value")],
        ),
        ({"message": 'namespaces "shop" not found'}, [RefusalCause(None, 'namespaces "shop" not found')]),
        ({"message": f"{TYPED}no path at all"}, [RefusalCause(None, "no path at all")]),
        ({}, [RefusalCause(None, "refused")]),
    ],
)
def test_a_refusal_is_read_cause_by_cause(status: dict[str, Any], expected: list[RefusalCause]) -> None:
    """In every form that the server has for it."""
    assert list(refusals(status, OBJECT)) == expected


CONFLICT = 'Operation cannot be fulfilled on widgets.example.com "web": '


@pytest.mark.parametrize(
    ("words", "field"),
    [
        ("uid mismatch: the provided object specified uid 1, and no existing object was found", "uid"),
        ("Precondition failed: UID in precondition: 1, UID in object meta: 2", "uid"),
        ("the object has been modified; please apply your changes to the latest version", "resourceVersion"),
    ],
)
def test_a_conflict_is_about_the_field_that_speaks_of_another_object(words: str, field: str) -> None:
    """The server names none; it is asked again without it, for what else is wrong."""
    manifest = OBJECT | {"metadata": {"name": "web", field: "1"}}

    def ask(other: dict[str, Any]) -> Response:
        return says(CONFLICT + words, status=409) if field in other["metadata"] else server(other)

    found = hear(manifest, ask)
    assert found[0] == RefusalCause(("metadata", field), words)
    assert found[1].path == ("spec", "env", 2)


def test_a_conflict_without_such_a_field_is_about_the_whole_object() -> None:
    """Nothing of it is to blame."""
    said = says(f"{CONFLICT}the object has been modified; please apply", status=409)
    assert hear({"kind": "Widget", "metadata": {"name": "web"}}, lambda _: said) == (
        RefusalCause(None, "the object has been modified; please apply"),
    )
