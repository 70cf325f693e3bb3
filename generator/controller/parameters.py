"""The sets of parameters that generators give: of git, lists, and the products of those."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from generator.controller.git_generator import GeneratorContext, Parameters, git_parameters
from generator.controller.gotemplate.failure import ExpansionError, UnsupportedError
from generator.controller.gotemplate.gotext import go_numbers, go_text
from generator.controller.gotemplate.template import render_deep

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_CHILDREN = 2  # of a matrix: no more, no fewer


def parameters_of(generator: Mapping[str, Any], scene: GeneratorContext) -> list[Parameters]:
    """Return what one generator gives; raises ExpansionError, UnsupportedError."""
    kinds = [kind for kind, value in generator.items() if value is not None]
    if len(kinds) != 1:
        raise UnsupportedError(f"a generator with {' and '.join(kinds) or 'nothing in it'}")
    kind, given = kinds[0], generator[kinds[0]]
    if kind not in _GENERATORS:
        raise UnsupportedError(f"generator `{kind}`")
    if given.get("template"):
        raise UnsupportedError(f"a template of its own in generator `{kind}`")
    return _GENERATORS[kind](given, scene)


def _list(given: Mapping[str, Any], scene: GeneratorContext) -> list[Parameters]:
    if given.get("elementsYaml"):
        raise UnsupportedError("elementsYaml in generator `list`")
    elements = go_numbers(list(given.get("elements") or []))
    return elements if scene.go else [_plain_element(element) for element in elements]


def _plain_element(element: Parameters) -> Parameters:
    """Return an element as old templates know it: texts alone, those of `values` under dotted names."""
    values = element.get("values", {})
    texts = {key: value for key, value in element.items() if key != "values"}
    if not isinstance(values, dict):
        raise ExpansionError("error parsing values map")
    found = {**texts, **{f"values.{key}": value for key, value in values.items()}}
    if not all(isinstance(value, str) for value in found.values()):
        raise ExpansionError("error parsing value as string")
    return found


def _matrix(given: Mapping[str, Any], scene: GeneratorContext) -> list[Parameters]:
    """Combine each set of the first generator with each of the second, which may use the first one's parameters."""
    children = given.get("generators") or []
    if len(children) != _CHILDREN:
        raise ExpansionError(
            f"found {'more' if len(children) > _CHILDREN else 'less'} than two generators, Matrix support only two"
        )
    found: list[Parameters] = []
    for first in parameters_of(children[0], scene):
        second = _interpolated(children[1], first, scene) if first else children[1]
        found += [_combined(first, each, scene) for each in parameters_of(second, scene)]
    return found


def _interpolated(generator: Mapping[str, Any], parameters: Parameters, scene: GeneratorContext) -> Mapping[str, Any]:
    for kind in ("git", "list", "matrix", "merge"):
        if (generator.get(kind) or {}).get("values"):
            raise UnsupportedError("`values` in the second generator of a matrix")
    rendered: Mapping[str, Any] = render_deep(generator, parameters, scene.options)
    return rendered


def _combined(first: Parameters, second: Parameters, scene: GeneratorContext) -> Parameters:
    if scene.go:
        return merge_parameters(merge_parameters({}, second), first)
    one, other = ({key: go_text(value) for key, value in each.items()} for each in (first, second))
    for key in one.keys() & other.keys():
        if one[key] != other[key]:
            raise ExpansionError(f"found duplicate key {key} with different value, a: {one[key]} ,b: {other[key]}")
    return {**one, **other}


def _merge(given: Mapping[str, Any], scene: GeneratorContext) -> list[Parameters]:
    """Let later generators override the sets of the first that have the same values of the merge keys."""
    children, keys = given.get("generators") or [], list(given.get("mergeKeys") or [])
    if len(children) < _CHILDREN:
        raise ExpansionError("found less than two generators, Merge requires two or more")
    if not keys:
        raise ExpansionError("no merge keys were specified, Merge requires at least one")
    base, *others = (_by_keys(keys, parameters_of(child, scene)) for child in children)
    for other in others:
        for key in base.keys() & other.keys():
            base[key] = merge_parameters(base[key], other[key]) if scene.go else {**base[key], **other[key]}
    return list(base.values())


def _by_keys(keys: Sequence[str], sets: Iterable[Parameters]) -> dict[bytes, Parameters]:
    found: dict[bytes, Parameters] = {}
    for each in sets:
        name = msgspec.json.encode({key: each.get(key) for key in keys}, order="sorted")
        if name in found:
            raise ExpansionError(
                "the parameters from a generator were not unique by the given mergeKeys, Merge requires all param sets "
                f"to be unique. Duplicate key was {name.decode()}"
            )
        found[name] = each
    return found


def merge_parameters(base: Parameters, override: Parameters) -> Parameters:
    """Lay one mapping over the other, inner mappings too; empty values override, lists do as a whole."""
    found = dict(base)
    for key, value in override.items():
        below = found.get(key)
        if isinstance(below, dict) and isinstance(value, dict):
            found[key] = merge_parameters(below, value)
        else:
            found[key] = value
    return found


_GENERATORS = {"git": git_parameters, "list": _list, "matrix": _matrix, "merge": _merge}
