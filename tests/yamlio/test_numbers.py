"""A number that Fairlead writes is the same number to whoever reads it."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from generator.yamlio import dump, parse


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.00001, "0.00001"), (1e16, "10000000000000000.0"), (-2.5e-7, "-0.00000025"), (0.5, "0.5"), (7, "7")],
)
def test_a_number_is_written_in_digits(value: float, text: str) -> None:
    """An exponent is text to some readers."""
    assert dump(value) == f"{text}\n"


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_stays_the_number_it_is(value: float) -> None:
    """To a reader of YAML 1.1."""
    assert yaml.safe_load(dump(value)) == value


@given(st.floats(min_value=-1e6, max_value=1e6).map(lambda value: round(value, 6)))
def test_our_own_reader_takes_the_number_back(value: float) -> None:
    """What a page can hold, `fairlead explain` can show."""
    document, problems = parse(dump({"cpu": value}).encode(), "page.yaml")
    assert not problems
    assert document is not None
    assert document.value == {"cpu": value}
