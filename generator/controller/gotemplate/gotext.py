"""How Go prints values: what a template leaves of a number, a list or a mapping."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

# A key that is not there, where that is no error.
MISSING = object()

# From this exponent on, and below the other, Go prints a float with an exponent: a million is 1e+06.
_LARGE, _SMALL = 6, -4


def go_text(value: Any) -> str:
    """Return `value` as Go's `%v` prints it. Floats are those of JSON; None is nil."""
    if value is None:
        return "<nil>"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return _float_text(value)
    if isinstance(value, dict):
        return f"map[{' '.join(f'{key}:{go_text(value[key])}' for key in sorted(value))}]"
    if isinstance(value, (list, tuple)):
        return f"[{' '.join(map(go_text, value))}]"
    return str(value)


def go_numbers(value: Any) -> Any:
    """Return a value with every number as the float that Go reads it as from JSON and YAML."""
    if isinstance(value, dict):
        return {key: go_numbers(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [go_numbers(inner) for inner in value]
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _float_text(value: float) -> str:
    """Return the shortest digits that mean this float, as strconv's format 'g' sets them."""
    sign, digits, exponent = Decimal(repr(value)).normalize().as_tuple()
    text = "".join(map(str, digits))
    assert isinstance(exponent, int)  # noqa: S101  # neither JSON nor YAML's core has other floats
    point = len(text) + exponent - 1
    minus = "-" if sign else ""
    if text == "0":
        return f"{minus}0"
    if point < _SMALL or point >= _LARGE:
        fraction = f".{text[1:]}" if len(text) > 1 else ""
        return f"{minus}{text[0]}{fraction}e{'-' if point < 0 else '+'}{abs(point):02d}"
    return minus + format(Decimal(text).scaleb(exponent), "f")
