"""What several commands share: the repository option, the output format, progress on the terminal."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import click

from generator.cli.program import Spoken
from generator.errors import UsageError
from generator.tree import Tree, find_root, read

root_option = click.option(
    "--root",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The GitOps repository. [default: the one around the current folder]",
)


def _note_style(context: click.Context, _: click.Parameter, style: str) -> str:
    """Tell the caller of the command line how to print an error: only click knows which word is an option's value."""
    if isinstance(context.obj, Spoken):
        context.obj.style = style
    return style


format_option = click.option(
    "--format",
    "style",
    type=click.Choice(["text", "json"]),
    default="text",
    is_eager=True,
    callback=_note_style,
    help="How to print the answer.",
)


def open_tree(root: Path | None) -> Tree:
    """Read the repository at `root`, or the one around the current folder."""
    return read(find_root(start(root), str(root or ".")))


def start(root: Path | None) -> Path:
    """Give the folder where the search for the repository starts; raises UsageError when that was deleted."""
    try:
        return (root or Path.cwd()).resolve()
    except FileNotFoundError as error:
        raise UsageError(
            "the current folder no longer exists; change to the repository, or name it by --root"
        ) from error


class TerminalProgress:
    """One line on standard error that says how far a stage is; nothing unless a person is watching."""

    def __init__(self) -> None:
        self._shown = sys.stderr.isatty() and "CI" not in os.environ
        self._title, self._total, self._done = "", 0, 0

    def stage(self, title: str, total: int) -> None:
        """Begin a stage."""
        self._title, self._total, self._done = title, total, 0

    def advance(self, steps: int = 1) -> None:
        """Show the stage's new state."""
        self._done += steps
        if self._shown and self._total > 1:
            click.echo(f"\r\x1b[K{self._title} {self._done}/{self._total}", err=True, nl=False)
            if self._done >= self._total:
                click.echo("\r\x1b[K", err=True, nl=False)


def echo_json(value: Any) -> None:
    """Print a value as JSON."""
    import msgspec  # for --format json alone

    click.echo(msgspec.json.format(msgspec.json.encode(value), indent=2).decode())
