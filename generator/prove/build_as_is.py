"""What the real kustomize makes of one overlay as it lies on disk, whatever the pages say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.build.wrapper import build_as_is
from generator.findings.errors import InputError
from generator.findings.finding import Place
from generator.paths import NAME
from generator.prove.failure import MEND, unbuildable
from generator.prove.kustomization_gate import reach
from generator.rules.proof import ARG010
from generator.tools.kustomize import BuildError
from generator.tools.pins import kustomize_version_for

if TYPE_CHECKING:
    from generator.disk.tree import Tree
    from generator.model.base import Manifest
    from generator.model.project import GitOps


def plain_build(tree: Tree, gitops: GitOps, folder: str) -> tuple[Manifest, ...]:
    """Build `folder` as Argo CD does; raises InputError when the gate refuses it or kustomize cannot build it."""
    if refused := reach(tree, folder).findings:
        raise InputError(refused)
    try:
        printed = build_as_is(kustomize_version_for(gitops.argocd.version), tree.root / folder)
    except BuildError as error:
        words = unbuildable(error.reason)
        raise InputError([ARG010.complaint(Place(f"{folder}/{NAME}"), words, MEND)]) from error
    return tuple(each.manifest for each in printed)
