"""The one merge: mappings merge by key, lists and scalars replace, null removes.

`merge` is associative, so layers may be combined in any grouping. That needs two things that a plain recursive update
lacks: nulls stay in place until `strip`, and a mapping that was laid over a null, scalar or list remembers (as a
`Replacement`) that nothing below it may shine through.
"""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable


class Replacement(dict[str, Any]):
    """A mapping that replaces what lies below it instead of merging with it."""


def merge(lower: Any, upper: Any) -> Any:
    """Lay `upper` over `lower`; neither is changed."""
    if not isinstance(upper, dict) or isinstance(upper, Replacement):
        return upper
    if not isinstance(lower, dict):
        return Replacement(upper)
    merged = type(lower)(lower)
    for key, value in upper.items():
        merged[key] = merge(lower[key], value) if key in lower else value
    return merged


def merge_all(layers: Iterable[Any]) -> Any:
    """Lay each layer over those before it."""
    return reduce(merge, layers, {})


def strip(value: Any) -> Any:
    """Give merged mappings without the keys that null removed."""
    if not isinstance(value, dict):
        return value
    return {key: strip(inner) for key, inner in value.items() if inner is not None}
