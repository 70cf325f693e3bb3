"""What counts as a difference between two sets of objects."""

from __future__ import annotations

from typing import Any

import pytest

from generator.kubernetes.manifest import show
from generator.prove.compare import ABSENT, compare, narrow, same, show_both


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


LONG = [{"name": f"V{number}", "value": str(number)} for number in range(100)]


@pytest.mark.parametrize(
    ("wanted", "found", "place", "values", "more"),
    [
        (LONG, [*LONG, {"name": "NEW"}], "[100]", (ABSENT, {"name": "NEW"}), 0),
        (LONG, LONG[:-1], "[99]", ({"name": "V99", "value": "99"}, ABSENT), 0),
        (LONG[:3], [LONG[0], LONG[2]], "[1].name", ("V1", "V2"), 2),
        ([[1, 2], [3, 4, 5], 6], [[1, 2], [3, 9]], "[1][1]", (4, 9), 2),
        ([], [1], "[0]", (ABSENT, 1), 0),
        (1, 2, "", (1, 2), 0),
        (ABSENT, [1], "", (ABSENT, [1]), 0),
    ],
)
def test_the_first_place_where_two_lists_differ(wanted: Any, found: Any, place: str, values: Any, more: int) -> None:
    """Not the whole lists; how many places more differ is counted."""
    path, *both, others = narrow(wanted, found)
    assert (show(path), tuple(both), others) == (place, values, more)


def test_two_long_values_are_shown_from_where_they_differ() -> None:
    """Cut behind a hundred characters they would look the same."""
    one, other = show_both("x" * 500 + "left" + "y" * 500, "x" * 500 + "right")
    assert one == f"...{'x' * 30}left{'y' * 60}..."
    assert other == f'...{"x" * 30}right"'
    assert show_both("a", "b") == ('"a"', '"b"')
    assert len(show_both(["x" * 90], ["x" * 90 + "y" * 90])[1]) <= 100
