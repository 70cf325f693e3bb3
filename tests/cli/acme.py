"""One cluster that environments share: the pages around systems, and a repository in which services are released."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

from generator.tools.install import ensure
from generator.tools.pins import KUSTOMIZE, kustomize_version_for

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

    from tests.conftest import Fairlead, Git

REGISTRY = "registry: 111122223333.dkr.ecr.eu-west-1.amazonaws.com"
PLATFORM = {
    "gitops.yaml": """\
repoURL: https://git.example.com/acme/gitops.git
argocd: {version: 3.5.7, instances: {hub: {}}}
kubernetesVersion: "1.35"
environments: [dev, staging, prod]
""",
    "environments/dev.yaml": "{}\n",
    "environments/staging.yaml": "{}\n",
    "environments/prod.yaml": "{production: true}\n",
    "clusters/one.yaml": 'region: eu-west-1\naccount: "111122223333"\n',
}


def make_acme(
    root: Path, pages: Mapping[str, str], released: Mapping[str, Collection[str]], fairlead: Fairlead, git: Git
) -> Path:
    """Write the pages, release services by environment, render and commit."""
    root.mkdir()
    git(root, "init", "--quiet", "--initial-branch=main")
    for path, text in pages.items():
        write(root, path, text)
    for environment, services in released.items():
        releases = [f"{service}=1.0.0" for service in services]
        assert fairlead("bump", *releases, "--env", environment, root=root).code == 0
    assert fairlead("generate", root=root).code == 0
    commit(git, root)
    return root


def write(root: Path, path: str, text: str) -> None:
    """Write a file, its folder too."""
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(text, encoding="utf-8")


def commit(git: Git, root: Path) -> None:
    """Commit everything."""
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message=Next")


def built(root: Path, overlay: str) -> bytes:
    """Return what kustomize makes of an overlay."""
    program = ensure(KUSTOMIZE, kustomize_version_for("3.5.7"))
    return subprocess.run([program, "build", root / overlay], capture_output=True, check=True).stdout
