"""`fairlead rollback`: an environment goes back to a release that it had, and is held there."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import click

from generator.cli.completion_names import service_names
from generator.cli.land_service import land_service
from generator.cli.options import environment_option, pull_request_option, until_option
from generator.cli.push import landing_options, proposer_of, until_of
from generator.findings.errors import UsageError
from generator.release.newer import Unchanged
from generator.release.rollback import Back, rollback

if TYPE_CHECKING:
    from generator.cli.push import LandingTarget
    from generator.findings.answer import Answer


@click.command("rollback", epilog="Example: fairlead rollback frontend --env prod --to 1.4.1 --until 24h")
@click.argument("service", shell_complete=service_names)
@environment_option
@click.option("--to", "tag", help="The release to go back to, by the tag of the service's own image.")
@click.option("--last-good", is_flag=True, help="Go to the newest earlier release that no rollback left. [default]")
@click.option("--reason", default="", help="Why; shown wherever the hold stops somebody.")
@until_option
@pull_request_option
@landing_options
def command(
    *,
    service: str,
    environment: str,
    tag: str | None,
    last_good: bool,
    reason: str,
    until: str | None,
    pull_request: bool,
    task: LandingTarget,
) -> Answer:
    """Bring an earlier release back, and hold it there.

    All images of the service go back together; what an environment had comes from the git history. The hold stops
    `promote` and `bump` from putting the newer release back, and `validate` finds a bot that does; `fairlead unhold`
    ends it. No gate stops a rollback.
    """
    if tag is not None and last_good:
        raise UsageError("--to and --last-good name two different releases")
    asked = Back(service=service, environment=environment, tag=tag, reason=reason, until=until_of(until))
    proposer = proposer_of(task, partial(rollback, asked, Unchanged()), {service})
    return land_service(task, "rollback", environment, service, proposer, pull_request=pull_request)
