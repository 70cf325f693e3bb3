"""Every overlay of the repository, built as Argo CD builds it: plain `kustomize build`, nothing of ours around it."""

from __future__ import annotations

import os
import subprocess
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Protocol

import msgspec
import pytest
import yaml

if TYPE_CHECKING:
    from pathlib import Path

Object = dict[str, Any]


class Objects(msgspec.Struct, frozen=True):
    """What an overlay builds to."""

    all: tuple[Object, ...]

    def one(self, kind: str) -> Object:
        """Return the only object of a kind."""
        (found,) = self.of(kind)
        return found

    def of(self, kind: str) -> list[Object]:
        """Return every object of a kind."""
        return [each for each in self.all if each["kind"] == kind]

    @property
    def pod(self) -> Object:
        """The pod spec of the Deployment."""
        spec: Object = self.one("Deployment")["spec"]["template"]["spec"]
        return spec

    @property
    def containers(self) -> dict[str, Object]:
        """The containers of the Deployment by name, in their order."""
        return {each["name"]: each for each in self.pod["containers"]}

    def container(self, name: str) -> Object:
        """Return one container of the Deployment."""
        return self.containers[name]

    def env(self, container: str) -> dict[str, str]:
        """Return the plain environment variables of a container."""
        return {each["name"]: each["value"] for each in self.container(container).get("env", [])}

    def annotations(self, kind: str) -> dict[str, str]:
        """Return the annotations of the only object of a kind."""
        found: dict[str, str] = self.one(kind)["metadata"].get("annotations", {})
        return found


class Build(Protocol):
    """Gives what `kustomize build overlays/<environment>/<unit>` prints."""

    def __call__(self, environment: str, unit: str) -> Objects:
        """Return the objects of one overlay."""


def build(kustomize: Path, folder: Path) -> Objects:
    """Run the real kustomize on one folder."""
    argv = [os.fspath(kustomize), "build", os.fspath(folder)]
    printed = subprocess.run(argv, check=True, capture_output=True, env={"PATH": ""}).stdout
    return Objects(tuple(yaml.load_all(printed, Loader=yaml.CSafeLoader)))


def build_all(kustomize: Path, root: Path) -> Build:
    """Build every overlay of a repository."""
    folders = sorted(path for path in (root / "overlays").glob("*/*") if path.is_dir())
    with ThreadPoolExecutor(2) as pool:
        built = dict(zip(folders, pool.map(lambda folder: build(kustomize, folder), folders), strict=True))

    def give(environment: str, unit: str) -> Objects:
        return built[root / "overlays" / environment / unit]

    return give


@pytest.fixture(scope="session")
def built(kustomize: Path, pristine: Path) -> Build:
    """Build the repository's own overlays once."""
    return build_all(kustomize, pristine)
