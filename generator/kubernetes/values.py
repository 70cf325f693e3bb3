"""Reading hand-written objects: what has the wrong shape counts as absent, and nothing here raises.

kubeconform says that a value has the wrong type; a rule has only to survive it.
"""

from __future__ import annotations

from typing import Any


def mapping(value: Any) -> dict[Any, Any]:
    """Return `value` if it is a mapping, an empty one otherwise."""
    return value if isinstance(value, dict) else {}


def items(value: Any) -> list[Any]:
    """Return `value` if it is a list, an empty one otherwise."""
    return value if isinstance(value, list) else []


def text(value: Any) -> str:
    """Return `value` if it is text, the empty text otherwise."""
    return value if isinstance(value, str) else ""


def whole(value: Any, otherwise: int) -> int:
    """Return `value` if it is a whole number (true and false are none), else `otherwise`."""
    return value if isinstance(value, int) and not isinstance(value, bool) else otherwise


def describe_value(value: Any) -> str:
    """Return the words for a value that is no text: ``the number `1.1` ``, ``the boolean `true` ``."""
    if value is None:
        return "empty (null)"
    if isinstance(value, bool):
        return f"the boolean `{str(value).lower()}`"
    if isinstance(value, (int, float)):
        return f"the number `{value}`"
    return "a list" if isinstance(value, list) else "a mapping"
