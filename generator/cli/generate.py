"""`fairlead generate`: render, and write what changed."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from generator.cli.common import TerminalProgress, format_option, notes_outside_git, open_tree, root_option, start
from generator.disk.tree import INPUTS, find_root
from generator.disk.writer import replanned, sweep, write
from generator.findings.answer import Answer, Part
from generator.findings.errors import HandEditError
from generator.findings.output import echo_diff
from generator.git.repository import find_repository
from generator.pipeline import generate
from generator.plan.hand_edits import committed_edits, origins, uncommitted_edits
from generator.plan.rendering import remember_written
from generator.plan.untracked import untracked_files
from generator.repo.head import changed_files, paths_in_index
from generator.report.plan import plan_data, plan_text, summary
from generator.roots import ROOTS, rendered_folders

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from generator.change import Change
    from generator.disk.tree import Tree
    from generator.plan.plan import Plan


# Edits shown with their difference; of more only the places, a terminal has an end.
SHOWN_EDITS = 10
COMMITTED = (
    "not what the pages of the last commit render (edited by hand, or by another fairlead); replaced, git keeps it"
)


@click.command("generate", epilog="Example: fairlead generate --check")
@root_option
@click.option("--check", is_flag=True, help="Write nothing; exit 1 and show the differences if anything would change.")
@click.option("--dry-run", is_flag=True, help="Write nothing; show what would be written.")
@click.option("--force", is_flag=True, help="Overwrite files that were edited by hand.")
@format_option
def command(root: Path | None, *, check: bool, dry_run: bool, force: bool) -> Answer:
    """Render base/, overlays/ and argocd/ from the pages.

    Only files that carry fairlead's header are changed or deleted, each one atomically. The tags and digests of the
    release records are carried over from the disk.
    """
    if check or dry_run:
        return _look(root, check=check, restyled=dry_run)
    planned = replanned(lambda: _written(root, force=force))
    return Answer(
        text=lambda: _written_text(root, planned),
        data=lambda: plan_data(planned),
        findings=lambda: planned.strays,
        notes=notes_outside_git(root),
        exit_code=int(bool(planned.strays)),
    )


def _look(root: Path | None, *, check: bool, restyled: bool) -> Answer:
    """Plan, write nothing, and answer with the differences; drift is a fault to `check`."""
    tree = open_tree(root)
    planned = _traced(tree)
    if check:
        planned = msgspec.structs.replace(planned, untracked=tuple(untracked_files(tree, planned)))
    return Answer(
        text=lambda: [Part.of_text(plan_text(planned, diff=True, restyled=restyled) + summary(planned, done=False))],
        data=lambda: plan_data(planned),
        findings=planned.drift,
        notes=notes_outside_git(root),
        exit_code=int(check and any(planned.drift())),
    )


def _traced(tree: Tree) -> Plan:
    """Plan, and look up where each difference comes from."""
    planned = generate(tree, TerminalProgress())
    return msgspec.structs.replace(planned, origins=origins(tree.root, planned.changes)) if planned.changes else planned


def _written_text(root: Path | None, planned: Plan) -> Iterator[Part]:
    yield Part.of_text(plan_text(planned, diff=False, restyled=True) + summary(planned, done=True))
    yield Part.of_lines(*_how_to_commit(root, planned))


def _how_to_commit(root: Path | None, planned: Plan) -> Iterator[str]:
    """Yield the `git add` of what is rendered anew and of the pages that changed, in a git repository."""
    written = [change.path for change in (*planned.changes, *planned.restyled)]
    folder = find_root(start(root), str(root or "."))
    if written and find_repository(folder) is not None:
        # An earlier command may have written what a commit needs too: a first release makes the base.
        changed = [*changed_files(folder, *INPUTS, *rendered_folders()), *written]
        tops = dict.fromkeys(path.partition("/")[0] for path in changed)
        inputs = [top for top in tops if top not in ROOTS]
        ordered = [*inputs, *sorted(tops.keys() - {*inputs})]
        known = [top for top in ordered if (folder / top).exists() or paths_in_index(folder, top)]
        where = [] if folder == Path.cwd() else ["-C", str(folder)]
        yield f"to commit it: {shlex.join(['git', *where, 'add', *known])}"


def _written(root: Path | None, *, force: bool) -> Plan:
    """Read the repository, plan and write."""
    tree = open_tree(root)
    planned = generate(tree, TerminalProgress())
    _refuse(planned, tree.root, force=force)
    sweep(tree)
    write(tree.root, (*planned.changes, *planned.restyled))
    remember_written(tree, planned)
    return planned


def _refuse(planned: Plan, root: Path, *, force: bool) -> None:
    """Refuse to destroy edits that only the disk has; show those that git keeps."""
    edits = uncommitted_edits(root, planned.changes)
    if edits and not force:
        remedy = "nothing was written; move the edits to the pages, or run with --force"
        raise HandEditError(remedy, edits=_shown(edits, "edited by hand since fairlead wrote it"))
    if edits:
        echo_diff(_shown(edits, "edited by hand, overwritten as --force asks"), err=True)
    committed = [change for change in committed_edits(root, planned.changes) if change not in edits]
    if committed:
        echo_diff(_shown(committed, COMMITTED), err=True)


def _shown(edits: Sequence[Change], what: str) -> str:
    """Return the first edits in full and the number of the others."""
    whole = "".join(f"{change.path}:{change.line}:1: {what}:\n{change.diff()}\n" for change in edits[:SHOWN_EDITS])
    more = len(edits) - SHOWN_EDITS
    return whole + (f"... and {more} more files like these, the last of them {edits[-1].path}\n" if more > 0 else "")
