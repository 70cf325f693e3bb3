"""`fairlead tools`: kustomize and kubeconform as the repository asks for them, and what its API servers need."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from generator.cli.common import format_option, root_option, start
from generator.disk.tree import find_root
from generator.findings.answer import Answer, Part
from generator.findings.errors import UsageError
from generator.findings.output import echo
from generator.inputs.load import load_gitops
from generator.tools.controlplane import ETCD, ETCD_VERSION, KUBE_APISERVER, kubernetes_release
from generator.tools.install import ensure, inventory
from generator.tools.pins import KUBECONFORM, KUBECONFORM_VERSION, KUSTOMIZE, kustomize_version_for

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from generator.model.project import GitOps
    from generator.tools.install import ToolEntry
    from generator.tools.pins import Tool

MISSING = 3
# Outside a repository nothing says which Argo CD will build: take the line in which most run.
_USUAL_ARGOCD = "3.5"
_USUAL_KUBERNETES = "1.35"

# The last two are installed only when they are named.
_NAMES = (KUSTOMIZE.name, KUBECONFORM.name, ETCD.name, KUBE_APISERVER.name)


@click.group("tools", epilog="Example: fairlead tools install")
def command() -> None:
    """List or install the programs that Fairlead runs; end API servers."""


@command.command("list", epilog="Example: fairlead tools list --format json")
@root_option
@format_option
def list_(root: Path | None) -> Answer:
    """Say which tools the repository needs, which there are, and where they came from.

    etcd and kube-apiserver are for `validate --api-server` alone. Exit 3 when one is missing that every run needs.
    """
    entries = inventory((*wanted(root), *servers(root)))
    return _answer(entries, MISSING if any(entry.needed and entry.remedy for entry in entries) else 0)


@command.command("install", epilog="Example: fairlead tools install")
@click.argument("names", nargs=-1, metavar="[NAME]...", type=click.Choice(_NAMES))
@root_option
@format_option
def install(names: tuple[str, ...], root: Path | None) -> Answer:
    """Install the tools that are missing into Fairlead's cache, each one held against its published checksum.

    Without a NAME kustomize and kubeconform. `validate --api-server` needs etcd and kube-apiserver too, and installs
    them by itself; where only Go can build them that takes minutes, once.
    """
    asked = wanted(root)
    if names:
        asked = tuple(entry for entry in (*asked, *servers(root)) if entry[0].name in names)
    for tool, version in asked:
        ensure(tool, version)
    return _answer(inventory(asked))


@command.command("stop", epilog="Example: fairlead tools stop --all")
@root_option
@click.option("--all", "everywhere", is_flag=True, help="End the API servers of other repositories too.")
def stop(root: Path | None, *, everywhere: bool) -> int:
    """End the API servers that `validate --api-server` keeps warm for this repository.

    One that another repository uses too goes on until that one ends it, or until its idle time is over.
    """
    from generator.apiserver import server  # 30 ms: TLS, for this command alone

    ended, left = (server.stop_all(), 0) if everywhere else server.stop(find_root(start(root), str(root or ".")))
    others = f"; {_counted(left)} of other repositories stay, `fairlead tools stop --all` ends them" if left else ""
    echo(f"ended {_counted(ended)}{others}")
    return 0


def _counted(servers: int) -> str:
    return f"{servers} API server{'' if servers == 1 else 's'}"


def wanted(root: Path | None) -> tuple[tuple[Tool, str], ...]:
    """Return the tools and versions for the repository at or around `root`; outside of one, the usual ones."""
    gitops = _gitops(root)
    argocd = gitops.argocd.version if gitops else _USUAL_ARGOCD
    return (KUSTOMIZE, kustomize_version_for(argocd)), (KUBECONFORM, KUBECONFORM_VERSION)


def servers(root: Path | None) -> tuple[tuple[Tool, str], ...]:
    """Return the programs of an API server of the repository's Kubernetes."""
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


def _answer(entries: Iterable[ToolEntry], exit_code: int = 0) -> Answer:
    return Answer(
        text=lambda: [Part.of_lines(*map(line, entries))],
        data=lambda: [_data(entry) for entry in entries],
        exit_code=exit_code,
    )


def _data(entry: ToolEntry) -> dict[str, str | bool | None]:
    return {
        "name": entry.name,
        "wanted": entry.wanted,
        "found": entry.found,
        "route": entry.route,
        "remedy": entry.remedy,
        "purpose": entry.purpose,
        "needed": entry.needed,
        "path": str(entry.path) if entry.path else None,
    }


def line(entry: ToolEntry) -> str:
    """Return a tool's state on one line."""
    if not entry.remedy:
        use = "" if entry.needed else ", for `validate --api-server`"
        return f"{entry.name} {entry.found}  {entry.path} ({entry.route}){use}"
    there = f"found {entry.found or 'one without a version'} at {entry.path}" if entry.path else "not found"
    use = "" if entry.needed else ", fetched or built by Go when `validate --api-server` first needs it"
    return f"{entry.name} {entry.wanted}  {there}{use}; run: {entry.remedy}"
