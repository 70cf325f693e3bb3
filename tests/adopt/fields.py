"""A manifest as leaf fields, and where two differ: what is missing, what is other, what one has and the other lacks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from generator.kubernetes.quantity import parse
from tests.adopt.defaults import with_defaults

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tests.adopt.defaults import Object

Path = tuple[str, ...]
Leaves = dict[Path, Any]

# Lists whose order says nothing, or is looked at by itself, and what tells their entries apart.
_KEYS = {
    "containers": ("name",),
    "initContainers": ("name",),
    "env": ("name",),
    "httpHeaders": ("name",),
    "imagePullSecrets": ("name",),
    "metrics": ("type", "resource"),
    "ports": ("containerPort", "port", "protocol"),
    "volumes": ("name",),
    "volumeMounts": ("mountPath",),
}
_ORDERED = {"env", "initContainers"}
_QUANTITIES = {"requests", "limits"}
_SIZES = {"sizeLimit", "averageValue", "divisor"}

# What Fairlead adds to every object that it renders: who owns it, when it is applied, what rolls the pods.
_OWNERS = ("app", "app.kubernetes.io/managed-by", "app.kubernetes.io/part-of")
_OURS = (*_OWNERS, "checksum/config", "external-dns.alpha.kubernetes.io/hostname")


class Difference(msgspec.Struct, frozen=True):
    """How an object differs from what was built in its place; `ours` are the fields that Fairlead adds to all."""

    built: bool
    missing: tuple[Path, ...]
    added: tuple[Path, ...]
    ours: tuple[Path, ...]

    @property
    def perfect(self) -> bool:
        """Whether the two are one object but for what Fairlead adds to all."""
        return not self.missing and not self.added


def compare(original: Object, built: Object | None) -> Difference:
    """Compare an object with what was built in its place, None for nothing."""
    wanted = _leaves_of(original)
    got = _leaves_of(built) if built else {}
    owners = _owners(wanted)
    missing = tuple(path for path, value in wanted.items() if got.get(path) != value and path not in owners)
    beside = [path for path in got if path not in wanted]
    ours = tuple(path for path in beside if _is_ours(path))
    added = tuple(path for path in beside if path not in ours)
    return Difference(built is not None, missing, added, ours)


def _leaves_of(manifest: Object) -> Leaves:
    return dict(_leaves((), with_defaults(manifest)))


def _owners(wanted: Mapping[Path, Any]) -> set[Path]:
    """Return the labels of the object itself that name its owner, which change with it; those of pods are fields."""
    return {path for path in wanted if path[:2] == ("metadata", "labels") and path[2] in _OWNERS}


def _is_ours(path: Path) -> bool:
    if len(path) < 2 or path[-2] not in {"labels", "annotations"}:
        return False
    return path[-1].startswith("argocd.argoproj.io/") or path[-1] in _OURS


def _leaves(path: Path, value: Any) -> Iterator[tuple[Path, Any]]:
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            yield from _leaves((*path, key), inner)
    elif isinstance(value, list) and value:
        yield from _entries(path, value)
    elif isinstance(value, dict) and _means_all(path):
        yield path, value
    elif value is not None and not isinstance(value, (dict, list)):
        yield path, _plain(path, value)


def _entries(path: Path, entries: list[Any]) -> Iterator[tuple[Path, Any]]:
    names = [_name(path[-1], entry) for entry in entries]
    if None in names or len(set(names)) < len(names):
        names = [str(number) for number in range(len(entries))]
    elif path[-1] in _ORDERED:
        yield (*path, "order"), names
    for name, entry in zip(names, entries, strict=True):
        yield from _leaves((*path, str(name)), entry)


def _name(field: str, entry: Any) -> str | None:
    if field not in _KEYS or not isinstance(entry, dict):
        return None
    parts = [entry[key] for key in _KEYS[field] if key in entry]
    return "/".join(str(part["name"]) if isinstance(part, dict) else str(part) for part in parts) or None


def _means_all(path: Path) -> bool:
    """Return whether an empty mapping says something: a volume of its own, a selector that takes everything."""
    return path[-1] == "emptyDir" or path[-1].endswith("Selector")


def _plain(path: Path, value: Any) -> Any:
    if path[-1] in _SIZES or (len(path) > 1 and path[-2] in _QUANTITIES):
        return parse(value)
    return value
