"""`fairlead explain`: the merged page, and who said what."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from generator.cli.common import format_option, open_tree, root_option
from generator.cli.completion_names import environment_names, service_names
from generator.findings.answer import Answer, Part
from generator.findings.errors import InputError
from generator.inputs.explanation import annotated, origins
from generator.inputs.load import load
from generator.render.overruled import find_overruled

if TYPE_CHECKING:
    from pathlib import Path

    from generator.inputs.project import Project
    from generator.inputs.service_page import ServicePage
    from generator.model.overruled import Overruled


@click.command("explain", epilog="Example: fairlead explain frontend prod")
@click.argument("service", shell_complete=service_names)
@click.argument("environment", metavar="[ENV]", required=False, shell_complete=environment_names)
@root_option
@format_option
def command(service: str, environment: str | None, root: Path | None) -> Answer:
    """Show a merged page, and the line behind each value.

    Where a value is not rendered as it is written, the rendered one stands beside it, and why.

    Built-in defaults, the environment, the system, the page and its part for the environment are laid over each
    other; without ENV the base is shown, which no environment touches.
    """
    project = load(open_tree(root), only={service})
    page = project.page(service)
    if environment is not None:
        project.require_environment(page, environment)
    layers = project.layers(page, environment)
    words = _overruled(project, page, environment)
    return Answer(text=lambda: [Part.of_text(annotated(layers, words))], data=lambda: list(origins(layers, words)))


def _overruled(project: Project, page: ServicePage, environment: str | None) -> list[Overruled]:
    """Return the words that are not rendered as written; a page that is refused renders nothing at all."""
    try:
        return list(find_overruled(project.service(page, environment)))
    except InputError:
        return []
