"""Every word that the model of a page has, with values for it: made from the types, so that no new one is left out."""

from __future__ import annotations

import types
from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple, Union, get_args, get_origin

import msgspec

from generator.inputs.shapes import hints_of
from generator.model.base import Model

if TYPE_CHECKING:
    from collections.abc import Iterator

Path = tuple[str | int, ...]

# A key of a mapping whose keys are a person's own names.
KEY = "extra"


# What makes the smallest value of a model one that is accepted.
_NEEDED: dict[str, dict[str, Any]] = {
    "SideContainer": {"image": "registry.example.com/side:1"},
    "CronJob": {"schedule": "0 3 * * *"},
    "HTTPGet": {"port": 8000},
    "TCPSocket": {"port": 8000},
    "GRPC": {"port": 9000},
}


class Word(NamedTuple):
    """A word of a page: its path, values to set it to, what must stand around it, and the model that it is of."""

    path: Path
    values: tuple[Any, ...]
    around: dict[str, Any]
    model: str


def words(model: type[Model], path: Path = (), around: dict[str, Any] | None = None) -> Iterator[Word]:
    """Yield every word of a model and of the models inside it."""
    for name, hint in hints_of(model).items():
        yield from _words(hint, (*path, name), around or {}, model.__name__)


def _words(hint: Any, path: Path, around: dict[str, Any], owner: str) -> Iterator[Word]:
    entry, keyed = _entry(hint)
    model = _model_in(entry)
    if model is None:
        yield Word(path, tuple(samples(hint)), around, owner)
        return
    where = path if keyed is None else (*path, keyed)
    beside = laid(around, nested(where, _least(model)))
    yield from words(model, where, beside)
    if others := [value for value in samples(entry) if not isinstance(value, dict)]:
        yield Word(where, tuple(others), around, owner)


def _entry(hint: Any) -> tuple[Any, str | int | None]:
    """Return the type of an entry where a type is a mapping or a list, and the key or number of one; else the type."""
    for choice in _choices(hint):
        if get_origin(choice) in {dict, list}:
            return get_args(choice)[-1], KEY if get_origin(choice) is dict else 0
    return hint, None


def _model_in(hint: Any) -> type[Model] | None:
    """Return the model in a type, None for a type without one."""
    return next((one for one in _choices(hint) if isinstance(one, type) and issubclass(one, Model)), None)


def _choices(hint: Any) -> list[Any]:
    if get_origin(hint) is Annotated:
        return _choices(get_args(hint)[0])
    if get_origin(hint) in {Union, types.UnionType}:
        return [choice for argument in get_args(hint) for choice in _choices(argument)]
    return [hint]


def samples(hint: Any) -> Iterator[Any]:
    """Yield values of a type."""
    bounds = [each for each in getattr(hint, "__metadata__", ()) if isinstance(each, msgspec.Meta)]
    least = next((each.ge for each in bounds if each.ge is not None), None)
    yield from _of_one(get_args(hint)[0] if get_origin(hint) is Annotated else hint, least)


def _of_one(hint: Any, least: float | None) -> Iterator[Any]:
    if get_origin(hint) is Literal:
        yield from get_args(hint)
    elif get_origin(hint) in {Union, types.UnionType}:
        for choice in get_args(hint):
            yield from samples(choice)
    elif hint is bool:
        yield from (True, False)
    elif hint is int:
        yield from (int(least or 0) + 41, int(least or 0) + 42)
    elif hint is str:
        yield from ("some-text", "other-text")
    elif get_origin(hint) is list:
        yield from ([value] for value in samples(get_args(hint)[0]))
    elif get_origin(hint) is dict or hint is dict:
        inner = get_args(hint)[1] if get_args(hint) else Any
        yield from ({KEY: value} for value in ("some-text",) if inner is Any)
        yield from ({KEY: value} for value in samples(inner) if inner is not Any)
    elif isinstance(hint, type) and issubclass(hint, Model):
        yield _least(hint)


def _least(model: type[Model]) -> dict[str, Any]:
    """Return the smallest value of a model: its required fields."""
    required = [field for field in msgspec.structs.fields(model) if field.required]
    filled = {field.name: next(samples(hints_of(model)[field.name])) for field in required}
    return {**filled, **_NEEDED.get(model.__name__, {})}


def nested(path: Path, value: Any) -> dict[str, Any]:
    """Return a page that says `value` at `path` and nothing else."""
    for step in reversed(path):
        value = [value] if isinstance(step, int) else {step: value}
    return value  # type: ignore[no-any-return]  # a path has a step


def laid(lower: dict[str, Any], upper: dict[str, Any]) -> dict[str, Any]:
    """Return `upper` laid over `lower`, key by key; the one entry of a list of mappings is laid over the first."""
    both = {key: _both(lower[key], upper[key]) for key in lower if key in upper}
    return {**lower, **upper, **both}


def _both(lower: Any, upper: Any) -> Any:
    if isinstance(lower, dict) and isinstance(upper, dict):
        return laid(lower, upper)
    if isinstance(lower, list) and isinstance(upper, list) and lower and isinstance(upper[0], dict):
        return [_both(lower[0], upper[0]), *lower[1:]]
    return upper
