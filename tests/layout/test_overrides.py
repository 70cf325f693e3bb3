"""Which names Argo CD reads beside a kustomization."""

from __future__ import annotations

import pytest

from generator.layout.overrides import overrides

THERE = {"overlays/dev/web/kustomization.yaml", "base/web/kustomization.yaml", "argocd/hub/kustomization.yaml"}


@pytest.mark.parametrize(
    "path",
    [
        "overlays/dev/web/.argocd-source.yaml",
        "overlays/dev/web/.argocd-source-dev-web.yaml",
        "overlays/dev/web/.argocd-source-team_dev-web.yaml",
        "overlays/dev/shop/.argocd-source.yaml",
        "base/web/.argocd-source-any.yaml",
        "argocd/hub/.argocd-source-root-hub.yaml",
        "argocd/hub/resources/addons/.argocd-source.yaml",
        "overlays/dev/web/Chart.yaml",
        "overlays/dev/web/webChart.yaml",
    ],
)
def test_a_file_that_argo_cd_reads_is_told(path: str) -> None:
    """Once, by its name."""
    (found,) = overrides({*THERE, path})
    assert (found.rule, found.place.file) == ("KUS005", path)


@pytest.mark.parametrize(
    "path",
    [
        "overlays/dev/web/.argocd-source.yml",
        "overlays/dev/web/.ArgoCD-Source.yaml",
        "overlays/dev/web/argocd-source.yaml",
        "overlays/dev/web/.argocd-source.yaml/file.yaml",
        "overlays/dev/web/resources/HelmChart.yaml",
        "overlays/dev/web/chart.yaml",
        "addons/ingress/.argocd-source.yaml",
        "services/.argocd-source.yaml",
    ],
)
def test_what_argo_cd_does_not_read_there_is_none(path: str) -> None:
    """It looks for exact names, on a file system that tells capitals apart; other folders are the person's own."""
    assert list(overrides({*THERE, path})) == []


def test_it_says_whose_source_is_overridden() -> None:
    """One Application's, or that of each that reads the folder."""
    folder = "overlays/dev/web"
    one, all_ = overrides([f"{folder}/.argocd-source-dev-web.yaml", f"{folder}/.argocd-source.yaml"])
    assert one.message.startswith(f"Argo CD merges this file into Application dev-web of {folder}")
    assert all_.message.startswith(f"Argo CD merges this file into every Application of {folder}")
