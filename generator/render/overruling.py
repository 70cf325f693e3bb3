"""How the words of a part of a page are looked through for those that are overruled."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import msgspec

from generator.model.overruled import Overruled, Path

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

NOT_AWS = "the cluster is not in AWS"


def stated_words(
    part: msgspec.Struct, path: Path, words: Collection[str], why: str, by: Path = ()
) -> Iterator[Overruled]:
    """Yield those of `words` that a part of the page says, in its order."""
    for word, default in _defaults(type(part)).items():
        if word not in words:
            continue
        value = getattr(part, word)
        if value is not None and value != default and value not in ({}, []):
            yield Overruled((*path, word), "nothing", why, by)


@cache
def _defaults(shape: type[msgspec.Struct]) -> dict[str, Any]:
    """Return the words of a shape with their defaults: msgspec takes 0.3 ms to work them out."""
    return {field.name: field.default for field in msgspec.structs.fields(shape)}
