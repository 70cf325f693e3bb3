"""A real etcd and kube-apiserver, installed when missing (no test is skipped for want of them), and a shared server."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from generator.apiserver.binaries import Binaries, binaries
from generator.apiserver.server import running, stop_all
from generator.findings.progress import Silent
from generator.tools.install import ensure
from generator.tools.pins import KUBECONFORM, KUBECONFORM_VERSION

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from generator.apiserver.client import Client

# Another minor version that is pinned, for a run of these tests against it.
KUBERNETES = os.environ.get("KUBERNETES_VERSION", "1.35")


@pytest.fixture(scope="session")
def programs() -> Binaries:
    """Return the programs; where Go has to build them that takes minutes, once."""
    return binaries(KUBERNETES)


@pytest.fixture(scope="module")
def cache(programs: Binaries, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Keep this module's servers apart from those of the person who runs the tests, and end them."""
    folder = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FAIRLEAD_CACHE_DIR", str(folder))
        own = (str(programs.etcd.parent), str(programs.apiserver.parent))
        patch.setenv("PATH", os.pathsep.join([*own, os.environ["PATH"]]))
        yield folder
        stop_all()


@pytest.fixture
def client(cache: Path) -> Iterator[Client]:
    """Return a client of a server that the tests of a module share."""
    assert cache.is_dir()
    with running(KUBERNETES, "shared", progress=Silent()) as client:
        yield client


@pytest.fixture(scope="session")
def checkers(kustomize: Path) -> tuple[Path, Path]:
    """Return kustomize and kubeconform, installed first if they are not there."""
    return kustomize, ensure(KUBECONFORM, KUBECONFORM_VERSION)


@pytest.fixture(scope="module")
def judging(checkers: tuple[Path, Path], cache: Path) -> Iterator[Path]:
    """Let `fairlead validate --api-server` find all that it runs, with servers of this module's own."""
    with pytest.MonkeyPatch.context() as patch:
        folders = [str(program.parent) for program in checkers]
        patch.setenv("PATH", os.pathsep.join([*folders, os.environ["PATH"]]))
        yield cache
