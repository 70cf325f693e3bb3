"""The server's words for a field become a path into the object."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.apiserver.field import path_of
from generator.kubernetes.manifest import at

POD: dict[str, Any] = {
    "metadata": {"annotations": {"example.com/a": "1", "a.b": "2", "a": {"b": "3"}}, "finalizers": ["x", "y"]},
    "spec": {
        "containers": [
            {"name": "web", "ports": [{"containerPort": 80}, {"containerPort": 80, "protocol": "UDP"}]},
            {"name": "db.x]", "image": "db"},
        ],
        "loadBalancerSourceRanges": ["a", "b"],
        "template": {"metadata": {"labels": {"app": "web"}}, "spec": {}},
    },
}


@pytest.mark.parametrize(
    ("said", "path"),
    [
        ("", ()),
        ("<nil>", ()),
        ("spec.containers[1].image", ("spec", "containers", 1, "image")),
        ("metadata.annotations[example.com/a]", ("metadata", "annotations", "example.com/a")),
        (".metadata.annotations.example.com/a", ("metadata", "annotations", "example.com/a")),
        ("metadata.annotations.a.b", ("metadata", "annotations", "a.b")),
        ('.metadata.finalizers[="y"]', ("metadata", "finalizers", 1)),
        ('.spec.containers[name="web"].imagee', ("spec", "containers", 0, "imagee")),
        ('.spec.containers[name="db.x]"].image', ("spec", "containers", 1, "image")),
        (
            '.spec.containers[name="web"].ports[containerPort=80,protocol="TCP"].name',
            ("spec", "containers", 0, "ports", 0, "name"),
        ),
        ("spec.LoadBalancerSourceRanges[1]", ("spec", "loadBalancerSourceRanges", 1)),
        ("spec.template.labels", ("spec", "template", "metadata", "labels")),
        ("spec.clusterIPs[0]", ("spec", "clusterIPs", 0)),
        ("spec.rules[0].http", ("spec", "rules", 0, "http")),
        (".spec.containers[name=[]", ("spec", "containers", "name=[")),
        ("data[tls.crt]", ("data", "tls.crt")),
        ('.spec.containers[name="gone"]', ("spec", "containers", 'name="gone"')),
    ],
)
def test_a_field_is_found(said: str, path: tuple[str | int, ...]) -> None:
    """Also one that the object lacks: its line is that of what is around it."""
    assert path_of(said, POD) == path


keys = st.text("abcXYZ-_/.0", min_size=1).filter(lambda key: not key.startswith("."))
objects = st.recursive(
    st.integers(), lambda inner: st.dictionaries(keys, inner, min_size=1) | st.lists(inner, min_size=1), max_leaves=12
)


@settings(deadline=None)
@given(st.dictionaries(keys, objects, min_size=1), st.data())
def test_the_notation_with_brackets_is_always_read_back(manifest: dict[str, Any], data: st.DataObject) -> None:
    """Whatever dots, slashes and capitals are in the keys."""
    path: list[str | int] = []
    while steps := _steps(at(manifest, tuple(path))):
        path.append(data.draw(st.sampled_from(steps)))
    assert path_of("".join(f"[{step}]" for step in path), manifest) == tuple(path)


def _steps(value: Any) -> list[str | int]:
    return list(value) if isinstance(value, dict) else list(range(len(value))) if isinstance(value, list) else []


@settings(deadline=None)
@given(st.text(max_size=60))
def test_no_text_is_too_odd(said: str) -> None:
    """There is a path for everything that a server may say, and it leads into the object or nowhere."""
    assert at(POD, path_of(said, POD)) is None or path_of(said, POD) is not None
