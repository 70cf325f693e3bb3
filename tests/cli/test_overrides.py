"""A file that Argo CD reads beside a kustomization breaks "what you read is what runs": every verb refuses by name."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tests.cli.depot import ONE, Depot

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Git

STAGING, PROD = f"overlays/staging/{ONE}", f"overlays/prod/{ONE}"
IMAGES = "kustomize:\n  images:\n  - service-000=registry.example.com/service-000:9.9.9\n"


@pytest.mark.parametrize(
    "path",
    [f"{STAGING}/.argocd-source-staging-{ONE}.yaml", f"{PROD}/.argocd-source.yaml", f"base/{ONE}/.argocd-source.yaml"],
)
def test_a_promotion_is_refused_where_it_comes_from_and_goes_to(depot: Depot, path: str) -> None:
    """What the record says is not what runs; nothing is pushed."""
    depot.write(path, IMAGES)
    depot.push("Updater")
    before = depot.refs()
    answer = depot("promote", ONE, "--to", "prod")
    assert (answer.code, depot.refs()) == (1, before)
    assert answer.stderr.startswith(f"{path}:1:1: error KUS005: Argo CD merges this file into ")


@pytest.mark.parametrize("option", ["--push", "--dry-run"])
def test_a_bump_is_refused(depot: Depot, option: str) -> None:
    """Here and on the way to the remote."""
    path = f"{STAGING}/.argocd-source.yaml"
    depot.write(path, IMAGES)
    depot.push("Updater")
    before = depot.refs()
    answer = depot("bump", ONE, "--env", "staging", "--tag", "1.2.0", option)
    assert (answer.code, depot.refs()) == (1, before)
    assert f"{path}:1:1: error KUS005" in answer.stderr


def test_of_all_services_the_others_go(depot: Depot) -> None:
    """The one that is overridden waits."""
    depot.write(f"{STAGING}/.argocd-source.yaml", IMAGES)
    depot.push("Updater")
    answer = depot("promote", "--all", "--to", "prod")
    assert "service-001 1.0.0 -> 1.1.0" in answer.text
    assert (depot.tag("prod"), depot.tag("prod", "service-001")) == ("1.0.0", "1.1.0")


@pytest.mark.parametrize(
    "path",
    [f"{STAGING}/.argocd-source.yaml", "overlays/dev/system/.argocd-source-dev-system.yaml", f"{PROD}/oldChart.yaml"],
)
def test_validate_and_generate_name_it(depot: Depot, path: str) -> None:
    """Also where nothing else is wrong, in the second run as in the first."""
    depot.write(path, IMAGES)
    for command in (("validate",), ("validate",), ("generate", "--check"), ("generate",)):
        answer = depot(*command)
        assert (answer.code, f"{path}:1:1: error KUS005: Argo CD " in answer.stdout) == (1, True), answer.text


def test_it_is_not_published_into_the_repository_that_argo_cd_reads(depot: Depot, tmp_path: Path, git: Git) -> None:
    """There a bot puts it."""
    bare = tmp_path / "deploy.git"
    git(tmp_path, "init", "--quiet", "--bare", "--initial-branch=main", os.fspath(bare))
    git(bare, "config", "uploadpack.allowFilter", "true")
    elsewhere = Depot(bare, depot.work, git, depot.fairlead)
    assert depot("publish", "--to", os.fspath(bare)).code == 0
    path = f"{STAGING}/.argocd-source-staging-{ONE}.yaml"
    elsewhere.by_somebody(path, IMAGES)
    depot.release("staging", "1.2.0")
    before = elsewhere.refs()
    answer = depot("publish", "--to", os.fspath(bare))
    assert (answer.code, elsewhere.refs()) == (1, before)
    assert f"{path}:1:1: error KUS005" in answer.stderr
