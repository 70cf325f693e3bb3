"""`fairlead tools`: kustomize and kubeconform as the repository asks for them, and what its API servers need."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from generator.cli.common import format_option, root_option, start
from generator.cli.output import echo, echo_json
from generator.errors import UsageError
from generator.inputs.load import load_gitops
from generator.tools.controlplane import ETCD, ETCD_VERSION, KUBE_APISERVER, kubernetes_release
from generator.tools.install import ensure, inventory
from generator.tools.pins import KUBECONFORM, KUBECONFORM_VERSION, KUSTOMIZE, kustomize_version_for
from generator.tree import find_root

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from generator.model.project import GitOps
    from generator.tools.install import Entry
    from generator.tools.pins import Tool

MISSING = 3
# Outside a repository nothing says which Argo CD will build: take the line in which most run.
_USUAL_ARGOCD = "3.5"
_USUAL_KUBERNETES = "1.35"

# The last two are installed only when they are named.
_NAMES = (KUSTOMIZE.name, KUBECONFORM.name, ETCD.name, KUBE_APISERVER.name)


@click.group("tools", epilog="Example: fairlead tools install")
def command() -> None:
    """List or install kustomize and kubeconform; end API servers."""


@command.command("list", epilog="Example: fairlead tools list --format json")
@root_option
@format_option
def list_(root: Path | None, style: str) -> int:
    """Say which tools the repository needs and which there are; exit 3 when one is missing."""
    entries = inventory(wanted(root))
    _show(entries, style)
    return MISSING if any(entry.remedy for entry in entries) else 0


@command.command("install", epilog="Example: fairlead tools install")
@click.argument("names", nargs=-1, metavar="[NAME]...", type=click.Choice(_NAMES))
@root_option
@format_option
def install(names: tuple[str, ...], root: Path | None, style: str) -> int:
    """Install the tools that are missing into Fairlead's cache, each one held against its published checksum.

    Without a NAME kustomize and kubeconform. `validate --api-server` needs etcd and kube-apiserver too, and installs
    them by itself; where only Go can build them that takes minutes, once.
    """
    asked = wanted(root)
    if names:
        asked = tuple(entry for entry in (*asked, *servers(root)) if entry[0].name in names)
    for tool, version in asked:
        ensure(tool, version)
    _show(inventory(asked), style)
    return 0


@command.command("stop", epilog="Example: fairlead tools stop")
def stop() -> int:
    """End the API servers that `validate --api-server` keeps warm, now instead of after their idle time."""
    from generator.apiserver.server import stop_all  # 30 ms: TLS, for this command alone

    count = stop_all()
    echo(f"ended {count} API server{'' if count == 1 else 's'}")
    return 0


def wanted(root: Path | None) -> tuple[tuple[Tool, str], ...]:
    """Give the tools and versions for the repository at or around `root`; outside of one, the usual ones."""
    gitops = _gitops(root)
    argocd = gitops.argocd.version if gitops else _USUAL_ARGOCD
    return (KUSTOMIZE, kustomize_version_for(argocd)), (KUBECONFORM, KUBECONFORM_VERSION)


def servers(root: Path | None) -> tuple[tuple[Tool, str], ...]:
    """Give the programs of an API server of the repository's Kubernetes."""
    gitops = _gitops(root)
    release = kubernetes_release(gitops.kubernetesVersion if gitops else _USUAL_KUBERNETES)
    return (ETCD, ETCD_VERSION), (KUBE_APISERVER, release)


def _gitops(root: Path | None) -> GitOps | None:
    try:
        repository = find_root(start(root), str(root or "."))
    except UsageError:
        if root is not None:
            raise
        return None
    return load_gitops(repository)


def _show(entries: Iterable[Entry], style: str) -> None:
    if style == "json":
        echo_json([{**_data(entry), "path": str(entry.path) if entry.path else None} for entry in entries])
        return
    for entry in entries:
        echo(line(entry))


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
