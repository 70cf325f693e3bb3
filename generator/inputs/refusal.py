"""Every way in which a page does not fit its schema. Only one that msgspec has refused comes here: 90 ms of imports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jsonschema import Draft7Validator
from jsonschema.validators import extend

from generator.inputs.complaint import complaint
from generator.inputs.keys import Keys
from generator.inputs.misfit import Misfit
from generator.inputs.schema import schema_of
from generator.inputs.wording import complaints

if TYPE_CHECKING:
    from collections.abc import Iterator

    import msgspec
    from jsonschema import ValidationError

    from generator.finding import Finding
    from generator.inputs.misfit import Places


def _is_integer(_: object, value: object) -> bool:
    """Say what msgspec says: 1.0 is no whole number, and neither is true."""
    return isinstance(value, int) and not isinstance(value, bool)


_INTEGERS = Draft7Validator.TYPE_CHECKER.redefine("integer", _is_integer)
_Validator = extend(Draft7Validator, type_checker=_INTEGERS)  # type: ignore[no-untyped-call]  # jsonschema's own gap


def misfits(value: Any, shape: type[msgspec.Struct], places: Places, refusal: str) -> list[Finding]:
    """List every way in which `value` does not fit `shape`; `refusal` is what msgspec said of it."""
    schema = schema_of(shape)
    keys = Keys(schema)
    leaves = (leaf for error in _Validator(schema).iter_errors(value) for leaf in _leaves(error))
    found = {made for leaf in leaves for made in complaints(Misfit(leaf, keys, places))}
    if not found:  # the two should never disagree, and a page is not accepted because they do
        return [complaint("SPC008", places.place(()), refusal, "see the schemas in schemas/")]
    return sorted(found, key=lambda finding: (finding.place, finding.message))


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
