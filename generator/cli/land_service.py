"""What the commands that change one service do at their end: land the commit, or ask for its review."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.cli.push import carry_out

if TYPE_CHECKING:
    from generator.cli.push import LandingTarget
    from generator.findings.answer import Answer
    from generator.release.commit_builder import Proposer


def land_service(
    task: LandingTarget, verb: str, environment: str, service: str, proposer: Proposer, *, pull_request: bool
) -> Answer:
    """Land what `proposer` gives for one service, or open the request for review that `verb` names."""
    if not pull_request:
        return carry_out(task, proposer)
    from generator.cli.pull_request import ask_for_review  # 3 ms, for --pull-request alone

    return ask_for_review(task, verb, environment, {service: proposer})
