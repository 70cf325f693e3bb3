"""Versions on the pages that Fairlead must know: of Argo CD, which brings its own kustomize, and of Kubernetes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.findings.errors import ToolError
from generator.kubernetes.packs import supported_kubernetes_versions
from generator.rules.spec import SPC009
from generator.tools.pins import kustomize_version_for

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.findings.finding import Finding
    from generator.inputs.project import Project


def unsupported(project: Project) -> Iterator[Finding]:
    """Yield a complaint for each version that there is no tool or no schema for."""
    yield from _argocd(project)
    known = supported_kubernetes_versions()
    asked: dict[str, str | None] = {"gitops.yaml": project.gitops.kubernetesVersion}
    asked |= {f"clusters/{name}.yaml": cluster.kubernetesVersion for name, cluster in project.clusters.items()}
    for file, version in asked.items():
        if version is not None and version not in known:
            place = project.documents[file].place(("kubernetesVersion",))
            yield SPC009.complaint(place, f"no schemas for Kubernetes {version}", f"known: {', '.join(known)}")


def _argocd(project: Project) -> Iterator[Finding]:
    version = project.gitops.argocd.version
    try:
        kustomize_version_for(version)
    except ToolError as error:
        place = project.documents["gitops.yaml"].place(("argocd", "version"))
        message, _, remedy = str(error).partition("; ")
        yield SPC009.complaint(place, message, remedy)
