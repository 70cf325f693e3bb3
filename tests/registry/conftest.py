"""Two real registries and, one after the other, each program that speaks to them, in a world without logins."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from generator.registry.images import open_registry
from generator.tools.registry import Registry, Timeouts

from .programs import CRANE, REGISTRY, provided
from .server import Server, serving

# Generous, for a machine under load; the pause before a second attempt is nobody's gain here.
QUICK = Timeouts(look=60, copy=120, pause=0)

_LOGINS = ("DOCKER_CONFIG", "REGISTRY_AUTH_FILE", "XDG_RUNTIME_DIR", "XDG_CONFIG_HOME")
_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy")

Opened = Callable[..., AbstractContextManager[Registry]]


@pytest.fixture(scope="session")
def distribution() -> Path:
    """Return the registry's program."""
    return provided(REGISTRY)


@pytest.fixture(scope="session")
def clients() -> dict[str, Path | None]:
    """Return the programs that speak to registries; skopeo is a package of the system, which no test can install."""
    skopeo = shutil.which("skopeo")
    return {"crane": provided(CRANE), "skopeo": Path(skopeo) if skopeo else None}


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Empty the PATH, the home folder and what leads to logins; give the one folder on the PATH."""
    for name in (*_LOGINS, *_PROXIES):
        monkeypatch.delenv(name, raising=False)
    for name, variable in (("bin", "PATH"), ("home", "HOME")):
        (tmp_path / name).mkdir()
        monkeypatch.setenv(variable, str(tmp_path / name))
    return tmp_path / "bin"


@pytest.fixture(params=["crane", "skopeo"])
def client(request: pytest.FixtureRequest, clients: dict[str, Path | None], path: Path) -> Path:
    """Put one program alone on the PATH, and give it."""
    program = clients[request.param]
    if program is None:
        pytest.skip("skopeo is not installed: it is a package of the system")
    (path / request.param).symlink_to(program)
    return path / str(request.param)


@pytest.fixture
def registry(client: Path) -> Iterator[Registry]:
    """Speak to registries by one program."""
    assert shutil.which(client.name) == str(client)
    with open_registry(patience=QUICK) as opened:
        yield opened


@pytest.fixture
def source(distribution: Path, tmp_path: Path) -> Iterator[Server]:
    """Run the registry that images come from."""
    with serving(distribution, tmp_path / "source") as server:
        yield server


@pytest.fixture
def target(distribution: Path, tmp_path: Path) -> Iterator[Server]:
    """Run the registry that images go to."""
    with serving(distribution, tmp_path / "target") as server:
        yield server
