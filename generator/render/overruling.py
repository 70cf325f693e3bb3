"""How the words of a part of a page are looked through for those that are overruled."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from generator.model.overruled import Overruled, Path

if TYPE_CHECKING:
    from collections.abc import Iterator

NOT_AWS = "the cluster is not in AWS"


def said(part: msgspec.Struct, path: Path, words: tuple[str, ...], why: str, by: Path = ()) -> Iterator[Overruled]:
    """Yield those of `words` that a part of the page says, in its order."""
    for field in msgspec.structs.fields(part):
        value = getattr(part, field.name)
        if field.name in words and value is not None and value != field.default and value not in ({}, []):
            yield Overruled((*path, field.name), "nothing", why, by)
