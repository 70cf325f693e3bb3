"""`fairlead history`: what environments had, from git."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

import click

from generator.cli.common import format_option, root_option, start
from generator.cli.completion_names import environment_names, service_names
from generator.disk.tree import find_root
from generator.findings.answer import Answer, Part
from generator.findings.errors import UsageError
from generator.findings.nearest import nearest
from generator.history.release_history import events
from generator.inputs.load import load_gitops
from generator.repo.log import checkout, resolved
from generator.report.history import history_data, history_text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from pathlib import Path

    from generator.history.release_history import HoldStep, ReleaseStep
    from generator.repo.log import WorkTree

_LIMIT = 20


@click.command("history", epilog="Example: fairlead history frontend --env prod")
@click.argument("service", metavar="[SERVICE]", required=False, shell_complete=service_names)
@click.option("--env", "environment", shell_complete=environment_names, help="One environment. [default: all]")
@click.option(
    "--limit",
    type=click.IntRange(min=0),
    default=_LIMIT,
    show_default=True,
    metavar="N",
    help="Show the newest N changes; 0 shows all.",
)
@root_option
@format_option
def command(service: str | None, environment: str | None, limit: int, root: Path | None) -> Answer:
    """Show what environments had, when, and by which commit.

    Newest first: each change of a release record and of a hold on the current branch, as of its merge, with its
    author, what it replaced, where it was promoted from and which gates were overridden. Times are in UTC.
    """
    folder = find_root(start(root), str(root or "."))
    found = _checkout(folder)
    stream = events(found.reader, prefix=found.prefix, environment=environment, service=service)
    shown = list(islice(stream, limit or None))
    if not shown:
        _refuse_unknown(folder, service, environment)
    return Answer(text=lambda: _text(shown, limit), data=lambda: history_data(shown))


def _text(shown: Sequence[ReleaseStep | HoldStep], limit: int) -> Iterator[Part]:
    yield Part.of_text(history_text(shown) or "nothing was released yet\n")
    if limit and len(shown) == limit:
        yield Part.of_lines(f"the newest {limit}; --limit 0 shows all", err=True)


def _checkout(folder: Path) -> WorkTree:
    """Return the work tree around the repository; raises an error where there is no history to read."""
    found = checkout(folder)
    if found is None:
        raise UsageError("not in a git repository: there is no history")
    if resolved(found.reader, "HEAD") is None:
        raise UsageError("no commit yet: there is no history")
    return found


def _refuse_unknown(folder: Path, service: str | None, environment: str | None) -> None:
    """Raise UsageError for a name that no page has; one that only the past knew has a history."""
    _require("service", service, {path.stem for path in (folder / "services").glob("*.yaml")})
    _require("environment", environment, load_gitops(folder).environments)


def _require(kind: str, name: str | None, known: Collection[str]) -> None:
    if name is not None and name not in known:
        near = nearest(name, known)
        raise UsageError(f"no {kind} '{name}', now or earlier" + (f"; did you mean '{near}'?" if near else ""))
