"""Fenced blocks of a Markdown page, so that what it shows can be run and compared."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_FENCE = re.compile(r"^```(?P<language>\w+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^## (.*)$", re.MULTILINE)


class Block(msgspec.Struct, frozen=True):
    """One fenced block: its language, its text, and the `##` heading that it stands under ("" before the first)."""

    section: str
    language: str
    text: str
    line: int

    @property
    def path(self) -> str:
        """The file that the block shows, named by its first line (`# path`)."""
        return self.text.partition("\n")[0].removeprefix("# ")

    @property
    def content(self) -> str:
        """What stands in that file."""
        return self.text.partition("\n")[2]

    def commands(self) -> Iterator[tuple[str, str]]:
        """Yield the commands (`$ ...`) of a console block, each with the output that follows it."""
        for part in re.split(r"^\$ ", self.text, flags=re.MULTILINE)[1:]:
            command, _, output = part.partition("\n")
            yield command, output


def blocks(page: Path) -> list[Block]:
    """Return the fenced blocks of a page in their order."""
    text = page.read_text(encoding="utf-8")
    headings = [(match.start(), match[1]) for match in _HEADING.finditer(text)]
    return [
        Block(
            section=next((name for start, name in reversed(headings) if start < match.start()), ""),
            language=match["language"],
            text=match["text"],
            line=text.count("\n", 0, match.start()) + 1,
        )
        for match in _FENCE.finditer(text)
    ]
