"""The formats of `--format`: one module a format, and the table that names them.

A format is a module with the two functions of `Writer`; mypy holds each one against it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from generator.cli.formats import json_writer, text_writer

if TYPE_CHECKING:
    from generator.findings.answer import Answer
    from generator.findings.errors import FairleadError


class Writer(Protocol):
    """Prints the answers and the errors of all commands in one format."""

    def write(self, answer: Answer) -> None:
        """Print what a command has to say."""

    def fail(self, error: FairleadError) -> None:
        """Print why a command could not go on."""


DEFAULT = "text"
WRITERS: dict[str, Writer] = {
    DEFAULT: text_writer,
    "json": json_writer,
}
