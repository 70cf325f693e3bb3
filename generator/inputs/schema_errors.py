"""Every way in which a page does not fit its schema. Only one that msgspec has refused comes here: 90 ms of imports."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from jsonschema import Draft7Validator, ValidationError
from jsonschema.validators import extend
from referencing import Registry

from generator.inputs.keys import Keys
from generator.inputs.kubernetes import with_kubernetes
from generator.inputs.schema import schema_of
from generator.inputs.schema_error import Misfit
from generator.inputs.schema_messages import complaints
from generator.rules.spec import SPC008

if TYPE_CHECKING:
    from collections.abc import Iterator

    import msgspec

    from generator.findings.finding import Finding, Place
    from generator.inputs.schema_error import Places


# Complaints of one page: who has mended these sees the others.
_ENOUGH = 100


def _is_integer(_: object, value: object) -> bool:
    """Return what msgspec says: 1.0 is no whole number, and neither is true."""
    return isinstance(value, int) and not isinstance(value, bool)


def _any_of(validator: Any, branches: list[Any], value: Any, _schema: object) -> Iterator[ValidationError]:
    """Say what jsonschema says, but collect no more errors of a branch than are shown."""
    context: list[ValidationError] = []
    for number, branch in enumerate(branches):
        errors = list(islice(validator.descend(value, branch, schema_path=number), _ENOUGH + 1))
        if not errors:
            return
        context += errors
    yield ValidationError("is of none of its types", context=context)


def _additional(validator: Any, schema: Any, value: Any, around: Any) -> Iterator[ValidationError]:
    """Say what jsonschema says, in the order of the page: its own order is another one in each run."""
    if isinstance(schema, dict) and isinstance(value, dict):
        for key in value:
            if key not in around.get("properties", {}):
                yield from validator.descend(value[key], schema, path=key)
    else:
        yield from Draft7Validator.VALIDATORS["additionalProperties"](validator, schema, value, around)


def _property_names(validator: Any, schema: Any, value: Any, _around: object) -> Iterator[ValidationError]:
    """Say what jsonschema says, at the path of the key."""
    for key in value if isinstance(value, dict) else ():
        if not validator.evolve(schema=schema).is_valid(key):
            yield ValidationError("is no such key", path=(key,), instance=key)


_KEYWORDS = {"anyOf": _any_of, "additionalProperties": _additional, "propertyNames": _property_names}
# Without a registry of its own jsonschema fetches what a schema refers to.
_NOTHING_ELSE: Registry[Any] = Registry()
_INTEGERS = Draft7Validator.TYPE_CHECKER.redefine("integer", _is_integer)
_Validator = extend(Draft7Validator, _KEYWORDS, type_checker=_INTEGERS)  # type: ignore[no-untyped-call]  # jsonschema's own gap


def misfits(
    value: Any, shape: type[msgspec.Struct], places: Places, refusal: str, version: str | None = None
) -> list[Finding]:
    """List the ways in which `value` does not fit `shape`; `refusal` is what msgspec said of it.

    What it passes through must be of Kubernetes `version`, or of any version where none is given.

    After a hundred it stops, and the last of them says so.
    """
    schema = with_kubernetes(schema_of(shape), version)
    keys = Keys(schema)
    errors = _Validator(schema, registry=_NOTHING_ELSE).iter_errors(value)
    leaves = (leaf for error in errors for leaf in _leaves(error))
    every = (made for leaf in leaves for made in complaints(Misfit(leaf, keys, places)))
    made = list(islice(every, _ENOUGH + 1))
    if not made:  # the two should never disagree, and a page is not accepted because they do
        return [SPC008.complaint(places.place(()), refusal, "see the schemas in schemas/")]
    found = sorted(set(made[:_ENOUGH]), key=lambda finding: (finding.place, finding.message))
    return [*found, _more(found[-1].place)] if len(made) > _ENOUGH else found


def _more(last: Place) -> Finding:
    message = f"and more: the first {_ENOUGH} complaints about this page are shown"
    return SPC008.complaint(last, message, "mend these, then run again")


def _leaves(error: ValidationError) -> Iterator[ValidationError]:
    """Yield the errors that matter: for a choice of types, those of the one that the writer most likely meant."""
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
    """Report whether a branch fails because it wants another type of value at the very place of the choice."""
    return any(_wants_other_type(inner) and inner.absolute_path == parent.absolute_path for inner in branch)


def _wants_other_type(error: ValidationError) -> bool:
    """Report whether the type of a value is wrong: the words of an `enum` are no mappings and no lists."""
    return error.validator == "type" or (error.validator == "enum" and isinstance(error.instance, (dict, list)))
