"""The smallest patch: one row for each way in which two manifests differ."""

from __future__ import annotations

from typing import Any

import pytest

from generator.layout.difference import deletion, patch


def deployment(**spec: Any) -> dict[str, Any]:
    """A Deployment with this pod spec."""
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "web", "namespace": "shop"},
        "spec": {"template": {"spec": spec}},
    }


def pod_patch(base: dict[str, Any], wanted: dict[str, Any]) -> Any:
    """The part of the patch that is about the pod spec."""
    change = patch(deployment(**base), deployment(**wanted))
    assert change is not None
    return change["spec"]["template"]["spec"]


def env(*pairs: tuple[str, str]) -> dict[str, Any]:
    """A pod spec whose container `web` has these variables."""
    return {"containers": [{"name": "web", "env": [{"name": name, "value": value} for name, value in pairs]}]}


def test_equal_manifests_need_no_patch() -> None:
    """An environment equal to the base is an empty overlay."""
    assert patch(deployment(**env(("A", "1"))), deployment(**env(("A", "1")))) is None


def test_a_patch_names_its_object_and_nothing_else() -> None:
    """Name and namespace identify the object; the rest of its metadata stays out."""
    change = patch(deployment(nodeSelector={"a": "1"}), deployment(nodeSelector={"a": "2"}))
    assert change == {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "web", "namespace": "shop"},
        "spec": {"template": {"spec": {"nodeSelector": {"a": "2"}}}},
    }


@pytest.mark.parametrize(
    ("base", "wanted", "expected"),
    [
        pytest.param(
            {"nodeSelector": {"a": "1", "b": "1"}},
            {"nodeSelector": {"a": "1"}},
            {"nodeSelector": {"b": None}},
            id="a key goes",
        ),
        pytest.param({"nodeSelector": {"a": "1"}}, {}, {"nodeSelector": None}, id="a mapping goes"),
        pytest.param({}, {"nodeSelector": {"a": "1"}}, {"nodeSelector": {"a": "1"}}, id="a mapping comes"),
        pytest.param(
            {"tolerations": [{"key": "a"}]},
            {"tolerations": [{"key": "b"}]},
            {"tolerations": [{"key": "b"}]},
            id="a plain list is replaced",
        ),
        pytest.param(
            {"topologySpreadConstraints": [{"topologyKey": "a", "maxSkew": 1}]},
            {"topologySpreadConstraints": [{"topologyKey": "a", "maxSkew": 2}]},
            {"topologySpreadConstraints": [{"$patch": "replace"}, {"topologyKey": "a", "maxSkew": 2}]},
            id="spread constraints are replaced, or the old one would stay beside the new",
        ),
        pytest.param(
            {"dnsConfig": {"x": "25%", "y": "1"}},
            {"dnsConfig": {"x": 1, "y": "1"}},
            {"dnsConfig": {"$patch": "replace", "x": 1, "y": "1"}},
            id="text that becomes a number would keep its quotes",
        ),
    ],
)
def test_fields_of_the_pod(base: dict[str, Any], wanted: dict[str, Any], expected: dict[str, Any]) -> None:
    """Mappings merge by key, null removes, lists without keys are replaced."""
    assert pod_patch(base, wanted) == expected


@pytest.mark.parametrize(
    ("base", "wanted", "expected"),
    [
        pytest.param(
            [("A", "1"), ("B", "1")], [("A", "2"), ("B", "1")], [{"name": "A", "value": "2"}], id="the first changes"
        ),
        pytest.param(
            [("A", "1"), ("B", "1")],
            [("A", "1"), ("B", "2")],
            [{"name": "A"}, {"name": "B", "value": "2"}],
            id="a later one changes: those before it are named, or it would move to the front",
        ),
        pytest.param(
            [("A", "1")],
            [("A", "1"), ("B", "1")],
            [{"name": "A"}, {"name": "B", "value": "1"}],
            id="one comes at the end",
        ),
        pytest.param(
            [("A", "1")], [("B", "1"), ("A", "1")], [{"name": "B", "value": "1"}], id="one comes at the front"
        ),
        pytest.param([("A", "1"), ("B", "1")], [("A", "1")], [{"name": "B", "$patch": "delete"}], id="one goes"),
        pytest.param([("A", "1"), ("B", "1")], [("B", "1"), ("A", "1")], [{"name": "B"}], id="the order changes"),
    ],
)
def test_variables_merge_by_name(
    base: list[tuple[str, str]], wanted: list[tuple[str, str]], expected: list[dict[str, Any]]
) -> None:
    """A keyed list names the shortest head that puts everything in its place."""
    assert pod_patch(env(*base), env(*wanted)) == {"containers": [{"name": "web", "env": expected}]}


def test_a_port_that_comes_replaces_the_list() -> None:
    """Ports have two keys, and kustomize then puts new elements first whatever the patch says."""
    old = {"containerPort": 80, "protocol": "TCP"}
    new = {"containerPort": 81, "protocol": "TCP"}
    change = pod_patch(
        {"containers": [{"name": "web", "ports": [old]}]}, {"containers": [{"name": "web", "ports": [old, new]}]}
    )
    assert change == {"containers": [{"name": "web", "ports": [{"$patch": "replace"}, old, new]}]}


def test_lists_of_custom_resources_are_replaced() -> None:
    """Merge keys are known for Kubernetes' own kinds alone."""
    base = {
        "apiVersion": "example.com/v1",
        "kind": "Widget",
        "metadata": {"name": "a"},
        "spec": {"ports": [{"port": 1}]},
    }
    wanted = {**base, "spec": {"ports": [{"port": 1}, {"port": 2}]}}
    change = patch(base, wanted)
    assert change is not None
    assert change["spec"] == {"ports": [{"port": 1}, {"port": 2}]}


def test_an_object_that_goes_is_named_and_marked() -> None:
    """A deletion is a patch too."""
    assert deletion(deployment(containers=[])) == {
        "$patch": "delete",
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "web", "namespace": "shop"},
    }
