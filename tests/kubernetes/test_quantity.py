"""Quantities: what Kubernetes reads, what it refuses, and what was probably meant."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from generator.kubernetes.quantity import meant_cpu, meant_memory, parse


@pytest.mark.parametrize(
    ("value", "number"),
    [
        ("1", 1),
        (2, 2),
        (0.5, Fraction(1, 2)),
        ("250m", Fraction(1, 4)),
        ("512Mi", 512 << 20),
        ("512M", 512_000_000),
        ("1.5Gi", 3 << 29),
        (".5", Fraction(1, 2)),
        ("1e3", 1000),
        ("1E-3", Fraction(1, 1000)),
        ("1E", 10**18),
        ("-1", -1),
    ],
)
def test_quantity(value: Any, number: Fraction) -> None:
    """The grammar of the API reference."""
    assert parse(value) == number


@pytest.mark.parametrize(
    "value",
    ["", "x", "250x", "1GB", "1 Gi", "1mi", "0x10", "1e1000", "1_000", "\u0661", True, None, [], "9" * 41],
)
def test_no_quantity(value: Any) -> None:
    """Everything else, and numbers nobody means."""
    assert parse(value) is None


@pytest.mark.parametrize(
    ("value", "meant"),
    [("512m", "512Mi"), ("512MB", "512Mi"), ("1 gb", "1Gi"), (512, "512Mi"), ("lots", None), ("5x", None)],
)
def test_meant_memory(value: Any, meant: str | None) -> None:
    """The usual slips."""
    assert meant_memory(value) == meant


@pytest.mark.parametrize(
    ("value", "meant"),
    [("100Mi", "100m"), ("250x", "250m"), ("2G", "2"), (500, "500m"), ("0.5cpu", "0.5"), ("x", None)],
)
def test_meant_cpu(value: Any, meant: str | None) -> None:
    """The usual slips."""
    assert meant_cpu(value) == meant
