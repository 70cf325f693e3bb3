"""The merge is associative over layers, whatever they hold, and nulls are removals until the end."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from generator.inputs.merge import merge, merge_all, strip, with_additions

KEYS = st.sampled_from(["image", "env", "port", "a", "b"])
SCALARS = st.none() | st.booleans() | st.integers(0, 3) | st.sampled_from(["x", "y"])
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=12,
)
LAYERS = st.dictionaries(KEYS, VALUES, max_size=4)


@given(LAYERS, LAYERS, LAYERS)
def test_layers_may_be_combined_in_any_grouping(low: Any, middle: Any, high: Any) -> None:
    """(low + middle) + high is low + (middle + high), removals included."""
    left = strip(merge(merge(low, middle), high))
    right = strip(merge(low, merge(middle, high)))
    assert left == right


@given(st.lists(st.none() | st.lists(st.sampled_from(["a", "b"]), max_size=2), min_size=3, max_size=3))
def test_a_list_that_is_added_to_may_be_combined_in_any_grouping(lists: Any) -> None:
    """A null between two layers keeps the lower one out, whichever two are merged first."""
    low, middle, high = (with_additions({"external": each}) for each in lists)
    assert strip(merge(merge(low, middle), high)) == strip(merge(low, merge(middle, high)))


@given(LAYERS)
def test_an_empty_layer_changes_nothing(layer: Any) -> None:
    """Above and below."""
    assert strip(merge(layer, {})) == strip(merge({}, layer)) == strip(layer)


@given(LAYERS)
def test_a_layer_over_itself_is_itself(layer: Any) -> None:
    """Saying it twice is saying it once."""
    assert strip(merge(layer, layer)) == strip(layer)


@given(st.lists(LAYERS, max_size=4))
def test_the_layers_stay_as_they_were(layers: list[Any]) -> None:
    """Pages are shared between environments: a merge must not write into them."""
    before = repr(layers)
    strip(merge_all(layers))
    assert repr(layers) == before


@given(LAYERS, LAYERS)
def test_the_upper_scalar_and_list_win(low: Any, high: Any) -> None:
    """Only mappings are merged."""
    merged = strip(merge(low, high))
    for key, value in high.items():
        if value is None:
            assert key not in merged
        elif not isinstance(value, dict):
            assert merged[key] == value


@given(LAYERS)
def test_nothing_that_null_removed_is_left(layer: Any) -> None:
    """Lists aside: they are values of the page's own."""

    def nulls(value: Any) -> bool:
        return isinstance(value, dict) and any(inner is None or nulls(inner) for inner in value.values())

    assert not nulls(strip(layer))


def test_a_mapping_after_null_starts_afresh() -> None:
    """What null removed does not shine through from two layers below."""
    layers = [{"env": {"A": "1"}}, {"env": None}, {"env": {"B": "2"}}]
    assert strip(merge_all(layers)) == {"env": {"B": "2"}}
    assert strip(merge(layers[0], merge(layers[1], layers[2]))) == {"env": {"B": "2"}}
