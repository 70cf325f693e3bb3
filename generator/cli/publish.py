"""`fairlead publish`: commit what the pages render, to this repository or to another one that Argo CD syncs."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from generator.build.snapshot_dir import Scratch
from generator.cli.common import TerminalProgress
from generator.cli.push import landed, landing_options
from generator.findings.output import echo, echo_diff, echo_json
from generator.folders.scratch import scratch_folder
from generator.inputs.load import load_gitops, read_gitops
from generator.pipeline import validate
from generator.publish.checkout import committed, refuse_unpublished
from generator.publish.notes import uncommitted_notes, unread_notes
from generator.publish.publication import Publication
from generator.repo.remote import remote_of, require_remote

if TYPE_CHECKING:
    from generator.cli.push import LandingTarget
    from generator.disk.tree import Tree
    from generator.findings.verdict import Report
    from generator.repo.push import Landing


@click.command("publish", epilog="Example: fairlead publish --to git@github.com:example/deploy.git --branch main")
@click.option("--to", "address", help="Another repository that Argo CD syncs. [default: this one]")
@landing_options
def command(*, address: str | None, task: LandingTarget) -> int:
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
    echo(*(f"note: {note}" for note in notes), err=True)
    return _answer(task, publication, landing)


def _answer(task: LandingTarget, publication: Publication, landing: Landing) -> int:
    if publication.older:
        more = f" and {len(publication.older) - 1} more" if len(publication.older) > 1 else ""
        echo(f"note: another release of fairlead rendered {publication.older[0]}{more}: rendered anew", err=True)
    if task.style == "json":
        files = [change.path for change in publication.changes]
        answer = {"commit": landing.commit, "branch": task.remote.branch, "attempts": landing.attempts, "files": files}
        echo_json({"remote": str(task.remote), **answer})
        return 0
    for change in publication.changes:
        if task.dry_run:
            echo_diff(change.diff())
        else:
            echo(change.path)
    place = f"{task.remote.branch} of {task.remote}"
    if landing.commit is not None:
        echo(f"{len(publication.changes)} files in {landing.commit[:12]} on {place}")
    elif task.dry_run and publication.changes:
        echo(f"not pushed, as --dry-run asks: {place}")
    else:
        echo(f"nothing to do on {place}")
    return 0
