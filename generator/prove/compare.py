"""Compare what was built with what the model says, field by field, strictly about types."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING, Any

import msgspec

from generator.kubernetes.manifest import ObjectId, Path, identity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from generator.model.base import Manifest


class Absent:
    """Stands for a field or object that one side does not have."""

    def __repr__(self) -> str:
        return "(absent)"


ABSENT = Absent()

# Characters of a value on a line of a terminal, and those of them that are shown before a difference.
_LONGEST = 100
_BEFORE = 30


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """One field that is not the same on both sides; an empty path means the whole object."""

    id: ObjectId
    path: Path
    wanted: Any
    found: Any


def compare(wanted: Iterable[Manifest], found: Sequence[Manifest]) -> Iterator[Difference]:
    """Yield every difference between two sets of objects."""
    left = {identity(manifest): manifest for manifest in wanted}
    right = {identity(manifest): manifest for manifest in found}
    for id_, manifest in left.items():
        if id_ not in right:
            yield Difference(id=id_, path=(), wanted=manifest, found=ABSENT)
        elif not same(manifest, right[id_]):
            for path, old, new in fields(manifest, right[id_]):
                yield Difference(id=id_, path=path, wanted=old, found=new)
    for id_, manifest in right.items():
        if id_ not in left:
            yield Difference(id=id_, path=(), wanted=ABSENT, found=manifest)


def same(left: Any, right: Any) -> bool:
    """Return whether two values are equal as JSON: 1, 1.0 and true are three different things."""
    return msgspec.json.encode(left, order="sorted") == msgspec.json.encode(right, order="sorted")


def fields(left: Any, right: Any, path: Path = ()) -> Iterator[tuple[Path, Any, Any]]:
    """Yield each field (path, left, right) in which two values differ, as deep as they are comparable."""
    if isinstance(left, dict) and isinstance(right, dict):
        for key in [*left, *(key for key in right if key not in left)]:
            yield from fields(left.get(key, ABSENT), right.get(key, ABSENT), (*path, key))
    elif isinstance(left, list) and isinstance(right, list) and len(left) == len(right):
        for number, (one, other) in enumerate(zip(left, right, strict=True)):
            yield from fields(one, other, (*path, number))
    elif left is ABSENT or right is ABSENT or not same(left, right):
        yield path, left, right


def narrow(wanted: Any, found: Any) -> tuple[Path, Any, Any, int]:
    """Return where two values first differ, both values there, and how many more places differ.

    Two lists of different lengths are compared entry by entry, from their first one.
    """
    places = list(_places(wanted, found))
    first = places[0] if places else ((), wanted, found)
    return (*first, max(0, len(places) - 1))


def _places(left: Any, right: Any, path: Path = ()) -> Iterator[tuple[Path, Any, Any]]:
    for inner, one, other in fields(left, right, path):
        if isinstance(one, list) and isinstance(other, list):
            for number, (old, new) in enumerate(zip_longest(one, other, fillvalue=ABSENT)):
                yield from _places(old, new, (*inner, number))
        else:
            yield inner, one, other


def show(value: Any) -> str:
    """Return a value on one short line."""
    return _cut(_text(value), 0)


def show_both(one: Any, other: Any) -> tuple[str, str]:
    """Return two values that differ on a short line each, long ones from shortly before the difference."""
    texts = _text(one), _text(other)
    pairs = enumerate(zip(*texts, strict=False))
    same = next((number for number, (left, right) in pairs if left != right), min(map(len, texts)))
    start = same - _BEFORE if same > _LONGEST - _BEFORE else 0
    return _cut(texts[0], start), _cut(texts[1], start)


def _text(value: Any) -> str:
    return repr(value) if value is ABSENT else msgspec.json.encode(value).decode()


def _cut(text: str, start: int) -> str:
    shown = f"...{text[start:]}" if start else text
    return shown if len(shown) <= _LONGEST else f"{shown[: _LONGEST - 3]}..."
