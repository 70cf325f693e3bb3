"""The one merge: mappings merge by key, lists and scalars replace, null removes. One list is added to: `external`.

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


class AddedList(list[Any]):
    """A list that is added to the list below it instead of replacing it."""


# Words of a page whose list every layer adds to.
ADDED = frozenset({"external"})


def with_additions(layer: dict[str, Any]) -> dict[str, Any]:
    """Return a layer whose lists under the words of `ADDED` are added to."""
    if ADDED.isdisjoint(layer):
        return layer
    return {key: AddedList(value) if _is_added(key, value) else value for key, value in layer.items()}


def _is_added(key: str, value: Any) -> bool:
    return key in ADDED and isinstance(value, list)


def merge(lower: Any, upper: Any) -> Any:
    """Lay `upper` over `lower`; neither is changed."""
    if isinstance(upper, AddedList):
        return _add(lower, upper)
    if not isinstance(upper, dict) or isinstance(upper, Replacement):
        return upper
    if not isinstance(lower, dict):
        return Replacement(upper)
    merged = type(lower)(lower)
    for key, value in upper.items():
        merged[key] = merge(lower[key], value) if key in lower else value
    return merged


def _add(lower: Any, upper: AddedList) -> list[Any]:
    """Join two lists; one over a null or a scalar replaces it, and then nothing below it counts."""
    if not isinstance(lower, list):
        return list(upper)
    return type(lower)([*lower, *upper])


def merge_all(layers: Iterable[Any]) -> Any:
    """Lay each layer over those before it."""
    return reduce(merge, layers, {})


def strip(value: Any) -> Any:
    """Return merged mappings without the keys that null removed."""
    if not isinstance(value, dict):
        return value
    return {key: strip(inner) for key, inner in value.items() if inner is not None}
