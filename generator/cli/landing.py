"""What the commands share that land a commit on the remote: their options, the way there, and the answer."""

from __future__ import annotations

import functools
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from generator.cli.common import TerminalProgress, echo_json, format_option, root_option, start
from generator.cli.names import environment_names
from generator.errors import UsageError
from generator.inputs.load import load_gitops
from generator.instant import moment_of
from generator.release.proposal import Proposer
from generator.repo.publish import DEADLINE_SECONDS, Landing, land
from generator.repo.remote import Remote, remote_of, require_remote
from generator.timetable import duration_of
from generator.tree import find_root

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from generator.prove.moves import Proven
    from generator.release.scene import Draft, Scene
    from generator.repo.publish import Propose

remote_options = (
    click.option("--remote", default="origin", show_default=True, help="A git remote of this checkout, or an address."),
    click.option("--branch", help="The branch that Argo CD syncs. [default: targetRevision of gitops.yaml]"),
    click.option(
        "--deadline",
        "seconds",
        type=click.FloatRange(min=1),
        default=DEADLINE_SECONDS,
        show_default=True,
        help="Seconds after which no further attempt is made.",
    ),
)
dry_run_option = click.option(
    "--dry-run", is_flag=True, help="Push nothing; show what would move, and what kustomize then builds."
)
pull_request_option = click.option(
    "--pull-request", is_flag=True, help="Push to a branch and open or update its pull request."
)
environment_option = click.option(
    "--env", "environment", required=True, shell_complete=environment_names, help="The environment."
)
until_option = click.option(
    "--until", metavar="24h|TIME", help="When the hold ends by itself: after a time, or at one. [default: never]"
)
override_option = click.option(
    "--override", multiple=True, metavar="GATE", help="Pass this gate all the same; asks for --reason. Repeatable."
)


class Errand(msgspec.Struct, frozen=True, kw_only=True):
    """Where a command lands its commits, and how."""

    root: Path
    remote: Remote
    seconds: float
    dry_run: bool
    style: str


def landing_options(command: Callable[..., int]) -> Callable[..., int]:
    """Give a command the options of all commands that land commits; it takes them as one `task: Errand`."""

    @functools.wraps(command)
    def with_task(**options: Any) -> int:
        names = ("root", "remote", "branch", "seconds", "dry_run", "style")
        task = errand(**{name: options.pop(name) for name in names})
        return command(task=task, **options)

    wrapped: Callable[..., int] = with_task
    for option in (format_option, root_option, dry_run_option, *reversed(remote_options)):
        wrapped = option(wrapped)
    return wrapped


def errand(*, root: Path | None, remote: str, branch: str | None, seconds: float, dry_run: bool, style: str) -> Errand:
    """Give the errand that a command line asks for; raises UsageError for a remote or branch that cannot be."""
    folder = find_root(start(root), str(root or "."))
    wanted = branch or load_gitops(folder).targetRevision
    if wanted == "HEAD" or wanted.startswith(("-", "refs/")):
        raise UsageError(f"'{wanted}' is no branch to push to; name one with --branch")
    require_remote(folder, remote)
    found = remote_of(folder, remote, wanted)
    return Errand(root=folder, remote=found, seconds=seconds, dry_run=dry_run, style=style)


def until_of(text: str | None) -> datetime | None:
    """Read `--until`: hours and minutes from now, or a time with its zone; raises UsageError for anything else."""
    if text is None:
        return None
    try:
        length = duration_of(text)
        moment = moment_of(text) if length is None else datetime.now(UTC) + length
    except OverflowError:  # after the year 9999
        moment = None
    if moment is None:
        raise UsageError(f"--until {text}: write hours and minutes such as 24h or 90m, or 2026-11-21T03:00:00Z")
    return moment


def overrides_of(gates: Iterable[str], reason: str) -> dict[str, str]:
    """Read `--override` and `--reason`; raises UsageError for the one without the other."""
    overrides = dict.fromkeys(gates, reason)
    if overrides and not reason.strip():
        raise UsageError("--override asks for --reason: it is recorded in the commit")
    if reason and not overrides:
        raise UsageError("--reason says why a gate is overridden: name it with --override")
    return overrides


def proposer_of(task: Errand, work: Callable[[Scene], Draft], names: Iterable[str] | None) -> Proposer:
    """Give what works a release edit out for an errand; `names` are the services that it is about (None: all)."""
    return Proposer(work, names, TerminalProgress(), dry_run=task.dry_run)


def carry_out(task: Errand, proposer: Proposer) -> int:
    """Land one commit, or show it; print the answer and give the exit code."""
    landing = landed(task, proposer)
    if task.style == "json":
        place = {"branch": task.remote.branch, "remote": str(task.remote)}
        echo_json({**place, **draft_data(proposer.draft, proposer.proven, landing)})
        return 0
    show_draft(proposer.draft)
    if task.dry_run:
        click.echo(proposer.proven.difference, nl=False)
    click.echo(_outcome(task, landing, proposer.draft))
    return 0


def landed(task: Errand, propose: Propose, branch: str | None = None) -> Landing:
    """Land what `propose` gives, telling of every wait; with `--dry-run` it is worked out once and goes nowhere."""

    def notice(text: str) -> None:
        click.echo(f"{task.remote}: {text}", err=True)

    if not task.dry_run:
        return land(task.remote, propose, branch=branch, seconds=task.seconds, notice=notice)
    from generator.repo.clone import cloned  # with git, for a run that gets here
    from generator.repo.git import Deadline  # the same

    with cloned(task.remote, branch or task.remote.branch, Deadline.after(task.seconds)) as clone:
        clone.refresh()
        propose(clone)
    return Landing(commit=None, attempts=0)


def show_draft(draft: Draft) -> None:
    """Print what moves, what was overridden, what waits, and what one should know."""
    for move in draft.moves:
        click.echo(str(move))
    for refusal in draft.used:
        click.echo(f"overridden: {refusal}")
    for refusal in draft.waiting:
        click.echo(f"waiting: {refusal}")
    for note in draft.notes:
        click.echo(f"note: {note}", err=True)


def _outcome(task: Errand, landing: Landing, draft: Draft) -> str:
    """Give the last line: what became of it."""
    place = f"{task.remote.branch} of {task.remote}"
    if landing.commit is not None:
        times = "1 attempt" if landing.attempts == 1 else f"{landing.attempts} attempts"
        return f"{draft.subject}: {landing.commit[:12]} on {place} ({times})"
    if task.dry_run and draft.changes:
        return f"{draft.subject}: not pushed, as --dry-run asks"
    return f"nothing to do on {place}"


def draft_data(draft: Draft, proven: Proven, landing: Landing) -> dict[str, Any]:
    """Give what became of a draft as plain values; `difference` is a unified diff of what kustomize builds."""
    return {
        "commit": landing.commit,
        "attempts": landing.attempts,
        "subject": draft.subject,
        "moves": draft.moves,
        "files": [change.path for change in draft.changes],
        "waiting": draft.waiting,
        "overridden": draft.used,
        "notes": draft.notes,
        "difference": proven.difference,
    }


def pairs(values: Iterable[str], default: Iterable[str], option: str) -> dict[str, str]:
    """Read `[SERVICE=]VALUE` options; a bare value is for the one service of `default`."""
    names, found = list(default), {}
    for value in values:
        name, equals, rest = value.rpartition("=")
        if not equals and len(names) != 1:
            raise UsageError(f"{option} {value}: say for which service, {option} SERVICE={value}")
        found[name if equals else names[0]] = rest
    return found
