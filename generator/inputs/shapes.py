"""The shape of each kind of page, made from the model: layers hold the model's keys, all optional, and null removes."""

from __future__ import annotations

import inspect
import types
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, Union, get_args, get_origin

import msgspec

from generator.model.base import Model
from generator.model.gates import Gates
from generator.model.page import Page
from generator.model.project import (
    Cluster,
    Environment,
    GitOps,
    Namespace,
    Recipients,
    Sync,
    System,
    SystemEnvironment,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

Shape = type[msgspec.Struct]


@cache
def layer_of(model: type[Model]) -> Shape:
    """Make the shape of a layer of `model`: the same keys, all optional, and null allowed."""
    fields = [(name, _optional(_relaxed(hint)), None) for name, hint in hints_of(model).items()]
    return _shape(model.__name__ + "Layer", fields, model)


@cache
def hints_of(model: type) -> dict[str, Any]:
    """Return the fields of a model with their types, inherited ones first (each class is read once: 4 ms in all)."""
    own = inspect.get_annotations(model, eval_str=True) if model is not Model else {}
    inherited = hints_of(model.__bases__[0]) if model.__bases__ != (msgspec.Struct,) else {}
    return inherited | own


def _shape(name: str, fields: list[Any], model: type[Model]) -> Shape:
    shape = msgspec.defstruct(name, fields, forbid_unknown_fields=True, frozen=True, kw_only=True)
    shape.__doc__ = model.__doc__
    return shape


def _relaxed(hint: Any) -> Any:
    """Return a type with every model inside replaced by its layer, and null allowed as a mapping's value."""
    if isinstance(hint, type) and issubclass(hint, Model):
        return layer_of(hint)
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Annotated:
        relaxed = _relaxed(arguments[0])
        return hint if relaxed is arguments[0] else Annotated[relaxed, *arguments[1:]]
    if origin in {Union, types.UnionType}:
        return _union(hint, [_relaxed(argument) for argument in arguments])
    if origin is dict and arguments[1] is not Any:
        return dict[arguments[0], _optional(_relaxed(arguments[1]))]  # type: ignore[misc,valid-type]  # built at run time
    return hint


def _union(hint: Any, relaxed: list[Any]) -> Any:
    if all(new is old for new, old in zip(relaxed, get_args(hint), strict=True)):
        return hint
    return Union[tuple(relaxed)]  # noqa: UP007  # built at run time


def _optional(hint: Any) -> Any:
    if get_origin(hint) in {Union, types.UnionType} and type(None) in get_args(hint):
        return hint
    return Union[hint, None]  # noqa: UP007  # built at run time


_PAGE = layer_of(Page)

_SERVICE = _shape(
    "Service",
    [
        ("system", str),
        *((name, hint, None) for name, hint in hints_of(_PAGE).items()),
        ("environments", Union[dict[str, Union[_PAGE, bool, None]], None], None),  # type: ignore[valid-type]  # noqa: UP007
    ],
    Page,
)
_ENVIRONMENT = _shape(
    "Environment",
    [
        ("production", bool, False),
        ("promotion", bool, True),
        ("sync", Sync, Sync()),
        ("gates", Gates, Gates()),
        ("defaults", _PAGE, None),
    ],
    Environment,
)
_PLACE = _shape(
    "SystemEnvironment",
    [
        ("cluster", str),
        *(
            (name, hints_of(SystemEnvironment)[name], None)
            for name in ("registry", "domain", "certificate", "secretStore")
        ),
        ("notifications", Recipients, msgspec.field(default_factory=dict)),
        ("namespaces", dict[str, layer_of(Namespace)], msgspec.field(default_factory=dict)),  # type: ignore[misc]
        ("defaults", _PAGE, None),
    ],
    SystemEnvironment,
)
_SYSTEM_EXTRAS: dict[str, type] = {"kinds": list, "notifications": dict}
_SYSTEM = _shape(
    "System",
    [
        *((name, hints_of(System)[name]) for name in ("owner", "namespaces")),
        ("environments", dict[str, _PLACE]),  # type: ignore[valid-type]
        *((name, hints_of(System)[name], msgspec.field(default_factory=kind)) for name, kind in _SYSTEM_EXTRAS.items()),
        ("defaults", _PAGE, None),
    ],
    System,
)

# Kind of page -> what its file may hold.
FILES: Mapping[str, Shape] = {
    "gitops": GitOps,
    "system": _SYSTEM,
    "environment": _ENVIRONMENT,
    "cluster": Cluster,
    "service": _SERVICE,
}
