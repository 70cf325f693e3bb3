"""Kubernetes quantities: text to number, and a guess at what a wrong one meant.

https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
"""

from __future__ import annotations

import re
from fractions import Fraction
from functools import lru_cache
from typing import Any

_QUANTITY = re.compile(r"([+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+))([numkMGTPE]|[KMGTPE]i|[eE][+-]?[0-9]{1,2})?", re.ASCII)
_LOOSE = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*([A-Za-z]*)", re.ASCII)
_SMALL = {"n": -9, "u": -6, "m": -3, "": 0, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}
_LONGEST = 40  # no real quantity comes near, and huge numbers cost time
_MILLI_DIGITS = 3  # nobody asks for 100 whole CPUs

MEBIBYTE = 1 << 20


@lru_cache(maxsize=4096)
def _parse(text: str) -> Fraction | None:
    found = _QUANTITY.fullmatch(text) if len(text) <= _LONGEST else None
    if found is None:
        return None
    digits, suffix = found[1], found[2] or ""
    base, power = (1024, "KMGTPE".index(suffix[0]) + 1) if suffix.endswith("i") else (10, _exponent(suffix))
    factor = Fraction(base**power) if power >= 0 else Fraction(1, base**-power)
    return Fraction(digits) * factor


def _exponent(suffix: str) -> int:
    return _SMALL[suffix] if suffix in _SMALL else int(suffix[1:])


def parse(value: Any) -> Fraction | None:
    """Return the number that a quantity stands for (bytes, CPUs, pieces), None for what is no quantity."""
    if isinstance(value, str):
        return _parse(value)
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return _parse(str(value)) if number else None


def suffix(value: Any) -> str:
    """Return the suffix of a quantity: `Mi`, `m`, or the empty text."""
    found = _QUANTITY.fullmatch(value) if isinstance(value, str) else None
    return (found[2] or "") if found else ""


def meant_memory(value: Any) -> str | None:
    """Guess the memory that somebody meant: `512m`, `512MB` and `512 mb` are `512Mi`, `1gb` is `1Gi`."""
    found = _LOOSE.fullmatch(str(value))
    unit = found[2].lower().removesuffix("b").removesuffix("i") if found else "?"
    known = {"m": "Mi", "g": "Gi", "k": "Ki", "t": "Ti", "": "Mi"}
    return f"{found[1]}{known[unit]}" if found and unit in known else None


def meant_cpu(value: Any) -> str | None:
    """Guess the CPU that somebody meant: `100Mi`, `100mcpu` and a plain `100` are `100m`."""
    found = _LOOSE.fullmatch(str(value))
    if not found:
        return None
    many = found[1].isdecimal() and len(found[1]) >= _MILLI_DIGITS
    return f"{found[1]}m" if many or found[2].lower().startswith("m") else found[1]


def plain(number: Fraction) -> str:
    """Return a number as people read it: `0.512`, `104857600`."""
    return str(number.numerator) if number.denominator == 1 else f"{float(number):.9g}"
