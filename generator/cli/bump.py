"""`fairlead bump`: new tags in the working tree, or as a commit on the remote."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from generator.cli.common import TerminalProgress, format_option, no_install_option, open_tree, root_option
from generator.cli.completion_names import environment_names, service_names
from generator.cli.options import (
    override_option,
    overrides_of,
    pairs,
    pull_request_option,
    push_option,
    reason_option,
    refuse_unused,
    with_remote,
)
from generator.disk.writer import replanned, write
from generator.findings.answer import Answer, Part
from generator.findings.errors import UnprovenError
from generator.inputs.load import load
from generator.plan.lost_overlays import refuse_lost_overlays
from generator.prove.release_proof import MoveProver, Proven
from generator.release.bump_edit import changed_lines
from generator.release.bump_request import BumpRequest, bumped, services_of
from generator.repo.head import head_overlays

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from generator.release.context import Draft


@click.command("bump", epilog="Example: fairlead bump frontend --env dev --tag 1.4.2")
@click.argument("services", nargs=-1, required=True, metavar="SERVICE[=TAG]...", shell_complete=service_names)
@click.option(
    "--env",
    "environment",
    required=True,
    shell_complete=environment_names,
    help="The environment whose release record changes.",
)
@click.option("--tag", help="The new tag.")
@click.option("--digest", help="The new digest, sha256:...; with --tag both are recorded.")
@click.option(
    "--image",
    "images",
    multiple=True,
    metavar="NAME[=TAG]",
    help="Move this image of the page only; NAME=TAG moves it beside the service's own. Repeatable.",
)
@click.option(
    "--expect",
    multiple=True,
    metavar="[SERVICE=]TAG",
    help="Go only if the service has this tag (or digest, or `none`) now. Repeatable.",
)
@override_option
@reason_option
@click.option("--dry-run", is_flag=True, help="Write nothing; show what would move, and what kustomize then builds.")
@push_option
@pull_request_option
@with_remote
@no_install_option
@root_option
@format_option
@click.pass_context
def command(
    ctx: click.Context,
    /,
    *,
    services: tuple[str, ...],
    environment: str,
    tag: str | None,
    digest: str | None,
    images: tuple[str, ...],
    expect: tuple[str, ...],
    override: tuple[str, ...],
    reason: str,
    dry_run: bool,
    push: bool,
    pull_request: bool,
    root: Path | None,
    **remote: Any,
) -> Answer:
    """Put a new image tag into an environment's release record.

    Changes one line for each image that moves: the service's own, and those that its page releases with it. The first
    bump of a service in an environment makes its overlay. Nothing is written unless kustomize builds the same objects
    as before, with those images replaced and nothing else.

    With --push it becomes a commit on the remote's branch, worked out in a throw-away clone; every gate of the
    environment is asked then, those about time too.
    """
    named = services_of(services)
    asked = BumpRequest(
        services=named,
        environment=environment,
        tag=tag,
        digest=digest,
        images=images,
        expected=pairs(expect, named, "--expect"),
        overrides=overrides_of(override, reason),
    )
    if push or pull_request:
        from generator.cli.push_bump import push_bump  # git and its remotes: 20 ms, for --push alone

        return push_bump(asked, pull_request=pull_request, root=root, dry_run=dry_run, **remote)
    refuse_unused(ctx)
    prover = MoveProver(TerminalProgress())
    draft, proven = replanned(lambda: _bumped(root, asked, prover, dry_run=dry_run))
    return Answer(
        text=lambda: _text(draft, proven, dry_run=dry_run), data=lambda: _data(draft, proven, dry_run=dry_run)
    )


def _bumped(root: Path | None, asked: BumpRequest, prover: MoveProver, *, dry_run: bool) -> tuple[Draft, Proven]:
    """Read the repository, work the bump out, prove it and write it."""
    tree = open_tree(root)
    refuse_lost_overlays(tree, [(env, name) for env, name in head_overlays(tree.root) if name in asked.services])
    project = load(tree, only=asked.services)
    draft = bumped(asked, tree, project, datetime.now(UTC))
    if not draft.moves:
        return draft, Proven()
    after = tree.after((change.path, change.after) for change in draft.changes)
    proven = prover.prove(project, tree, after, draft.moves)
    if proven.findings:
        raise UnprovenError(proven.findings)
    if not dry_run:
        write(tree.root, draft.changes)
    return draft, proven


def _text(draft: Draft, proven: Proven, *, dry_run: bool) -> Iterator[Part]:
    yield Part.of_lines(*map(str, draft.moves))
    for used in draft.used:
        yield Part.of_lines(*f"overridden: {used}".split("\n"))
    yield Part.of_lines(*(f"note: {note}" for note in draft.notes), err=True)
    if not draft.moves:
        yield Part.of_lines("nothing to do: the record says so already")
    elif dry_run:
        yield Part.of_diff(proven.difference)
        yield Part.of_lines("nothing was written, as --dry-run asks")


def _data(draft: Draft, proven: Proven, *, dry_run: bool) -> dict[str, Any]:
    added, removed = changed_lines(draft.changes)
    return {
        "moves": draft.moves,
        "files": [change.path for change in draft.changes],
        "lines": {"added": added, "removed": removed},
        "notes": draft.notes,
        "overridden": draft.used,
        "difference": proven.difference if dry_run else None,
    }
