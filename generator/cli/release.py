"""`fairlead release`: a hold ends."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import click

from generator.cli.landing import carry_out, environment_option, landing_options, proposer_of
from generator.cli.names import service_names
from generator.release.holding import release
from generator.release.precedence import Unchanged

if TYPE_CHECKING:
    from generator.cli.landing import Errand


@click.command("release", epilog="Example: fairlead release frontend --env prod")
@click.argument("service", shell_complete=service_names)
@environment_option
@landing_options
def command(
    *,
    service: str,
    environment: str,
    task: Errand,
) -> int:
    """End the hold on a service in an environment.

    What it runs stays until the next bump or promotion.
    """
    return carry_out(task, proposer_of(task, partial(release, service, environment, Unchanged()), {service}))
