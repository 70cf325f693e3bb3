"""What `bump --push` and `bump --pull-request` do: a bump that becomes a commit on the remote."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from generator.cli.push import carry_out, errand, proposer_of
from generator.release.bump_push import Bumper

if TYPE_CHECKING:
    from generator.cli.push import LandingTarget
    from generator.findings.answer import Answer
    from generator.release.bump_request import BumpRequest
    from generator.release.commit_builder import Proposer


def push_bump(asked: BumpRequest, *, pull_request: bool, **where: Any) -> Answer:
    """Land a bump, or ask for its review, one service a request; `where` is what `errand` takes."""
    task = errand(**where)
    if not pull_request:
        return carry_out(task, _proposer(task, asked))
    from generator.cli.pull_request import ask_for_review  # for --pull-request alone

    return ask_for_review(task, "bump", asked.environment, {name: _alone(task, asked, name) for name in asked.services})


def _alone(task: LandingTarget, asked: BumpRequest, name: str) -> Proposer:
    """Return what bumps one of the services."""
    one = msgspec.structs.replace(
        asked,
        services={name: asked.services[name]},
        expected={service: tag for service, tag in asked.expected.items() if service == name},
    )
    return _proposer(task, one)


def _proposer(task: LandingTarget, asked: BumpRequest) -> Proposer:
    return proposer_of(task, Bumper(asked).draft, asked.services)
