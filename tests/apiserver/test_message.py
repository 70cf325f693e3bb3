"""What is left of the server's words: what a person can use."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.apiserver.refusal import plain


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("Required value", "Required value"),
        ("Invalid value: 99999: must be between 1 and 65535", "Invalid value: 99999: must be between 1 and 65535"),
        ('Invalid value: "a: b": may not have a colon', 'Invalid value: "a: b": may not have a colon'),
        ('Invalid value: {"a":"}: {"}: field is immutable', "field is immutable"),
        ('Invalid value: ["10.0.0.1"]: may not change once set', "may not change once set"),
        ('Invalid value: "": cannot set both', "cannot set both"),
        ('Invalid value: "object": min may not be above max', "min may not be above max"),
        ("Invalid value: min may not be above max", "min may not be above max"),
        (f'Invalid value: "{"x" * 90}": must be shorter', "must be shorter"),
        (
            "a label is short (e.g. 'MyValue',  or '12345', regex used for validation is '([a-z])?') with a prefix",
            "a label is short with a prefix",
        ),
        ("Forbidden: spec is immutable\n@@ -10,7 +10,7 @@\n- a\n+ b", "Forbidden: spec is immutable"),
        ("expected string, got &value.valueUnstructured{Value:5}", "expected string, got 5"),
        ("expected list, got &{map[A:b]}", "expected list, got a mapping"),
        ("expected map, got &{[a b]}", "expected map, got a list"),
        ("expected map, got &{5}", "expected map, got 5"),
    ],
)
def test_noise_is_left_out(said: str, shown: str) -> None:
    """Printed structures, regular expressions and diffs are for the server's programmers."""
    assert plain(said) == shown


@settings(deadline=None)
@given(st.text())
def test_one_line_comes_out(said: str) -> None:
    """Whatever the server says."""
    assert "\n" not in plain(said)
    assert "\n" not in plain(f"Invalid value: {said}")
