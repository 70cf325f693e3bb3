"""What several commands share: the repository option, the output format, progress on the terminal."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from generator.cli.command_group import Spoken
from generator.cli.formats import DEFAULT, WRITERS
from generator.disk.tree import Tree, find_root, read
from generator.findings.errors import UsageError
from generator.findings.output import echo_state
from generator.git.repository import find_repository

root_option = click.option(
    "--root",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The GitOps repository. [default: the one around the current folder]",
)


def _note_format(context: click.Context, _: click.Parameter, name: str) -> None:
    """Tell the caller of the command line how to answer: only click knows which word is an option's value."""
    if isinstance(context.obj, Spoken):
        context.obj.format = name


def is_for_people() -> bool:
    """Return whether a person reads what the running command answers: some notes are of no use to a program."""
    context = click.get_current_context(silent=True)
    return context is None or not isinstance(context.obj, Spoken) or context.obj.for_people


format_option = click.option(
    "--format",
    type=click.Choice(list(WRITERS)),
    default=DEFAULT,
    is_eager=True,
    expose_value=False,
    callback=_note_format,
    help="How to print the answer.",
)


def _forbid_installing(ctx: click.Context, _: click.Parameter, value: bool) -> None:  # noqa: FBT001 - click's interface
    if value:
        from generator.tools.program import without_installing  # 10 ms, for this option alone

        ctx.with_resource(without_installing())


no_install_option = click.option(
    "--no-install",
    is_flag=True,
    expose_value=False,
    callback=_forbid_installing,
    help="Fetch and build no tool; exit 3 with the command that installs it where one is missing.",
)


def open_tree(root: Path | None) -> Tree:
    """Read the repository at `root`, or the one around the current folder."""
    return read(find_root(start(root), str(root or ".")))


def start(root: Path | None) -> Path:
    """Return the folder where the search for the repository starts; raises UsageError when that was deleted."""
    try:
        return (root or Path.cwd()).resolve()
    except FileNotFoundError as error:
        raise UsageError(
            "the current folder no longer exists; change to the repository, or name it by --root"
        ) from error


def notes_outside_git(root: Path | None) -> tuple[str, ...]:
    """Return what is not looked at in a repository that is in no git repository."""
    folder = find_root(start(root), str(root or "."))
    if find_repository(folder) is not None:
        return ()
    note = "not in a git repository: what was lost or edited since the last commit is not looked at"
    return (f"note: {folder}: {note}",)


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
            echo_state(f"{self._title} {self._done}/{self._total}")
            if self._done >= self._total:
                echo_state("")
