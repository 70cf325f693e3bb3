"""The options of the commands that land commits on a remote, and how their values are read. Nothing here needs git."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from generator.cli.completion_names import environment_names, gate_names
from generator.findings.errors import UsageError
from generator.model.gates import GATE_NAMES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from generator.findings.answer import Answer

# What gates were called before they had the spelling of the page.
FORMER_GATES = {"freeze": "freezes", "order": "tagOrder", "tag-pattern": "tagPattern"}

remote_options = (
    click.option("--remote", default="origin", show_default=True, help="A git remote of this checkout, or an address."),
    click.option("--branch", help="The branch that Argo CD syncs. [default: targetRevision of gitops.yaml]"),
    click.option(
        "--deadline",
        "seconds",
        type=click.FloatRange(min=1),
        help="Seconds after which no further attempt is made. [default: 180]",
    ),
)
dry_run_option = click.option(
    "--dry-run", is_flag=True, help="Push nothing; show what would move, and what kustomize then builds."
)
push_option = click.option(
    "--push", is_flag=True, help="Land a commit on the remote, and leave this working tree as it is."
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
    "--override",
    multiple=True,
    metavar="GATE",
    shell_complete=gate_names,
    help=f"Pass this gate ({', '.join(GATE_NAMES)}) all the same; asks for --reason.",
)
reason_option = click.option("--reason", default="", help="Why a gate is overridden; recorded in the commit.")


def with_remote(command: Callable[..., Answer]) -> Callable[..., Answer]:
    """Return a command the options that say where a push goes."""
    for option in reversed(remote_options):
        command = option(command)
    return command


def refuse_unused(ctx: click.Context) -> None:
    """Raise UsageError for an option that says where to push, where nothing is pushed."""
    for name, option in (("remote", "--remote"), ("branch", "--branch"), ("seconds", "--deadline")):
        if ctx.get_parameter_source(name) is ParameterSource.COMMANDLINE:
            raise UsageError(f"{option} is about a push: say --push, or --pull-request")


def overrides_of(gates: Iterable[str], reason: str) -> dict[str, str]:
    """Read `--override` and `--reason`; raises UsageError for the one without the other."""
    overrides = dict.fromkeys((FORMER_GATES.get(gate, gate) for gate in gates), reason)
    if overrides and not reason.strip():
        raise UsageError("--override asks for --reason: it is recorded in the commit")
    if reason and not overrides:
        raise UsageError("--reason says why a gate is overridden: name it with --override")
    return overrides


def pairs(values: Iterable[str], default: Iterable[str], option: str) -> dict[str, str]:
    """Read `[SERVICE=]VALUE` options; a bare value is for the one service of `default`."""
    names, found = list(default), {}
    for value in values:
        name, equals, rest = value.rpartition("=")
        if not equals and len(names) != 1:
            raise UsageError(f"{option} {value}: say for which service, {option} SERVICE={value}")
        found[name if equals else names[0]] = rest
    return found
