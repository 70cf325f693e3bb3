"""`fairlead status`: what runs where."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from itertools import chain
from typing import TYPE_CHECKING

import click

from generator.cli.common import format_option, open_tree, root_option
from generator.cli.completion_names import environment_names, service_names
from generator.findings.answer import Answer, Part
from generator.findings.errors import UsageError
from generator.findings.nearest import nearest
from generator.history.status import status
from generator.inputs.load import load
from generator.repo.log import checkout
from generator.repo.standing import standing_against_upstream
from generator.report.status import status_data, status_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from generator.inputs.project import Project

# Where nobody looks at a terminal, a table may be this wide.
_WIDTH = 120


@click.command("status", epilog="Example: fairlead status frontend --env prod")
@click.argument("services", metavar="[SERVICE]...", nargs=-1, shell_complete=service_names)
@click.option("--env", "environment", shell_complete=environment_names, help="One environment. [default: all]")
@root_option
@format_option
def command(services: tuple[str, ...], environment: str | None, root: Path | None) -> Answer:
    """Show what runs where, since when, and what is held.

    Releases are those of the working tree; an age counts from the commit that brought the release to the current
    branch. Against the environment before it a release is the same, behind (by how many releases of that one), ahead
    (it went on by itself) or different. Exit 1 if a record or a hold cannot be read.
    """
    tree = open_tree(root)
    project = load(tree, only=set(services) or None)
    for name in services:
        project.page(name)
    environments = _environments(project, environment)
    found = checkout(tree.root)
    cells = status(project, tree, found, environments)
    now = datetime.now(UTC)

    def text() -> Iterator[Part]:
        width = shutil.get_terminal_size((_WIDTH, 24)).columns
        yield Part.of_text(status_text(cells, environments, now, width=width, in_git=found is not None))
        yield Part.of_lines(*_standing_notes(tree.root), err=True)

    return Answer(
        text=text,
        data=lambda: status_data(cells, now),
        findings=lambda: chain.from_iterable(cell.findings for cell in cells),
        exit_code=int(any(cell.findings for cell in cells)),
    )


def _standing_notes(root: Path) -> list[str]:
    """Return where the working tree is behind or ahead of its upstream branch."""
    standing = standing_against_upstream(root)
    return [f"note: {note}" for note in standing.notes(f"{standing.upstream} as last fetched")] if standing else []


def _environments(project: Project, environment: str | None) -> list[str]:
    """Return the environments that are asked for; raises UsageError with the nearest name for one that is not there."""
    known = project.gitops.environments
    if environment is None:
        return known
    if environment not in known:
        near = nearest(environment, known)
        hint = f"did you mean '{near}'?" if near else f"there are: {', '.join(known)}"
        raise UsageError(f"no environment '{environment}'; {hint}")
    return [environment]
