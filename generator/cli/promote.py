"""`fairlead promote`: what one environment runs goes to the next, as a commit on the remote's branch."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
import msgspec

from generator.cli.completion_names import environment_names, service_names
from generator.cli.options import override_option, overrides_of, pairs, pull_request_option, reason_option
from generator.cli.push import carry_out, landed, landing_options, proposer_of
from generator.findings.errors import UsageError
from generator.release.bump_request import services_of
from generator.release.promote import Promoter, PromotionRequest

if TYPE_CHECKING:
    from generator.cli.push import LandingTarget
    from generator.findings.answer import Answer
    from generator.release.commit_builder import Proposer
    from generator.release.context import Draft


@click.command("promote", epilog="Example: fairlead promote frontend --to prod")
@click.argument("services", nargs=-1, metavar="[SERVICE[=TAG]]...", shell_complete=service_names)
@click.option(
    "--to", "target", required=True, shell_complete=environment_names, help="The environment to release into."
)
@click.option("--from", "source", shell_complete=environment_names, help="Where from. [default: the one before it]")
@click.option("--skip", multiple=True, shell_complete=environment_names, help="Leave this environment out. Repeatable.")
@click.option("--all", "everything", is_flag=True, help="Promote every service that waits, in one commit.")
@click.option("--expect", multiple=True, metavar="[SERVICE=]TAG", help="Go only if the environment has this tag now.")
@override_option
@reason_option
@pull_request_option
@landing_options
def command(
    *,
    services: tuple[str, ...],
    target: str,
    source: str | None,
    skip: tuple[str, ...],
    everything: bool,
    expect: tuple[str, ...],
    override: tuple[str, ...],
    reason: str,
    pull_request: bool,
    task: LandingTarget,
) -> Answer:
    """Carry releases from one environment to the next.

    Works in a throw-away clone of the remote, never in this checkout: proves that the images of the named services
    change and nothing else, commits and pushes, and starts anew when others were faster. A release that is older than
    what the environment has ends as superseded (exit 6); gates of the environment can refuse (exit 5).
    """
    if bool(services) == everything:
        raise UsageError("name the services to promote, or --all")
    named = services_of(services)
    empty = next((name for name, tag in named.items() if tag == ""), None)
    if empty is not None:
        raise UsageError(f"{empty}=: say which release, or leave the = out for what the environment before has")
    asked = PromotionRequest(
        services=named,
        target=target,
        source=source,
        skipped=frozenset(skip),
        everything=everything,
        expected=pairs(expect, named, "--expect"),
        overrides=overrides_of(override, reason),
    )
    if not pull_request:
        return carry_out(task, _proposer(task, asked))
    from generator.cli.pull_request import ask_for_review  # for --pull-request alone

    seen = _look(task, asked) if everything else None
    moving = dict.fromkeys(move.service for move in seen.moves) if seen else asked.services
    alone = {name: _alone(task, asked, name) for name in moving}
    return ask_for_review(task, "promote", target, alone, seen.waiting if seen else ())


def _proposer(task: LandingTarget, asked: PromotionRequest) -> Proposer:
    return proposer_of(task, Promoter(asked).draft, asked.services or None)


def _look(task: LandingTarget, asked: PromotionRequest) -> Draft:
    """Return what could go and what waits, from a look at the remote that changes nothing."""
    looking = msgspec.structs.replace(task, dry_run=True)
    proposer = _proposer(looking, asked)
    landed(looking, proposer)
    return proposer.draft


def _alone(task: LandingTarget, asked: PromotionRequest, name: str) -> Proposer:
    """Return what promotes one of the services, for a request of its own."""
    one = msgspec.structs.replace(
        asked,
        services={name: asked.services.get(name)},
        everything=False,
        expected={service: tag for service, tag in asked.expected.items() if service == name},
    )
    return _proposer(task, one)
