"""`fairlead status`: what runs where."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from generator.cli.common import format_option, open_tree, root_option
from generator.cli.completion_names import environment_names, service_names
from generator.findings.errors import UsageError
from generator.findings.nearest import nearest
from generator.findings.output import echo, echo_json, echo_text
from generator.history.status import status
from generator.inputs.load import load
from generator.repo.log import checkout
from generator.repo.standing import standing_against_upstream
from generator.report.status import status_data, status_text

if TYPE_CHECKING:
    from pathlib import Path

    from generator.inputs.project import Project

# Where nobody looks at a terminal, a table may be this wide.
_WIDTH = 120


@click.command("status", epilog="Example: fairlead status frontend --env prod")
@click.argument("services", metavar="[SERVICE]...", nargs=-1, shell_complete=service_names)
@click.option("--env", "environment", shell_complete=environment_names, help="One environment. [default: all]")
@root_option
@format_option
def command(services: tuple[str, ...], environment: str | None, root: Path | None, style: str) -> int:
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
    if style == "json":
        echo_json(status_data(cells, now))
    else:
        width = shutil.get_terminal_size((_WIDTH, 24)).columns
        echo_text(status_text(cells, environments, now, width=width, in_git=found is not None))
        standing = standing_against_upstream(tree.root)
        for note in standing.notes(f"{standing.upstream} as last fetched") if standing else ():
            echo(f"note: {note}", err=True)
    return int(any(cell.findings for cell in cells))


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
