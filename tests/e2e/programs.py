"""The programs of the run: found in a folder, in Fairlead's cache, or built into it from pinned Go modules, once."""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from generator.findings.errors import ToolError
from generator.folders.trust import cache_directory
from generator.tools.controlplane import ETCD, ETCD_VERSION, KUBE_APISERVER, kubernetes, kubernetes_release
from generator.tools.gomodule import BUILD_SECONDS, Recipe, build
from generator.tools.notice import Notice
from generator.tools.once import alone
from generator.tools.pins import KUBECONFORM, KUBECONFORM_VERSION, KUSTOMIZE, kustomize_version_for
from generator.tools.program import program
from tests.e2e.control_plane import MANIFESTS

if TYPE_CHECKING:
    from collections.abc import Iterator

_KUBERNETES = ("kube-controller-manager", "kube-scheduler", "kubectl")

# Argo CD has its engine in its own repository, and publishes it as a module without releases. This commit of it is a
# little newer than what 3.5.7 was made with; another version of Argo CD asks for another.
_ENGINES = {"3.5.7": "v0.0.0-20260914071520-c9c369efcc5b"}
_ARGO, _ENGINE = "github.com/argoproj/argo-cd/v3", "github.com/argoproj/argo-cd/gitops-engine"

_KWOK = Recipe(module="sigs.k8s.io/kwok", version="0.8.0", packages={"kwok": "sigs.k8s.io/kwok/cmd/kwok"})


def find(argocd: str, minor: str, folder: Path | None) -> dict[str, Path]:
    """Return all programs by name, those first that are in `folder`; builds what is missing, which takes minutes, once.

    `argocd` is a version (`3.5.7`), `minor` one of Kubernetes (`1.35`). Raises ToolError when one cannot be had.
    """
    return {"redis-server": redis(), **dict(_all(argocd, minor, folder))}


def link(programs: dict[str, Path], target: Path) -> Path:
    """Link all programs into a new folder `target`, and give it."""
    target.mkdir()
    for name, path in programs.items():
        (target / name).symlink_to(path)
    return target


def redis() -> Path:
    """Return redis-server, which Debian packages; raises ToolError with the remedy when there is none."""
    path = shutil.which("redis-server", path=f"{os.environ['PATH']}:/usr/sbin:/usr/bin")
    if path is None:
        raise ToolError("needs redis-server; on Debian: apt install --no-install-recommends redis-server")
    return Path(path)


def _all(argocd: str, minor: str, folder: Path | None) -> Iterator[tuple[str, Path]]:
    release = kubernetes_release(minor)
    yield "git-verify-wrapper.sh", MANIFESTS / "git-verify-wrapper.sh"
    kustomize = kustomize_version_for(argocd)
    tools = (
        (KUSTOMIZE, kustomize),
        (KUBECONFORM, KUBECONFORM_VERSION),
        (ETCD, ETCD_VERSION),
        (KUBE_APISERVER, release),
    )
    for tool, version in tools:
        yield tool.name, _given(folder, tool.name) or program(tool, version)
    for recipe in (kubernetes(release, *_KUBERNETES), argocd_recipe(argocd), _KWOK):
        for name in recipe.packages:
            yield name, _given(folder, name) or _built(recipe) / name


def argocd_recipe(version: str) -> Recipe:
    """Return the recipe for Argo CD's one program; raises ToolError for a version whose engine is not known."""
    if version not in _ENGINES:
        raise ToolError(f"Argo CD {version}: its gitops-engine is not known; known are those of {', '.join(_ENGINES)}")
    return Recipe(
        module=_ARGO,
        version=version,
        packages={"argocd-all": f"{_ARGO}/cmd"},
        published={_ENGINE: _ENGINES[version]},
        ldflags=f"-s -w -X {_ARGO}/common.version={version}",
    )


def _given(folder: Path | None, name: str) -> Path | None:
    path = folder / name if folder else None
    return path.absolute() if path and path.is_file() else None


def _built(recipe: Recipe) -> Path:
    """Return the folder in the cache that holds what the recipe makes, built first if there is none."""
    digest = hashlib.sha256(msgspec.json.encode(recipe, order="deterministic")).hexdigest()[:16]
    name = recipe.module.removesuffix("/v3").rpartition("/")[2]
    target = cache_directory() / "e2e" / f"{name}-{recipe.version}-{digest}"
    seconds, what = BUILD_SECONDS * len(recipe.packages), f"{', '.join(recipe.packages)} {recipe.version}"
    with alone(target.with_name(f"building-{target.name}"), what, patience=seconds) as scratch:
        if not target.is_dir():
            print(f"       building {what}: minutes, once", flush=True)
            with Notice(what) as notice:
                build(recipe, scratch / "bin", told=notice.step)
            (scratch / "bin").rename(target)
    return target
