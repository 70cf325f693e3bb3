"""`fairlead publish`: commit what the pages render, to this repository or to another one that Argo CD syncs."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from generator.build.snapshot_dir import Scratch
from generator.cli.common import TerminalProgress
from generator.cli.push import landed, landing_options
from generator.findings.answer import Answer, Part
from generator.folders.scratch import scratch_folder
from generator.inputs.load import load_gitops, read_gitops
from generator.pipeline import validate
from generator.publish.checkout import committed, refuse_unpublished
from generator.publish.notes import uncommitted_notes, unread_notes
from generator.publish.publication import Publication
from generator.repo.remote import remote_of, require_remote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.cli.push import LandingTarget
    from generator.disk.tree import Tree
    from generator.findings.verdict import Report
    from generator.repo.push import Landing


@click.command("publish", epilog="Example: fairlead publish --to git@github.com:example/deploy.git --branch main")
@click.option("--to", "address", help="Another repository that Argo CD syncs. [default: this one]")
@landing_options
def command(*, address: str | None, task: LandingTarget) -> Answer:
    """Commit what the pages render, and push it.

    Without --to, the pages on the remote's branch are rendered and what differs is committed there; with --to, the
    rendered files of this checkout's last commit go to the other repository, with that commit in a trailer. Everything
    is proven first. Only rendered paths are committed; where they carry changes of others, nothing is pushed. Where
    Argo CD reads another repository or branch, and where the checkout has changes that are not committed, a note says
    so.
    """
    progress = TerminalProgress()
    source = None
    if address is None:
        refuse_unpublished(task.root, progress)
        notes = [*unread_notes(task.remote, task.name, load_gitops(task.root), own=True)]
    else:
        require_remote(task.root, address)
        source = committed(task.root, str(task.remote), progress)
        there = remote_of(task.root, address, task.remote.branch)
        elsewhere = msgspec.structs.replace(there, prefix="", begins=True)
        task = msgspec.structs.replace(task, remote=elsewhere, name="")
        notes = [*unread_notes(elsewhere, address, read_gitops(source.tree), own=False)]
        notes += uncommitted_notes(task.root, source.commit)
    with scratch_folder("fairlead-publish-") as folder:
        scratch = Scratch(Path(folder), task.root)

        def prove(tree: Tree) -> Report:
            return validate(scratch.hold(tree), progress, datetime.now(UTC))

        publication = Publication(prove, progress, source)
        landing = landed(task, publication)
    notes += _notes_on_older(publication)
    return Answer(
        text=lambda: _text(task, publication, landing),
        data=lambda: _data(task, publication, landing),
        notes=tuple(f"note: {note}" for note in notes),
    )


def _notes_on_older(publication: Publication) -> Iterator[str]:
    """Yield what another release of fairlead rendered."""
    if publication.older:
        more = f" and {len(publication.older) - 1} more" if len(publication.older) > 1 else ""
        yield f"another release of fairlead rendered {publication.older[0]}{more}: rendered anew"


def _data(task: LandingTarget, publication: Publication, landing: Landing) -> dict[str, Any]:
    return {
        "remote": str(task.remote),
        "commit": landing.commit,
        "branch": task.remote.branch,
        "attempts": landing.attempts,
        "files": [change.path for change in publication.changes],
    }


def _text(task: LandingTarget, publication: Publication, landing: Landing) -> Iterator[Part]:
    for change in publication.changes:
        yield Part.of_diff(change.diff()) if task.dry_run else Part.of_lines(change.path)
    place = f"{task.remote.branch} of {task.remote}"
    if landing.commit is not None:
        yield Part.of_lines(f"{len(publication.changes)} files in {landing.commit[:12]} on {place}")
    elif task.dry_run and publication.changes:
        yield Part.of_lines(f"not pushed, as --dry-run asks: {place}")
    else:
        yield Part.of_lines(f"nothing to do on {place}")
