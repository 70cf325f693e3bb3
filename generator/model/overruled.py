"""A word of a page that is not rendered as it is written."""

from __future__ import annotations

import msgspec

Path = tuple[str, ...]


class Overruled(msgspec.Struct, frozen=True):
    """A word of a merged page, what is rendered in its place, and why.

    `by` is the word that overrules it, written or not; it is empty where the environment does.
    """

    path: Path
    rendered: str
    why: str
    by: Path = ()
