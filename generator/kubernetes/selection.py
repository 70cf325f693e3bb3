"""Label selectors: what they match and, when they do not, which requirement stands in the way.

https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.kubernetes.values import items, mapping, text

if TYPE_CHECKING:
    from collections.abc import Iterator

_ABSENT = object()


def unmet(selector: Any, labels: dict[Any, Any]) -> list[str]:
    """Return each requirement of a label selector that the labels fail, with what they hold instead."""
    return [
        *_unmet_labels(mapping(mapping(selector).get("matchLabels")), labels),
        *_unmet_rules(selector, labels),
    ]


def unmet_labels(wanted: Any, labels: dict[Any, Any]) -> list[str]:
    """Return each plain `key: value` requirement (a Service's selector) that the labels fail."""
    return list(_unmet_labels(mapping(wanted), labels))


def matches(selector: Any, labels: dict[Any, Any]) -> bool:
    """Return whether a label selector picks pods with these labels; no selector picks none, an empty one all."""
    return isinstance(selector, dict) and not unmet(selector, labels)


def _unmet_labels(wanted: dict[Any, Any], labels: dict[Any, Any]) -> Iterator[str]:
    for key, value in wanted.items():
        held = labels.get(key, _ABSENT)
        if held is _ABSENT:
            yield f"`{key}: {value}` (pods have no label `{key}`)"
        elif held != value:
            yield f"`{key}: {value}` (pods have `{key}: {held}`)"


def _unmet_rules(selector: Any, labels: dict[Any, Any]) -> Iterator[str]:
    for rule in items(mapping(selector).get("matchExpressions")):
        rule = mapping(rule)  # noqa: PLW2901  # the same rule, made safe to read
        key, operator = text(rule.get("key")), text(rule.get("operator"))
        if not _holds(operator, labels.get(key, _ABSENT), items(rule.get("values"))):
            yield f"`{key} {operator}`"


def _holds(operator: str, held: Any, values: list[Any]) -> bool:
    if operator == "In":
        return held in values
    if operator == "NotIn":
        return held not in values
    if operator == "Exists":
        return held is not _ABSENT
    return operator != "DoesNotExist" or held is _ABSENT
