"""The real tools, installed when missing (no test is skipped for want of one), and an empty world."""

from __future__ import annotations

import functools
import http.server
import threading
from typing import TYPE_CHECKING

import pytest

from generator.tools import pins
from generator.tools.install import ensure

from .sailor import ReleaseHost, SlowHandler

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="session")
def kustomize() -> Path:
    """Return a real kustomize of the version that Argo CD 3.5 bundles."""
    return ensure(pins.KUSTOMIZE, "5.8.1")


@pytest.fixture(scope="session")
def kubeconform() -> Path:
    """Return a real kubeconform."""
    return ensure(pins.KUBECONFORM, pins.KUBECONFORM_VERSION)


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Empty the PATH and the cache; give the one folder on the PATH."""
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("FAIRLEAD_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    return tmp_path / "bin"


@pytest.fixture
def host(path: Path) -> Iterator[ReleaseHost]:
    """Run a release host that answers on 127.0.0.1."""
    folder = path.with_name("host")
    folder.mkdir()
    handler = functools.partial(SlowHandler, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        SlowHandler.served.clear()
        yield ReleaseHost(folder, f"http://127.0.0.1:{server.server_port}")
        server.shutdown()
