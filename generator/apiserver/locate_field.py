"""Some complaints name no field: then fields are taken out of the object until the server complains of something else.

"quantities must match the regular expression" is all that it says of `cpu: 250x`. Whatever it reads before it judges
fails at the first bad value, so the number of values that have to go is found by halving: seven questions for a
Deployment.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.kubernetes.manifest import Path, at

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence
    from typing import Any

    from generator.model.base import Manifest

# By what the server tells the entries of its lists apart: without it another complaint comes first.
_IDENTITY = frozenset(
    {"apiVersion", "kind", "name", "namespace", "containerPort", "port", "protocol", "mountPath", "devicePath"}
    | {"topologyKey", "whenUnsatisfiable", "ip", "uid", "type"}
)


def locate_path(manifest: Manifest, persists: Callable[[Manifest], bool]) -> Path | None:
    """Return the path of a value for which `persists` (the complaint is still the same) holds no longer without it.

    Of several such values it is the last one; None when no value is to blame.
    """
    candidates = list(_values(manifest))
    if persists(without(manifest, candidates)):
        return None
    few, many = 0, len(candidates)
    while many - few > 1:
        middle = (few + many) // 2
        few, many = (middle, many) if persists(without(manifest, candidates[:middle])) else (few, middle)
    return candidates[many - 1] if candidates else None


def without(value: Any, paths: Collection[Path]) -> Any:
    """Return a copy of a value without these fields and entries."""
    return _copy(value, (), frozenset(paths))


def _copy(value: Any, path: Path, gone: frozenset[Path]) -> Any:
    if isinstance(value, dict):
        kept = ((key, inner) for key, inner in value.items() if (*path, key) not in gone)
        return {key: _copy(inner, (*path, key), gone) for key, inner in kept}
    if isinstance(value, list):
        items = enumerate(value)
        return [_copy(inner, (*path, number), gone) for number, inner in items if (*path, number) not in gone]
    return value


def _values(value: Any, path: Path = ()) -> Iterator[Path]:
    """Yield the path of every plain value that the server could do without while it reads."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _values(inner, (*path, key))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _values(inner, (*path, number))
    elif path and path[-1] not in _IDENTITY:
        yield path


def existing_paths(manifest: Manifest, paths: Sequence[Path]) -> list[Path]:
    """Return those of the paths that lead to something."""
    return [path for path in paths if path and at(manifest, path) is not None]
