"""`fairlead retire`: take a service out of an environment, or altogether, in two steps: here, or on the remote."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from generator.cli.common import format_option, no_install_option, open_tree, root_option
from generator.cli.completion_names import environment_names, service_names
from generator.cli.options import pull_request_option, push_option, refuse_unused, with_remote
from generator.disk.writer import replanned, sweep, write
from generator.findings.answer import Answer, Part
from generator.findings.errors import HandEditError, UsageError
from generator.inputs.load import load
from generator.plan.hand_edits import uncommitted_edits
from generator.plan.lost_overlays import refuse_lost_overlays
from generator.prove.build_as_is import plain_build
from generator.records.retirement import FOLDER
from generator.repo.git import Deadline, git_around
from generator.repo.head import head_files, head_overlays, paths_at
from generator.repo.library import head_commit
from generator.report.retirement import done_text, plan_text, retirement_data
from generator.retire.confirmation import RetirementRequest, Signature, edits, refuse_misnamed, refuse_unconfirmed
from generator.retire.retirement import Retirement, RetirementInputs, retirement

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from generator.change import Change
    from generator.disk.tree import Tree

# git says at once who works here (seconds).
_SOON = 30.0


@click.command("retire", epilog="Example: fairlead retire orders-service --env prod")
@click.argument("service", shell_complete=service_names)
@click.option(
    "--env",
    "environment",
    shell_complete=environment_names,
    help="The environment that the service leaves. [default: all, and its page goes]",
)
@click.option("--confirm", "token", metavar="TOKEN", help="Do what was shown under this token.")
@click.option("--reason", help="Why; it stays in the tombstone.")
@click.option(
    "--delete-data",
    "named",
    multiple=True,
    metavar="KIND/NAMESPACE/NAME",
    help="An object that git cannot bring back and that goes all the same. Repeatable.",
)
@click.option("--dry-run", is_flag=True, help="Write and push nothing, although it is confirmed; show what would go.")
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
    service: str,
    environment: str | None,
    token: str | None,
    reason: str | None,
    named: tuple[str, ...],
    dry_run: bool,
    push: bool,
    pull_request: bool,
    root: Path | None,
    **remote: Any,
) -> Answer:
    """Take a service out of an environment, or altogether.

    Without --confirm nothing is written: every object, release record and reference that would go is shown, what Argo
    CD will do, and the command that goes on. With --confirm the page shuts the environment out (or goes), the overlay
    goes, and a tombstone in retired/ says who did it, when and why.

    With --push both steps are about the remote's branch: what would go is worked out in a throw-away clone, and what
    was confirmed becomes a commit there. What changed since it was shown has to be shown again.
    """
    if token is not None and not (reason or "").strip():
        raise UsageError('say why: --reason "..."')
    why = (reason or "").strip()
    asked = RetirementRequest(service=service, environment=environment, named=named, token=token, reason=why)
    if push or pull_request:
        from generator.cli.push_retirement import push_retirement  # git and its remotes, for --push alone

        where = {**remote, "root": root, "dry_run": dry_run}
        return push_retirement(asked, pull_request=pull_request, options=_landing(ctx, remote), **where)
    refuse_unused(ctx)
    return _propose(root, asked) if token is None or dry_run else _carry_out(root, asked)


def _landing(ctx: click.Context, remote: dict[str, Any]) -> list[str]:
    """Return the options that say where a retirement is to land, as they were given."""
    words = ["--pull-request" if ctx.params["pull_request"] else "--push"]
    for name, option in (("remote", "--remote"), ("branch", "--branch")):
        if ctx.get_parameter_source(name) is ParameterSource.COMMANDLINE:
            words += [option, str(remote[name])]
    return words


def _propose(root: Path | None, asked: RetirementRequest) -> Answer:
    """Return what would go; of what is confirmed by now, only what it is a token of."""
    stock, plan = _planned(root, asked)
    if asked.token is not None:
        refuse_unconfirmed(plan, asked.token, asked.named)
    unsaved = uncommitted_edits(stock.tree.root, plan.irretrievable)
    branch = stock.project.gitops.targetRevision
    return Answer(
        text=lambda: [Part.of_text(plan_text(plan, branch, unsaved, asked.reason or None))],
        data=lambda: retirement_data(plan, branch, unsaved=unsaved),
    )


def _carry_out(root: Path | None, asked: RetirementRequest) -> Answer:
    """Do what was shown, and return what was done."""
    stock, plan, changes = replanned(lambda: _written(root, asked))
    branch = stock.project.gitops.targetRevision
    return Answer(
        text=lambda: [Part.of_text(done_text(plan, branch, changes))],
        data=lambda: retirement_data(plan, branch, changes=changes),
    )


def _planned(root: Path | None, asked: RetirementRequest) -> tuple[RetirementInputs, Retirement]:
    """Read the repository, and work out what would go; a service that is lost already has to be brought back first."""
    tree = open_tree(root)
    committed = ((env, name) for env, name in head_overlays(tree.root) if name == asked.service)
    refuse_lost_overlays(tree, [key for key in committed if asked.environment in {None, key[0]}])
    project = load(tree, only={asked.service})
    stock = RetirementInputs(
        tree=tree,
        project=project,
        committed=head_files(tree.root, tree.under(FOLDER)),
        missing=tuple(_missing(tree, asked.service)),
        build=lambda folder: plain_build(tree, project.gitops, folder),
    )
    plan = retirement(stock, asked.service, asked.environment)
    refuse_misnamed(plan, asked.named)
    return stock, plan


def _missing(tree: Tree, service: str) -> Iterator[str]:
    """Yield the paths of a service that the last commit has and the disk has not."""
    for path in paths_at(tree.root, "HEAD", "services", "base", "overlays"):
        if path not in tree.files and service in {part.removesuffix(".yaml") for part in path.split("/")[1:3]}:
            yield path


def _written(start: Path | None, asked: RetirementRequest) -> tuple[RetirementInputs, Retirement, Sequence[Change]]:
    stock, plan = _planned(start, asked)
    refuse_unconfirmed(plan, asked.token or "", asked.named)
    root = stock.tree.root
    if unsaved := uncommitted_edits(root, plan.irretrievable):
        raise HandEditError(
            "not in the last commit as they are now, so git could not bring them back:",
            *(f"  {change.path}" for change in unsaved),
            "nothing was written; commit them first",
        )
    signature = Signature(by=_author(root), when=datetime.now(UTC), reason=asked.reason, commit=head_commit(root))
    changes = edits(plan, stock.tree, signature)
    sweep(stock.tree)
    write(root, changes)
    return stock, plan, changes


def _author(root: Path) -> str:
    """Return who works here, as `Name <address>`; raises ToolError when git does not know."""
    words = git_around(root, Deadline.after(_SOON)).local("var", "GIT_AUTHOR_IDENT").text
    return words.rsplit(" ", 2)[0]  # behind it are time and zone
