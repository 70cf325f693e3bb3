"""From a schema's refusal to complaints that a person can act on: place, what is wrong, nearest valid key, what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.finding import Finding, Severity
from generator.nearest import nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    import msgspec
    from jsonschema import ValidationError

    from generator.finding import Place
    from generator.yamlio import Document, Problem

Path = tuple[str | int, ...]

_WORDS = {"object": "a mapping", "array": "a list", "string": "a string", "integer": "a whole number", "null": "null"}


def complaint(rule: str, place: Place, message: str, remedy: str = "") -> Finding:
    """Make a complaint: a finding that stops the run."""
    return Finding(rule=rule, severity=Severity.ERROR, place=place, message=message, remedy=remedy)


def problem_complaint(problem: Problem, file: str) -> Finding:
    """Make the complaint of something that the YAML reader found."""
    from generator.finding import Place  # noqa: PLC0415  # needed on the unhappy path alone

    place = Place(file, problem.line, problem.column)
    return complaint(problem.rule, place, problem.message, problem.remedy)


def misfits(value: Any, model: type[msgspec.Struct], locate: Locator) -> list[Finding]:
    """List every way in which `value` does not fit the schema of `model`."""
    from jsonschema import Draft202012Validator  # noqa: PLC0415  # 57 ms that a good page does not pay

    from generator.inputs.schema import schema_of  # noqa: PLC0415  # the same

    errors = Draft202012Validator(schema_of(model)).iter_errors(value)
    leaves = (leaf for error in errors for leaf in _leaves(error))
    found = [made for leaf in leaves for made in _complaints(leaf, locate)]
    return sorted(set(found), key=lambda finding: (finding.place, finding.message))


class Locator:
    """Finds the place of a value, of a key, and the raw text of a plain scalar, in one document below one path."""

    def __init__(self, document: Document, prefix: Path = ()) -> None:
        self._document = document
        self._prefix = prefix

    def value(self, path: Path) -> Place:
        """Place of the value at `path`."""
        return self._document.place(self._prefix + path)

    def key(self, path: Path) -> Place:
        """Place of the key at `path`."""
        return self._document.key_place(self._prefix + path)

    def raw(self, path: Path) -> str | None:
        """Text of the plain scalar at `path`."""
        return self._document.raw(self._prefix + path)


def _leaves(error: ValidationError) -> Iterator[ValidationError]:
    """Give the errors that matter: for a choice of types, those of the one that the writer most likely meant."""
    if error.validator != "anyOf" or not error.context:
        yield error
        return
    branches: dict[Any, list[ValidationError]] = {}
    for inner in error.context:
        branches.setdefault(inner.schema_path[0], []).append(inner)
    meant = [branch for branch in branches.values() if not _is_other_type(branch, error)]
    if not meant:
        yield error
        return
    for inner in min(meant, key=len):
        yield from _leaves(inner)


def _is_other_type(branch: list[ValidationError], parent: ValidationError) -> bool:
    """Say whether a branch fails because it wants another type of value at the very place of the choice."""
    return any(inner.validator == "type" and inner.absolute_path == parent.absolute_path for inner in branch)


def _complaints(error: ValidationError, locate: Locator) -> Iterator[Finding]:
    path = tuple(error.absolute_path)
    describe = _DESCRIPTIONS.get(str(error.validator), _other)
    yield from describe(error, path, locate)


def _unknown_keys(error: ValidationError, path: Path, locate: Locator) -> Iterator[Finding]:
    known = sorted(error.schema.get("properties", {}))
    for key in error.instance:
        if key in known:
            continue
        near = nearest(key, known)
        remedy = f"did you mean '{near}'?" if near else f"known keys: {', '.join(known)}"
        yield complaint("SPC008", locate.key((*path, key)), f"unknown key '{key}'{_inside(path)}", remedy)


def _missing(error: ValidationError, path: Path, locate: Locator) -> Iterator[Finding]:
    for key in error.validator_value:
        if key not in error.instance:
            where = locate.key(path) if path else locate.value(path)
            yield complaint("SPC008", where, f"'{_name((*path, key))}' is missing", f"add '{key}:'")


def _wrong_type(error: ValidationError, path: Path, locate: Locator) -> Iterator[Finding]:
    wanted = " or ".join(dict.fromkeys(_type_words(error.schema)))
    raw = locate.raw(path)
    if raw is not None and "a string" in wanted and isinstance(error.instance, (int, float)):
        message = f"`{_name(path)}: {raw}` is read as {_seen(error.instance)}, not as text"
        yield complaint("WRK003", locate.value(path), message, f'write "{raw}"')
    else:
        message = f"'{_name(path)}' must be {wanted}, not {_seen(error.instance)}"
        yield complaint("SPC008", locate.value(path), message, "see the schema in schemas/ for what fits here")


def _other_value(error: ValidationError, path: Path, locate: Locator) -> Iterator[Finding]:
    choices = [str(choice) for choice in error.validator_value if choice is not None]
    near = nearest(str(error.instance), choices)
    remedy = f"did you mean '{near}'?" if near else f"one of: {', '.join(choices)}"
    yield complaint("SPC008", locate.value(path), f"'{_name(path)}' cannot be {_seen(error.instance)}", remedy)


_BOUNDS: dict[str, Callable[[Any], str]] = {
    "minimum": lambda bound: f"must be at least {bound}",
    "maximum": lambda bound: f"must be at most {bound}",
    "pattern": lambda bound: f"must match {bound}",
    "minLength": lambda bound: f"must have at least {bound} characters",
    "minItems": lambda bound: f"must have at least {bound} entry",
    "minProperties": lambda bound: f"must have at least {bound} entry",
}


def _other(error: ValidationError, path: Path, locate: Locator) -> Iterator[Finding]:
    bound = _BOUNDS.get(str(error.validator))
    demand = bound(error.validator_value) if bound else error.message
    yield complaint("SPC008", locate.value(path), f"'{_name(path)}' {demand}, not {_seen(error.instance)}")


_DESCRIPTIONS: Mapping[str, Callable[[ValidationError, Path, Locator], Iterator[Finding]]] = {
    "additionalProperties": _unknown_keys,
    "required": _missing,
    "type": _wrong_type,
    "anyOf": _wrong_type,
    "enum": _other_value,
}


def _type_words(schema: Mapping[str, Any]) -> Iterator[str]:
    """Give the words for the types that a schema accepts (null aside: it only means 'remove')."""
    for branch in schema.get("anyOf", [schema]):
        if "$ref" in branch:
            yield "a mapping"
            continue
        kinds = branch.get("type", [])
        for kind in [kinds] if isinstance(kinds, str) else kinds:
            if kind != "null":
                yield _WORDS.get(kind, f"a {kind}")


def _seen(value: Any) -> str:
    if isinstance(value, bool):
        return f"the boolean {str(value).lower()}"
    if isinstance(value, (int, float)):
        return f"the number {value}"
    if isinstance(value, str):
        return f"'{value}'"
    return _WORDS["null" if value is None else "array" if isinstance(value, list) else "object"]


def _name(path: Path) -> str:
    return ".".join(str(step) for step in path) or "the page"


def _inside(path: Path) -> str:
    return f" in '{_name(path)}'" if path else ""
