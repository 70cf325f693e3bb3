"""What a command has to say, before anybody decides in which format: an `Answer`, and the parts of its text.

A command returns one and prints nothing of it; a writer of `cli/formats/` prints it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Self

import msgspec

from generator.findings.finding import Finding
from generator.findings.text import escape_diff, escape_lines, escape_text


class Part(msgspec.Struct, frozen=True):
    """A piece of a text as it may be shown, for standard error with `err`."""

    shown: str
    err: bool = False

    @classmethod
    def of_lines(cls, *lines: str, err: bool = False) -> Self:
        """Return each of `lines` as exactly one line."""
        return cls(escape_lines(lines), err)

    @classmethod
    def of_text(cls, text: str) -> Self:
        """Return a text whose line breaks are our own, as it ends."""
        return cls(escape_text(text))

    @classmethod
    def of_diff(cls, text: str) -> Self:
        """Return unified differences."""
        return cls(escape_diff(text))

    @classmethod
    def of_data(cls, text: str) -> Self:
        """Return what another program reads from a pipe, byte for byte."""
        return cls(text)


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """The whole answer of a command; a format takes of it what it can show.

    `text` yields what a person reads, `data` returns plain values for a program, and `findings` the faults in it that
    have a place: only what a format asks for is worked out. `notes` are lines for standard error in every format.
    """

    text: Callable[[], Iterable[Part]]
    data: Callable[[], Any]
    findings: Callable[[], Iterable[Finding]] = tuple
    notes: tuple[str, ...] = ()
    exit_code: int = 0
