"""`fairlead generate`: render, and write what changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
import msgspec

from generator.cli.common import TerminalProgress, format_option, open_tree, root_option, tell_outside_git
from generator.cli.output import echo_diff, echo_json, echo_text
from generator.errors import HandEditError
from generator.pipeline import generate, settle
from generator.plan.handedit import committed_edits, uncommitted_edits
from generator.plan.untracked import untracked_files
from generator.plan.writer import replanned, sweep, write
from generator.report.plan import plan_data, plan_text, summary

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from generator.plan.plan import Change, Plan


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
def command(root: Path | None, *, check: bool, dry_run: bool, force: bool, style: str) -> int:
    """Render base/, overlays/ and argocd/ from the pages.

    Only files that carry fairlead's header are changed or deleted, each one atomically. The tags and digests of the
    release records are carried over from the disk.
    """
    if check or dry_run:
        tree = open_tree(root)
        planned = generate(tree, TerminalProgress())
        if check:
            planned = msgspec.structs.replace(planned, untracked=tuple(untracked_files(tree, planned)))
        tell_outside_git(root)
        _show(planned, style, diff=True, restyled=dry_run)
        return int(check and any(planned.drift()))
    planned = replanned(lambda: _written(root, force=force))
    tell_outside_git(root)
    _show(planned, style, diff=False, restyled=True)
    return int(bool(planned.strays))


def _written(root: Path | None, *, force: bool) -> Plan:
    """Read the repository, plan and write."""
    tree = open_tree(root)
    planned = generate(tree, TerminalProgress())
    _refuse(planned, tree.root, force=force)
    sweep(tree)
    write(tree.root, (*planned.changes, *planned.restyled))
    settle(tree, planned)
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
    """Give the first edits in full and the number of the others."""
    whole = "".join(f"{change.path}:{change.line}:1: {what}:\n{change.diff()}\n" for change in edits[:SHOWN_EDITS])
    more = len(edits) - SHOWN_EDITS
    return whole + (f"... and {more} more files like these, the last of them {edits[-1].path}\n" if more > 0 else "")


def _show(planned: Plan, style: str, *, diff: bool, restyled: bool) -> None:
    if style == "json":
        echo_json(plan_data(planned))
        return
    echo_text(plan_text(planned, diff=diff, restyled=restyled) + summary(planned, done=not diff))
