"""`fairlead secrets`: Secrets from a file that git ignores, for a cluster on a laptop."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from generator.cli.common import format_option, open_tree, root_option
from generator.cli.completion_names import environment_names, service_names
from generator.findings.answer import Answer, Part
from generator.findings.errors import InputError, UsageError
from generator.findings.output import echo_data
from generator.inputs.load import load
from generator.secrets.exposure import refuse_exposed
from generator.secrets.manifest import example, manifests
from generator.secrets.values import find_unused, missing, read_values
from generator.secrets.wanted import everything, wanted_secrets
from generator.yamlio import dump_all

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from generator.model.base import Manifest
    from generator.secrets.values import Values
    from generator.secrets.wanted import WantedSecret


@click.command("secrets", epilog="Example: fairlead secrets --env local | kubectl apply -f -")
@click.option("--env", "environment", required=True, shell_complete=environment_names, help="The environment.")
@click.option(
    "--service", "services", multiple=True, shell_complete=service_names, help="Only for this service. Repeatable."
)
@click.option("--check", is_flag=True, help="Print no Secret; say which values the file lacks.")
@click.option("--example", "blank", is_flag=True, help="Print the file to fill in.")
@root_option
@format_option
def command(
    *, environment: str, services: tuple[str, ...], check: bool, blank: bool, root: Path | None
) -> Answer | int:
    """Print the Secrets of an environment whose values are in a file.

    For environments with `secretStore: {kind: File}`: what pages name under `secrets:` gets its values from a YAML
    file (entry: value) that git must ignore. No message shows a value.
    """
    if check and blank:
        raise UsageError("--check and --example exclude each other")
    tree = open_tree(root)
    project = load(tree, only=set(services) or None)
    asked = wanted_secrets(project, environment, services)
    if blank:
        echo_data(example(asked, environment))
        return 0
    values = _values(tree.root, asked, environment)
    if lacking := missing(asked, values):
        raise InputError(lacking)
    unused = () if services else find_unused(everything(project), values)  # other services may want the others
    notes = tuple(f"note: {note}" for note in unused)
    return _checked(asked, values, notes) if check else _listed(manifests(asked, values), notes)


def _values(root: Path, asked: Sequence[WantedSecret], environment: str) -> dict[str, Values]:
    """Read each file once; raises ExposedError before anything in it is looked at."""
    paths = dict.fromkeys(each.path for each in asked)
    for path in paths:
        refuse_exposed(root, path)
    return {path: read_values(root, path, environment) for path in paths}


def _checked(asked: Sequence[WantedSecret], values: dict[str, Values], notes: tuple[str, ...]) -> Answer:
    entries = {path: sorted({each.entry for each in asked if each.path == path}) for path in values}
    lines = [f"{path} has all {len(names)} values" for path, names in entries.items()]
    return Answer(text=lambda: [Part.of_lines(*lines)], data=lambda: {"files": entries}, notes=notes)


def _listed(found: Sequence[Manifest], notes: tuple[str, ...]) -> Answer:
    return Answer(
        text=lambda: [Part.of_data(dump_all(found))],
        data=lambda: {"apiVersion": "v1", "kind": "List", "items": found},
        notes=notes,
    )
