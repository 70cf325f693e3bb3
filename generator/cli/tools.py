"""`fairlead tools`: kustomize and kubeconform in the versions that the repository asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from generator.cli.common import echo_json, format_option, root_option, start
from generator.errors import UsageError
from generator.inputs.load import load_gitops
from generator.tools.install import ensure, inventory
from generator.tools.pins import KUBECONFORM, KUBECONFORM_VERSION, KUSTOMIZE, kustomize_version_for
from generator.tree import find_root

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from generator.tools.install import Entry
    from generator.tools.pins import Tool

MISSING = 3
# Outside a repository nothing says which Argo CD will build: take the line in which most run.
_USUAL_ARGOCD = "3.5"


@click.group("tools", epilog="Example: fairlead tools install")
def command() -> None:
    """List or install kustomize and kubeconform."""


@command.command("list", epilog="Example: fairlead tools list --format json")
@root_option
@format_option
def list_(root: Path | None, style: str) -> int:
    """Say which tools the repository needs and which there are; exit 3 when one is missing."""
    entries = inventory(wanted(root))
    _show(entries, style)
    return MISSING if any(entry.remedy for entry in entries) else 0


@command.command("install", epilog="Example: fairlead tools install")
@root_option
@format_option
def install(root: Path | None, style: str) -> int:
    """Install the tools that are missing into Fairlead's cache, each one held against its published checksum."""
    asked = wanted(root)
    for tool, version in asked:
        ensure(tool, version)
    _show(inventory(asked), style)
    return 0


def wanted(root: Path | None) -> tuple[tuple[Tool, str], ...]:
    """Give the tools and versions for the repository at or around `root`; outside of one, the usual ones."""
    return (KUSTOMIZE, kustomize_version_for(_argocd(root))), (KUBECONFORM, KUBECONFORM_VERSION)


def _argocd(root: Path | None) -> str:
    try:
        repository = find_root(start(root), str(root or "."))
    except UsageError:
        if root is not None:
            raise
        return _USUAL_ARGOCD
    return load_gitops(repository).argocd.version


def _show(entries: Iterable[Entry], style: str) -> None:
    if style == "json":
        echo_json([{**_data(entry), "path": str(entry.path) if entry.path else None} for entry in entries])
        return
    for entry in entries:
        click.echo(line(entry))


def _data(entry: Entry) -> dict[str, str]:
    return {
        "name": entry.name,
        "wanted": entry.wanted,
        "found": entry.found,
        "route": entry.route,
        "remedy": entry.remedy,
    }


def line(entry: Entry) -> str:
    """Give a tool's state on one line."""
    if not entry.remedy:
        return f"{entry.name} {entry.found}  {entry.path} ({entry.route})"
    there = f"found {entry.found or 'one without a version'} at {entry.path}" if entry.path else "not found"
    return f"{entry.name} {entry.wanted}  {there}; run: {entry.remedy}"
