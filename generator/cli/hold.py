"""`fairlead hold`: an environment keeps what it runs of a service."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import click

from generator.cli.completion_names import service_names
from generator.cli.land_service import land_service
from generator.cli.options import environment_option, pull_request_option, until_option
from generator.cli.push import landing_options, proposer_of, until_of
from generator.release.holding import HoldRequest, hold
from generator.release.newer import Unchanged

if TYPE_CHECKING:
    from generator.cli.push import LandingTarget
    from generator.findings.answer import Answer


@click.command("hold", epilog='Example: fairlead hold frontend --env prod --reason "load test" --until 4h')
@click.argument("service", shell_complete=service_names)
@environment_option
@click.option("--reason", required=True, help="Why; shown wherever the hold stops somebody.")
@until_option
@click.option("--replace", is_flag=True, help="Replace the hold of somebody else.")
@pull_request_option
@landing_options
def command(
    *,
    service: str,
    environment: str,
    reason: str,
    until: str | None,
    replace: bool,
    pull_request: bool,
    task: LandingTarget,
) -> Answer:
    """Keep a service as it is in an environment.

    Commits `hold.yaml` beside the release record: who, why, until when. `bump` and `promote` respect it (exit 5),
    `validate` finds a record that was changed all the same, `history` shows it, `fairlead unhold` ends it.
    """
    ends = until_of(until)
    asked = HoldRequest(service=service, environment=environment, reason=reason, until=ends, replace=replace)
    proposer = proposer_of(task, partial(hold, asked, Unchanged()), {service})
    return land_service(task, "hold", environment, service, proposer, pull_request=pull_request)
