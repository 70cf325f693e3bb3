"""From a misfit to complaints that a person can act on: place, what is wrong, nearest valid key, what to do."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from generator.findings.nearest import nearest
from generator.inputs.keys import name_of
from generator.inputs.kubernetes import REFUSED, WORDS
from generator.inputs.numbers import number_remedy
from generator.rules.spec import SPC008
from generator.rules.strings import WRK003
from generator.yamlio.scalar import whole_numbers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from generator.findings.finding import Finding
    from generator.inputs.schema_error import Misfit

    Describe = Callable[[Misfit], Iterator[Finding]]

_WORDS = {
    "object": "a mapping",
    "array": "a list",
    "string": "a string",
    "integer": "a whole number",
    "boolean": "true or false",
    "null": "null",
}


def complaints(misfit: Misfit) -> Iterator[Finding]:
    """Yield the complaints of one misfit: one for each unknown or missing key, else one."""
    yield from _DESCRIPTIONS.get(misfit.kind, _other)(misfit)


def _unknown_keys(misfit: Misfit) -> Iterator[Finding]:
    known = sorted(misfit.schema.get("properties", {}))
    for key in misfit.seen:
        if key not in known:
            message, remedy = _refused(misfit, key) or _unknown(misfit, key, known)
            yield SPC008.complaint(misfit.places.key_place((*misfit.path, key)), message, remedy)


def _refused(misfit: Misfit, key: str) -> tuple[str, str] | None:
    """Return why a field of Kubernetes is refused where it stands, and what to do; None for any other key."""
    refusal = misfit.schema.get(REFUSED, {}).get(key)
    return (f"'{name_of((*misfit.path, key))}' {refusal.reason}", refusal.remedy) if refusal else None


def _unknown(misfit: Misfit, key: str, known: list[str]) -> tuple[str, str]:
    where = f" in '{misfit.name}'" if misfit.path else ""
    return f"unknown key '{key}'{where}", _belongs(misfit, key, known)


def _belongs(misfit: Misfit, key: str, known: list[str]) -> str:
    """Return what to do about an unknown key: indent it elsewhere, or write the nearest one."""
    owners = misfit.keys.owners(misfit.path, key)
    if len(owners) == 1:
        return f"it belongs to '{name_of(owners[0])}'" if owners[0] else "it belongs to the page itself"
    near, passed = nearest(key, known), _nearest_passed(misfit, key, known)
    if near and not (passed and passed.rpartition(".")[2].lower() == key.lower()):
        return f"did you mean '{near}'?"
    if owners:
        return f"it belongs to one of: {', '.join(name_of(owner) for owner in owners)}"
    if passed:
        return f"did you mean '{passed}'?"
    return f"known keys: {', '.join(known)}"


def _nearest_passed(misfit: Misfit, key: str, known: list[str]) -> str | None:
    """Return the field of Kubernetes that comes nearest to an unknown key, with the word that passes it through."""
    for word in sorted({word for words in WORDS.values() for word in words}.intersection(known)):
        if near := nearest(key, misfit.keys.at((*misfit.path, word))):
            return name_of((*misfit.path, word, near))
    return None


def _unfit_key(misfit: Misfit) -> Iterator[Finding]:
    message = f"'{misfit.seen}' cannot be a key of '{name_of(misfit.path[:-1])}'"
    do = misfit.demand.get("description", "see the schemas in schemas/")
    yield SPC008.complaint(misfit.places.key_place(misfit.path), message, do)


def _missing(misfit: Misfit) -> Iterator[Finding]:
    for key in misfit.demand:
        if key not in misfit.seen:
            where = misfit.places.key_place(misfit.path)
            yield SPC008.complaint(where, f"'{name_of((*misfit.path, key))}' is missing", f"add '{key}:'")


def _wrong_type(misfit: Misfit) -> Iterator[Finding]:
    wanted = list(dict.fromkeys(_type_words(misfit.schema)))
    raw = misfit.places.raw(misfit.path)
    place = misfit.places.place(misfit.path)
    if raw is not None and "a string" in wanted and isinstance(misfit.seen, (int, float)):
        message = f"`{misfit.name}: {raw}` is read as {_seen(misfit.seen)}, not as text"
        yield WRK003.complaint(place, message, _as_text(raw, misfit.schema))
        return
    what = f"'{misfit.name}'" if misfit.path else "the page"
    message = f"{what} must be {' or '.join(wanted)}, not {_seen(misfit.seen)}"
    yield SPC008.complaint(place, message, _shown(misfit, wanted))


def _as_text(raw: str, schema: Mapping[str, Any]) -> str:
    """Return how a number is written where text is meant: quoted, with a unit of time, or in another form."""
    forms = [branch for branch in schema.get("anyOf", [schema]) if branch.get("type") == "string"]
    said = next((form["description"] for form in forms if "description" in form), "")

    def fits(text: str) -> bool:
        return any(re.search(form.get("pattern", ""), text) for form in forms)

    if not said or fits(raw):
        return f'write "{raw}"'
    hours, minutes, seconds = (f"{raw}{unit}" for unit in "hms")
    return f'write "{hours}", "{minutes}" or "{seconds}"' if fits(hours) else f"write text: {said}"


def _described(schema: Mapping[str, Any]) -> str:
    """Return the description of the number that a schema wants, "" where it says nothing."""
    forms = [branch for branch in schema.get("anyOf", [schema]) if "integer" in branch.get("type", ())]
    return next((str(form["description"]) for form in forms if "description" in form), "")


def _shown(misfit: Misfit, wanted: list[str]) -> str:
    """Show how a value of a wanted type is written."""
    if not misfit.path:
        return f"start with `{misfit.keys.required[0]}: ...`" if misfit.keys.required else "write its keys"
    key = next((str(step) for step in reversed(misfit.path) if isinstance(step, str)), "it")
    if "a whole number" in wanted and isinstance(misfit.seen, str) and (numbers := whole_numbers(misfit.seen)):
        if misfit.seen not in map(str, numbers):
            return number_remedy(misfit.seen, misfit.name)
        return f"write {misfit.seen} without quotes"
    if "a mapping" in wanted and (known := misfit.keys.at(misfit.path)):
        return f"write `{key}: {{{known[0]}: ...}}`; known keys: {', '.join(known)}"
    if wanted == ["a whole number"] and (said := _described(misfit.schema)):
        return said
    forms = {"a mapping": "{NAME: ...}", "a list": "[...]", "a string": '"..."', "true or false": "true"}
    return f"write `{key}: {forms.get(wanted[0], '1')}`" if wanted else "leave it out"


def _other_value(misfit: Misfit) -> Iterator[Finding]:
    choices = [str(choice) for choice in misfit.demand if choice is not None]
    near = nearest(str(misfit.seen), choices)
    remedy = f"did you mean '{near}'?" if near else f"one of: {', '.join(choices)}"
    place = misfit.places.place(misfit.path)
    yield SPC008.complaint(place, f"'{misfit.name}' cannot be {_seen(misfit.seen)}", remedy)


# Fault -> what the value must be, and what to do.
_BOUNDS: dict[str, tuple[str, str]] = {
    "minimum": ("must be at least {}", "write {} or more"),
    "maximum": ("must be at most {}", "write {} or less"),
    "pattern": ("must match {}", "write it in that form"),
    "minLength": ("must have at least {} characters", "say more"),
    "maxLength": ("must have at most {} characters", "shorten it"),
    "minItems": ("must have at least {} entry", "add one"),
    "minProperties": ("must have at least {} entry", "add one"),
}


# Characters of a pattern beyond which its description alone says what is meant.
_READABLE = 64


def _other(misfit: Misfit) -> Iterator[Finding]:
    must, do = _BOUNDS.get(misfit.kind, (misfit.said, "see the schemas in schemas/"))
    seen = f", not {_seen(misfit.seen)}" if misfit.seen else ""
    do = str(misfit.schema.get("description", do))
    if misfit.kind == "maximum" and misfit.name.lower().endswith("mode"):
        from generator.rules.modes import mode_remedy  # 22 ms that a good page does not pay

        do = mode_remedy(misfit.seen)
    is_long = len(str(misfit.demand)) > _READABLE or (misfit.kind == "pattern" and not misfit.seen)
    if is_long and "description" in misfit.schema:
        message = f"'{misfit.name}' cannot be {_seen(misfit.seen)}"
    else:
        message = f"'{misfit.name}' {must.format(misfit.demand)}{seen}"
    yield SPC008.complaint(misfit.places.place(misfit.path), message, do.format(misfit.demand))


_DESCRIPTIONS: Mapping[str, Describe] = {
    "additionalProperties": _unknown_keys,
    "required": _missing,
    "type": _wrong_type,
    "anyOf": _wrong_type,
    "enum": _other_value,
    "propertyNames": _unfit_key,
}


def _type_words(schema: Mapping[str, Any]) -> Iterator[str]:
    """Yield the words for the types that a schema accepts (null aside: it only means 'remove')."""
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
