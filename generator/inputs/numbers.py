"""What to write where a field wants a whole number and the page has a spelling that readers disagree about, or text.

Never quotes: Kubernetes takes no text there. A file mode is written in decimal, since `0755` is 493 to one reader and
755 to the next.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from generator.inputs.keys import Keys, name_of
from generator.inputs.kubernetes import BOUNDS, definitions
from generator.inputs.layers import leaves
from generator.inputs.schema import schema_of
from generator.inputs.shapes import FILES
from generator.kubernetes.packs import kubernetes_pack, supported_kubernetes_versions
from generator.rules.spec import SPC008
from generator.rules.strings import WRK003
from generator.yamlio.scalar import LONGEST_NUMBER, whole_numbers

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from generator.findings.finding import Finding
    from generator.yamlio import Document
    from generator.yamlio.document import Path

# Kinds whose fields pages pass through beside those of pods.
_KINDS = ("horizontalpodautoscaler-autoscaling-v2", "networkpolicy-networking-v1")
_LONGEST = 10**LONGEST_NUMBER
_INT32 = BOUNDS["int32"]


class Bounds(NamedTuple):
    """The least and the greatest whole number that a field takes."""

    least: int
    most: int


def number_complaint(found: Finding, document: Document, kind: str) -> Finding:
    """Return a complaint about an ambiguous scalar in the words of its field, where that one wants a whole number."""
    path = document.path_at(found.place.line, found.place.column)
    raw, bounds = document.raw(path), _bounds_on_page(path, kind)
    if raw is None or bounds is None or not whole_numbers(raw):
        return found
    return number_fault(found, name_of(path), raw, bounds)


def number_fault(found: Finding, name: str, raw: str, bounds: Bounds) -> Finding:
    """Return the complaint that field `name` wants a number within `bounds`, in place of another one about it."""
    if is_beyond(raw, bounds):
        said = bounds_message(raw, bounds)
        return SPC008.complaint(found.place, f"'{name}' {said[0]}", said[1])
    message = f"`{raw}` is not the same number to all YAML readers, and '{name}' is a whole number"
    return WRK003.complaint(found.place, message, number_remedy(raw, name))


def oversized_numbers(document: Document, kind: str) -> Iterator[Finding]:
    """Yield a complaint for each whole number of a page that Kubernetes' field of this name does not hold.

    The types of the page have no say in what it has as Kubernetes writes it (`volumes`, `affinity`, `networkPolicy`),
    and most fields there are 32 bits wide.
    """
    for path, value in leaves(document.value):
        if not isinstance(value, int) or -_INT32 <= value < _INT32:
            continue
        bounds = _bounds_on_page(path, kind)
        if bounds is not None and not bounds.least <= value <= bounds.most:
            message, remedy = bounds_message(str(value), bounds)
            yield SPC008.complaint(document.place(path), f"'{name_of(path)}' {message}", remedy)


def is_beyond(raw: str, bounds: Bounds) -> bool:
    """Return whether each number that a spelling can mean is outside of the bounds."""
    return all(not bounds.least <= number <= bounds.most for number in whole_numbers(raw))


def bounds_message(raw: str, bounds: Bounds) -> tuple[str, str]:
    """Return what is wrong with a number outside of the bounds of its field, and what to do."""
    number = whole_numbers(raw)[-1]
    if number > bounds.most:
        word, bound, within = "most", bounds.most, f"{bounds.most} or less"
    else:
        word, bound, within = "least", bounds.least, f"{bounds.least} or more"
    longest = f"at most {LONGEST_NUMBER} digits"  # longer ones are not the same number to all YAML readers
    return f"must be at {word} {bound}, not {number}", f"write {within if abs(bound) < _LONGEST else longest}"


def number_remedy(raw: str, name: str) -> str:
    """Return how the number is written that a spelling means.

    Both where it may mean two, unless the field is a mode.
    """
    first, *others = whole_numbers(raw)
    if not others or name.lower().endswith("mode"):
        return f"write {first}" if raw.lstrip("+0") == str(first) else f"write {first}, which is {raw} in decimal"
    return f"write {others[-1]}, or {first} if {raw} is octal"


def _bounds_on_page(path: Path, kind: str) -> Bounds | None:
    """Return the bounds of a field of a page that is a whole number; None for any other field."""
    schema = schema_of(FILES[kind])
    types = Keys(schema).types(path)
    if not types:
        return field_bounds(path)
    found = [node for node in types if "integer" in _kinds(node)]
    if not found or any("string" in _kinds(node) for node in types):
        return None
    bound = BOUNDS["int64"]
    return Bounds(found[0].get("minimum", -bound), found[0].get("maximum", bound - 1))


def _kinds(node: Mapping[str, Any]) -> list[str]:
    kinds: list[str] | str = node.get("type", [])
    return [kinds] if isinstance(kinds, str) else kinds


def field_bounds(path: Path) -> Bounds | None:
    """Return the bounds of a field of Kubernetes that is a whole number wherever there is one of its name."""
    field = next((step for step in reversed(path) if isinstance(step, str)), "")
    return _fields().get(field)


@cache
def _fields() -> Mapping[str, Bounds]:
    """Return the whole numbers of Kubernetes by name of the field, those aside that are text somewhere else."""
    numbers: dict[str, Bounds] = {}
    others: set[str] = set()
    for name, schema in _properties():
        if "integer" in _kinds(schema):
            bound = BOUNDS[schema.get("format", "int64")]
            numbers[name] = Bounds(schema.get("minimum", -bound), schema.get("maximum", bound - 1))
        else:
            others.add(name)
    return {name: bounds for name, bounds in numbers.items() if name not in others}


def _properties() -> Iterator[tuple[str, Mapping[str, Any]]]:
    for body in definitions(None).values():
        yield from _within(body)
    newest = kubernetes_pack(supported_kubernetes_versions()[-1])
    for kind in _KINDS:
        for body in msgspec.json.decode((newest / f"{kind}.json").read_bytes())["definitions"].values():
            yield from _within(body)


def _within(body: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
    fields = body.get("properties") if isinstance(body, dict) else None
    for name, schema in (fields or {}).items():
        if isinstance(schema, dict):
            yield name, schema
