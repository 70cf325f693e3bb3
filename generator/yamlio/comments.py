"""Where the comments of a YAML text are."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import yaml

from generator.yamlio.document import LOADER

if TYPE_CHECKING:
    from collections.abc import Iterator

# The blanks before it count: nothing but them and a comment is on a line that it has to itself.
_COMMENT = re.compile(r"(?:^|[ \t])[ \t]*#.*")
_NO_BREAK = re.compile(r"[^\n]")


def comments(text: str) -> dict[int, tuple[int, str]]:
    """Return each comment by its line, from 0: the column where it or the blanks before it begin, and its text.

    A comment that has its line to itself begins at column 0. Raises yaml.YAMLError for what is no YAML.
    """
    rows, bare = text.split("\n"), "".join(_without_scalars(text)).split("\n")
    found = ((number, _COMMENT.search(row)) for number, row in enumerate(bare))
    return {number: (match.start(), rows[number][match.start() :].rstrip()) for number, match in found if match}


def _without_scalars(text: str) -> Iterator[str]:
    """Yield the text with every scalar blotted out, as long as it was: a `#` in a value begins no comment."""
    end = 0
    for token in yaml.scan(text, Loader=LOADER):
        if isinstance(token, yaml.ScalarToken):
            start, behind = token.start_mark.index, token.end_mark.index
            yield text[end:start]
            yield _NO_BREAK.sub("x", text[start:behind])
            end = behind
    yield text[end:]
