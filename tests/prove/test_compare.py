"""What counts as a difference between two sets of objects."""

from __future__ import annotations

from typing import Any

import pytest

from generator.manifest import show
from generator.prove.compare import compare, same


def config(name: str, **data: Any) -> dict[str, Any]:
    """A ConfigMap."""
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}, "data": data}


def test_equal_sets_have_no_difference() -> None:
    """Order of objects and of keys does not count."""
    assert list(compare([config("a", x="1", y="2"), config("b")], [config("b"), config("a", y="2", x="1")])) == []


@pytest.mark.parametrize(("left", "right"), [(1, "1"), (1, True), (0, False), ("", None), ([], {}), ([1, 2], [2, 1])])
def test_values_are_compared_strictly(left: Any, right: Any) -> None:
    """A number is no text, true is no 1, order in lists counts."""
    assert not same(left, right)


def test_every_differing_field_is_named() -> None:
    """Each field that is other, missing or extra is a difference of its own."""
    found = list(compare([config("a", x="1", y="2")], [config("a", x="2", z="3")]))
    assert [(show(each.path), repr(each.wanted), repr(each.found)) for each in found] == [
        ("data.x", "'1'", "'2'"),
        ("data.y", "'2'", "(absent)"),
        ("data.z", "(absent)", "'3'"),
    ]


def test_whole_objects_are_named_once() -> None:
    """A missing and an extra object are one difference each."""
    found = list(compare([config("a")], [config("b")]))
    assert [(str(each.id), each.path) for each in found] == [("ConfigMap/a", ()), ("ConfigMap/b", ())]
