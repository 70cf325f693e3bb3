"""The JSON Schemas of the pages, made from the model, and the complaints they lead to.

Decoding is msgspec's, which is fast and stops at the first fault. Only when it refuses does jsonschema list every fault,
so a good page never pays for the import (57 ms, measured).
"""

from __future__ import annotations

import types
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, Union, get_args, get_origin, get_type_hints

import msgspec

from generator.model.base import Model
from generator.model.page import Page
from generator.model.project import Cluster, Environment, GitOps, Namespace, System, SystemEnvironment

if TYPE_CHECKING:
    from collections.abc import Mapping

DIALECT = "https://json-schema.org/draft/2020-12/schema"


@cache
def layer_of(model: type[Model]) -> type[msgspec.Struct]:
    """Make the type of a layer of `model`: the same keys, all optional, and null allowed (it removes)."""
    hints = get_type_hints(model, include_extras=True)
    fields = [
        (name, Union[_relaxed(hint), None, msgspec.UnsetType], msgspec.UNSET)  # noqa: UP007  # built at run time
        for name, hint in hints.items()
        if name in model.__struct_fields__
    ]
    layer = msgspec.defstruct(model.__name__ + "Layer", fields, forbid_unknown_fields=True, frozen=True)
    layer.__doc__ = model.__doc__
    return layer


def _relaxed(hint: Any) -> Any:
    """Give a type with every model inside replaced by its layer, and null allowed as a mapping's value."""
    if isinstance(hint, type) and issubclass(hint, Model):
        return layer_of(hint)
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Annotated:
        relaxed = _relaxed(arguments[0])
        return hint if relaxed is arguments[0] else Annotated.__class_getitem__((relaxed, *arguments[1:]))  # type: ignore[attr-defined]  # built at run time
    if origin in {Union, types.UnionType}:
        return Union[tuple(_relaxed(argument) for argument in arguments)]  # noqa: UP007  # built at run time
    if origin is dict:
        return dict[str, Union[_relaxed(arguments[1]), None]]  # noqa: UP007  # built at run time
    return hint


PageLayer = layer_of(Page)

ServiceFile = msgspec.defstruct(
    "ServiceFile",
    [
        ("system", str),
        *((name, hint, msgspec.UNSET) for name, hint in get_type_hints(PageLayer, include_extras=True).items()),
        ("environments", dict[str, Union[PageLayer, bool]], msgspec.field(default_factory=dict)),  # type: ignore[valid-type]  # noqa: UP007
    ],
    forbid_unknown_fields=True,
    frozen=True,
)
ServiceFile.__doc__ = "services/<name>.yaml: one service; `environments` holds only what differs there."

EnvironmentFile = msgspec.defstruct(
    "EnvironmentFile",
    [("production", bool, False), ("defaults", PageLayer, msgspec.UNSET)],
    forbid_unknown_fields=True,
    frozen=True,
)
EnvironmentFile.__doc__ = Environment.__doc__

SystemPlaceFile = msgspec.defstruct(
    "SystemPlaceFile",
    [
        ("cluster", str),
        ("registry", str),
        ("domain", Union[str, None], None),  # noqa: UP007  # built at run time
        ("certificate", Union[str, None], None),  # noqa: UP007  # built at run time
        ("namespaces", dict[str, layer_of(Namespace)], msgspec.field(default_factory=dict)),  # type: ignore[misc]
        ("defaults", PageLayer, msgspec.UNSET),
    ],
    forbid_unknown_fields=True,
    frozen=True,
)
SystemPlaceFile.__doc__ = SystemEnvironment.__doc__

SystemFile = msgspec.defstruct(
    "SystemFile",
    [
        ("owner", str),
        ("namespaces", get_type_hints(System, include_extras=True)["namespaces"]),
        ("environments", dict[str, SystemPlaceFile]),  # type: ignore[valid-type]
        ("defaults", PageLayer, msgspec.UNSET),
    ],
    forbid_unknown_fields=True,
    frozen=True,
)
SystemFile.__doc__ = System.__doc__

FILES: Mapping[str, type[msgspec.Struct]] = {
    "gitops": GitOps,
    "system": SystemFile,
    "environment": EnvironmentFile,
    "cluster": Cluster,
    "service": ServiceFile,
}


@cache
def schema_of(model: type[msgspec.Struct]) -> dict[str, Any]:
    """Give the JSON Schema of a model type."""
    schema = msgspec.json.schema(model)
    return {"$schema": DIALECT, **schema}


def exported(name: str) -> str:
    """Give the text of `schemas/<name>.schema.json`."""
    encoded = msgspec.json.encode(schema_of(FILES[name]), order="sorted")
    return msgspec.json.format(encoded, indent=2).decode() + "\n"
