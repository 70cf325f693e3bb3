"""`fairlead unhold`: a hold ends."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import click

from generator.cli.completion_names import service_names
from generator.cli.land_service import land_service
from generator.cli.options import environment_option, pull_request_option
from generator.cli.push import landing_options, proposer_of
from generator.release.holding import unhold
from generator.release.newer import Unchanged

if TYPE_CHECKING:
    from generator.cli.push import LandingTarget
    from generator.findings.answer import Answer


@click.command("unhold", epilog="Example: fairlead unhold frontend --env prod")
@click.argument("service", shell_complete=service_names)
@environment_option
@pull_request_option
@landing_options
def command(*, service: str, environment: str, pull_request: bool, task: LandingTarget) -> Answer:
    """End the hold on a service in an environment.

    What it runs stays until the next bump or promotion.
    """
    proposer = proposer_of(task, partial(unhold, service, environment, Unchanged()), {service})
    return land_service(task, "unhold", environment, service, proposer, pull_request=pull_request)
