"""Compare what was built with what the model says, field by field, strictly about types."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from generator.manifest import ObjectId, Path, identity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from generator.model.base import Manifest


class Absent:
    """Stands for a field or object that one side does not have."""

    def __repr__(self) -> str:
        return "(absent)"


ABSENT = Absent()


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """One field that is not the same on both sides; an empty path means the whole object."""

    id: ObjectId
    path: Path
    wanted: Any
    found: Any


def compare(wanted: Iterable[Manifest], found: Sequence[Manifest]) -> Iterator[Difference]:
    """Give every difference between two sets of objects."""
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
    """Say whether two values are equal as JSON: 1, 1.0 and true are three different things."""
    return msgspec.json.encode(left, order="sorted") == msgspec.json.encode(right, order="sorted")


def fields(left: Any, right: Any, path: Path = ()) -> Iterator[tuple[Path, Any, Any]]:
    """Give each field (path, left, right) in which two values differ, as deep as they are comparable."""
    if isinstance(left, dict) and isinstance(right, dict):
        for key in [*left, *(key for key in right if key not in left)]:
            yield from fields(left.get(key, ABSENT), right.get(key, ABSENT), (*path, key))
    elif isinstance(left, list) and isinstance(right, list) and len(left) == len(right):
        for number, (one, other) in enumerate(zip(left, right, strict=True)):
            yield from fields(one, other, (*path, number))
    elif left is ABSENT or right is ABSENT or not same(left, right):
        yield path, left, right


def show(value: Any) -> str:
    """Give a value on one short line."""
    text = repr(value) if value is ABSENT else msgspec.json.encode(value).decode()
    return text if len(text) <= 100 else text[:97] + "..."  # one line of a terminal  # noqa: PLR2004  # one line of a terminal
