"""What the commands share that land a commit on the remote: the way there, and the answer."""

from __future__ import annotations

import functools
import shlex
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from generator.cli.common import TerminalProgress, format_option, is_for_people, no_install_option, root_option, start
from generator.cli.options import dry_run_option, remote_options
from generator.clock.instant import moment_of
from generator.clock.timetable import duration_of
from generator.credentials.masking import mask
from generator.disk.tree import find_root
from generator.findings.answer import Answer, Part
from generator.findings.errors import UsageError
from generator.findings.output import echo
from generator.inputs.load import load_gitops
from generator.release.commit_builder import Proposer
from generator.repo.push import DEADLINE_SECONDS, Landing, land
from generator.repo.remote import Remote, remote_of, require_remote
from generator.repo.standing import standing_against, way_here

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from generator.prove.release_proof import Proven
    from generator.release.context import Draft, ReleaseContext
    from generator.repo.push import Propose


class LandingTarget(msgspec.Struct, frozen=True, kw_only=True):
    """Where a command lands its commits, and how; `name` is what the command line calls the remote.

    It is "" for a repository that is not the one of the checkout. `for_people` says that a person reads the answer.
    """

    root: Path
    remote: Remote
    seconds: float
    dry_run: bool
    for_people: bool
    name: str = "origin"


def landing_options(command: Callable[..., Answer]) -> Callable[..., Answer]:
    """Return a command the options of all commands that land commits; it takes them as one `task: Errand`."""

    @functools.wraps(command)
    def with_task(**options: Any) -> Answer:
        names = ("root", "remote", "branch", "seconds", "dry_run")
        task = errand(**{name: options.pop(name) for name in names})
        return command(task=task, **options)

    wrapped: Callable[..., Answer] = with_task
    for option in (format_option, root_option, no_install_option, dry_run_option, *reversed(remote_options)):
        wrapped = option(wrapped)
    return wrapped


def errand(  # what a command line says of it
    *, root: Path | None, remote: str, branch: str | None, seconds: float | None, dry_run: bool
) -> LandingTarget:
    """Return the errand that a command line asks for; raises UsageError for a remote or branch that cannot be."""
    folder = find_root(start(root), str(root or "."))
    wanted = branch or load_gitops(folder).targetRevision
    if wanted == "HEAD" or wanted.startswith(("-", "refs/")):
        raise UsageError(f"'{wanted}' is no branch to push to; name one with --branch")
    require_remote(folder, remote)
    found = remote_of(folder, remote, wanted)
    seconds = DEADLINE_SECONDS if seconds is None else seconds
    return LandingTarget(
        root=folder, remote=found, seconds=seconds, dry_run=dry_run, for_people=is_for_people(), name=remote
    )


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


def proposer_of(task: LandingTarget, work: Callable[[ReleaseContext], Draft], names: Iterable[str] | None) -> Proposer:
    """Return what works a release edit out for an errand; `names` are the services that it is about (None: all)."""
    return Proposer(work, names, TerminalProgress(), dry_run=task.dry_run)


def carry_out(task: LandingTarget, proposer: Proposer) -> Answer:
    """Land one commit, or work it out with `--dry-run`; return the answer."""
    landing = landed(task, proposer)
    return Answer(
        text=lambda: _text(task, landing, proposer),
        data=lambda: {**place_data(task), **draft_data(proposer.draft, proposer.proven, landing)},
    )


def _text(task: LandingTarget, landing: Landing, proposer: Proposer) -> Iterator[Part]:
    yield from draft_text(proposer.draft)
    if task.dry_run:
        yield Part.of_diff(proposer.proven.difference)
    yield Part.of_lines(*outcome(task, landing, proposer.draft))
    if landing.commit is None and not task.dry_run:
        yield Part.of_lines(*_unpushed_notes(task), err=True)


def _unpushed_notes(task: LandingTarget) -> Iterator[str]:
    """Yield, where there was nothing to do on the remote, that this checkout has what the remote has not."""
    from generator.repo.library import unpushed_commits  # GitPython, for a run that has nothing to do

    if ahead := unpushed_commits(task.root):
        yield f"note: HEAD has commits that no remote branch has ({ahead}); git push"


def place_data(task: LandingTarget) -> dict[str, str]:
    """Return where a command lands its commits as plain values."""
    return {"branch": task.remote.branch, "remote": str(task.remote)}


def landed(task: LandingTarget, propose: Propose, branch: str | None = None) -> Landing:
    """Land what `propose` gives, telling of every wait; with `--dry-run` it is worked out once and goes nowhere."""

    def notice(text: str) -> None:
        echo(f"{task.remote}: {text}", err=True)

    if not task.dry_run:
        return land(task.remote, propose, branch=branch, seconds=task.seconds, notice=notice)
    from generator.repo.clone import cloned  # with git, for a run that gets here
    from generator.repo.git import Deadline  # the same

    with cloned(task.remote, branch or task.remote.branch, Deadline.after(task.seconds)) as clone:
        clone.refresh()
        tip = None if clone.begins else clone.git.local("rev-parse", "HEAD").text
        propose(clone)
    _tell_standing(task, tip)
    return Landing(commit=None, attempts=0)


def _tell_standing(task: LandingTarget, tip: str | None) -> None:
    """Say that what was shown is the remote's, and not that of a checkout which is ahead or behind."""
    standing = standing_against(task.root, tip) if tip and task.name and task.for_people else None
    for note in standing.notes(f"{task.remote.branch} of {task.remote}") if standing else ():
        echo(f"note: {note}", err=True)


def draft_text(draft: Draft) -> Iterator[Part]:
    """Yield what moves, what was overridden, what waits, and what one should know."""
    yield Part.of_lines(*map(str, draft.moves))
    for refusal in draft.used:
        yield Part.of_lines(f"overridden: {refusal.environment}/{refusal.service}: {refusal.gate}: {refusal.message}")
    for refusal in draft.waiting:
        yield Part.of_lines(*f"waiting: {refusal}".split("\n"))
    yield Part.of_lines(*(f"note: {note}" for note in draft.notes), err=True)


def outcome(task: LandingTarget, landing: Landing, draft: Draft) -> Iterator[str]:
    """Yield the last lines: what became of it."""
    place = f"{task.remote.branch} of {task.remote}"
    if landing.commit is not None:
        times = f" ({landing.attempts} attempts)" if landing.attempts > 1 else ""
        yield f"pushed {landing.commit[:12]} to {place}{times}: {draft.subject}"
        yield f"to have it here: {_way_here(task, draft)}"
    elif task.dry_run and draft.changes:
        yield f"{draft.subject}: not pushed, as --dry-run asks"
    else:
        yield f"nothing to do on {place}"


def _way_here(task: LandingTarget, draft: Draft) -> str:
    """Return the command for this checkout; one that fetches from another repository has to be told which."""
    remote = task.remote
    if remote.elsewhere:
        return shlex.join(["git", "pull", mask(remote.url, remote.secrets), remote.branch])
    name = str(remote) if {"/", ":"} & set(task.name) else task.name  # an address may hold a login
    return way_here(task.root, name, remote.branch, [change.path for change in draft.changes])


def draft_data(draft: Draft, proven: Proven, landing: Landing) -> dict[str, Any]:
    """Return what became of a draft as plain values; `difference` is a unified diff of what kustomize builds."""
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
