"""Every word that the model of a page has, with values for it: made from the types, so that no new one is left out."""

from __future__ import annotations

import types
from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple, Union, get_args, get_origin

import msgspec

from generator.inputs.shapes import hints_of
from generator.model.base import Model

if TYPE_CHECKING:
    from collections.abc import Iterator

Path = tuple[str, ...]

# A key of a mapping whose keys are a person's own names.
KEY = "extra"


class Word(NamedTuple):
    """A word of a page: its path, values to set it to, and what must stand around it."""

    path: Path
    values: tuple[Any, ...]
    around: dict[str, Any]


def words(model: type[Model], path: Path = (), around: dict[str, Any] | None = None) -> Iterator[Word]:
    """Yield every word of a model and of the models inside it."""
    for name, hint in hints_of(model).items():
        yield from _words(hint, (*path, name), around or {})


def _words(hint: Any, path: Path, around: dict[str, Any]) -> Iterator[Word]:
    inner, keyed = _model_in(hint)
    if inner is None:
        yield Word(path, tuple(samples(hint)), around)
        return
    where = (*path, KEY) if keyed else path
    beside = laid(around, nested(where, _least(inner)))
    yield from words(inner, where, beside)
    if others := [value for value in samples(hint) if not isinstance(value, dict)]:
        yield Word(where, tuple(others), around)


def _model_in(hint: Any) -> tuple[type[Model] | None, bool]:
    """Return the model in a type, and whether a mapping by name holds it; models in lists are values."""
    for choice in _choices(hint):
        if isinstance(choice, type) and issubclass(choice, Model):
            return choice, False
        if get_origin(choice) is dict:
            return _model_in(get_args(choice)[1])[0], True
    return None, False


def _choices(hint: Any) -> list[Any]:
    if get_origin(hint) is Annotated:
        return _choices(get_args(hint)[0])
    if get_origin(hint) in {Union, types.UnionType}:
        return [choice for argument in get_args(hint) for choice in _choices(argument)]
    return [hint]


def samples(hint: Any) -> Iterator[Any]:
    """Yield values of a type."""
    bounds = [each for each in getattr(hint, "__metadata__", ()) if isinstance(each, msgspec.Meta)]
    for choice in [hint] if get_origin(hint) is Annotated else _choices_kept(hint):
        plain = get_args(choice)[0] if get_origin(choice) is Annotated else choice
        least = next((each.ge for each in bounds if each.ge is not None), None)
        yield from _of_one(plain, least)


def _choices_kept(hint: Any) -> list[Any]:
    return list(get_args(hint)) if get_origin(hint) in {Union, types.UnionType} else [hint]


def _of_one(hint: Any, least: float | None) -> Iterator[Any]:
    if get_origin(hint) is Literal:
        yield from get_args(hint)
    elif get_origin(hint) in {Union, types.UnionType}:
        yield from samples(hint)
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
    return {field.name: next(samples(hints_of(model)[field.name])) for field in required}


def nested(path: Path, value: Any) -> dict[str, Any]:
    """Return a page that says `value` at `path` and nothing else."""
    for step in reversed(path):
        value = {step: value}
    return value  # type: ignore[no-any-return]  # a path has a step


def laid(lower: dict[str, Any], upper: dict[str, Any]) -> dict[str, Any]:
    """Return `upper` laid over `lower`, key by key."""
    shared = [key for key in lower if isinstance(lower[key], dict) and isinstance(upper.get(key), dict)]
    both = {key: laid(lower[key], upper[key]) for key in shared}
    return {**lower, **upper, **both}
