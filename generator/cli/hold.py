"""`fairlead hold`: an environment keeps what it runs of a service."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import click

from generator.cli.landing import carry_out, environment_option, landing_options, proposer_of, until_of, until_option
from generator.cli.names import service_names
from generator.release.holding import Stay, hold
from generator.release.precedence import Unchanged

if TYPE_CHECKING:
    from generator.cli.landing import Errand


@click.command("hold", epilog='Example: fairlead hold frontend --env prod --reason "load test" --until 4h')
@click.argument("service", shell_complete=service_names)
@environment_option
@click.option("--reason", required=True, help="Why; shown wherever the hold stops somebody.")
@until_option
@landing_options
def command(
    *,
    service: str,
    environment: str,
    reason: str,
    until: str | None,
    task: Errand,
) -> int:
    """Keep a service as it is in an environment.

    Commits `hold.yaml` beside the release record: who, why, until when. `bump` and `promote` respect it (exit 5),
    `validate` finds a record that was changed all the same, `history` shows it, `fairlead release` ends it.
    """
    asked = Stay(service=service, environment=environment, reason=reason, until=until_of(until))
    return carry_out(task, proposer_of(task, partial(hold, asked, Unchanged()), {service}))
