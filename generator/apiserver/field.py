"""The API server's word for a field, read as a path into the object that it speaks of.

It has several: `spec.ports[1].name`, `metadata.annotations[example.com/a]`, and for lists with keys
`.spec.containers[name="web"].image`. Keys may hold dots, so the object itself says where a name ends.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.kubernetes.manifest import Path
    from generator.model.base import Manifest

_QUOTED = r'"(?:\\.|[^"\\])*"'
_BRACKET = re.compile(rf"\[((?:{_QUOTED}|[^\]\"])*)\]")
_NAME = re.compile(r"[^.\[]+")
_METADATA = frozenset({"annotations", "labels"})
_KEY = re.compile(rf"(?P<key>[^=,]*)=(?P<value>{_QUOTED}|[^,]*)")


def path_of(field: str, manifest: Manifest) -> Path:
    """Return the path of a field, also of one that the object lacks; `<nil>` and nothing stand for the whole object."""
    path: list[str | int] = []
    value: Any = manifest
    rest = "" if field == "<nil>" else field.lstrip(".")
    while rest:
        step, rest = _step(rest, value)
        path.append(step)
        value = _inside(value, step)
    return tuple(path)


def find_positions(keys: str, items: list[Any]) -> list[int]:
    """Return the positions of the items that `name="web"`, `containerPort=80,protocol="TCP"` or `="a"` speak of."""
    wanted = {found["key"]: _value(found["value"]) for found in _KEY.finditer(keys)}
    return [number for number, item in enumerate(items) if _is(item, wanted)]


def _step(rest: str, value: Any) -> tuple[str | int, str]:
    """Split the first step off, and give it as it is found in `value`."""
    bracket = _BRACKET.match(rest)
    if bracket is not None:
        return _indexed(bracket[1], value), rest[bracket.end() :].removeprefix(".")
    found = _named(rest, value)
    if found is not None:
        return found, rest[len(found) :].removeprefix(".")
    match = _NAME.match(rest)
    name = match[0] if match else rest
    if name in _METADATA and isinstance(value, dict) and name in (value.get("metadata") or {}):
        return "metadata", rest  # of a pod template the server says no more than `template.labels`
    return _indexed(name, value), rest[len(name) :].removeprefix(".")


def _named(rest: str, value: Any) -> str | None:
    """Return the longest key that `rest` begins with; the server writes some in its own capitals."""
    keys = [key for key in value if isinstance(key, str)] if isinstance(value, dict) else []
    for said, known in ((rest, keys), (rest.lower(), [key.lower() for key in keys])):
        found = [key for key, each in zip(keys, known, strict=True) if _begins(said, each)]
        if found:
            return max(found, key=len)
    return None


def _begins(rest: str, name: str) -> bool:
    return bool(name) and rest.startswith(name) and rest[len(name) : len(name) + 1] in {"", ".", "["}


def _indexed(inside: str, value: Any) -> str | int:
    if inside.isdigit() and not isinstance(value, dict):
        return int(inside)
    return next(iter(find_positions(inside, value)), inside) if isinstance(value, list) else inside


def _is(item: Any, wanted: Mapping[str, Any]) -> bool:
    """Return whether an item of a list has these keys; one that it lacks has the server's default."""
    if not isinstance(item, dict):
        return bool(wanted.get("") == item)
    return all(item.get(key, value) == value for key, value in wanted.items())


def _value(text: str) -> Any:
    try:
        return msgspec.json.decode(text)
    except msgspec.DecodeError:
        return text


def _inside(value: Any, step: str | int) -> Any:
    if isinstance(value, dict):
        return value.get(step)
    return value[step] if isinstance(value, list) and isinstance(step, int) and step < len(value) else None
