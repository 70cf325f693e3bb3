"""The one command that hands the repository to an Argo CD, and what must be there before it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from generator.controller.application import Application
from generator.controller.checkout import Checkout
from generator.controller.permission import IN_CLUSTER, IN_CLUSTER_SERVER
from generator.findings.errors import InputError
from generator.findings.finding import Place
from generator.inputs.load import read_gitops
from generator.preview.checkout import working_tree
from generator.preview.declared import declaration
from generator.preview.expansion import expanded
from generator.preview.instance import chosen
from generator.rules.applications import ARG001

if TYPE_CHECKING:
    from pathlib import Path

    from generator.disk.tree import Tree
    from generator.model.project import GitOps


class Bootstrap(msgspec.Struct, frozen=True, kw_only=True):
    """The command for one instance, the Argo CD that must run, the repository it reads, and the clusters it knows.

    `settings` says that the instance keeps a part of Argo CD's own settings.
    """

    instance: str
    command: tuple[str, ...]
    version: str
    namespace: str
    repository: str
    revision: str
    settings: bool
    clusters: tuple[str, ...]


def bootstraps(root: Path, instance: str | None) -> list[Bootstrap]:
    """Return the bootstrap of each instance, or of one; raises UsageError for one that is not there, InputError."""
    tree = working_tree(root)
    gitops = read_gitops(tree)
    return [_bootstrap(tree, gitops, name) for name in chosen(tree, instance)]


def _bootstrap(tree: Tree, gitops: GitOps, instance: str) -> Bootstrap:
    declared = declaration(tree, instance)
    root = declared.root
    if root is None:
        place = Place(f"argocd/{instance}/kustomization.yaml")
        message = f"no Application reads argocd/{instance}"
        raise InputError([ARG001.complaint(place, message, "run `fairlead generate`")])
    application = Application(manifest=root.manifest, place=root.place)
    project = declared.projects.get(application.project)
    files = (*((project.place.file,) if project else ()), root.place.file)
    return Bootstrap(
        instance=instance,
        command=("kubectl", "apply", "--server-side", *(word for file in files for word in ("-f", file))),
        version=gitops.argocd.version,
        namespace=str(root.manifest["metadata"].get("namespace") or gitops.argocd.namespace),
        repository=application.sources[0].repository,
        revision=application.sources[0].revision or "HEAD",
        settings=f"argocd/{instance}/settings/argocd-cm.yaml" in tree.files,
        clusters=_clusters(expanded(Checkout(tree.files), declared).applications),
    )


def _clusters(applications: tuple[Application, ...]) -> tuple[str, ...]:
    """Return the clusters that must be registered; the one that Argo CD runs in need not."""
    destinations = [each.destination for each in applications]
    names = {each.name for each in destinations if each.name and each.name != IN_CLUSTER}
    servers = {each.server for each in destinations if each.server and each.server != IN_CLUSTER_SERVER}
    return (
        *(f"cluster '{name}' by this name" for name in sorted(names)),
        *(f"cluster {each}" for each in sorted(servers)),
    )
