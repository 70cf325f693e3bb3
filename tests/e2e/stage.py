"""Sets the stage: the clusters, the Argo CDs and the repository, each a line of the table."""

from __future__ import annotations

import json
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import generator
from tests.e2e import argocd
from tests.e2e.control_plane import Machine, start_clusters
from tests.e2e.credentials import make_credentials
from tests.e2e.repository import Repository
from tests.e2e.scene import CLUSTERS, Scene
from tests.e2e.servers import Ports, Servers
from tests.repo.git_server import serve

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.e2e.api import Object
    from tests.e2e.control_plane import Cluster

_CRDS = Path(generator.__file__).parents[1] / "schemas" / "crds"
_GROUP = "argoproj.io"
_HUB, _LOCAL = "hub", "local"


@contextmanager
def running(state: Path, programs: Path) -> Iterator[tuple[Machine, Repository]]:
    """Return the machine on which servers can be started, and a repository that is served; ends all of them."""
    with Servers(state / "log") as servers, serve(state) as git:
        machine = Machine(programs, state, make_credentials(state / "pki"), servers, Ports())
        yield machine, Repository(state, git.url, programs / "kustomize")


def clusters(machine: Machine) -> dict[str, Cluster]:
    """Start the clusters, each with the custom resources that services may use."""
    return start_clusters(machine, sorted(set(CLUSTERS.values())), [crd for crd in _crds() if not _is_argo(crd)])


def scene(machine: Machine, made: dict[str, Cluster], repository: Repository) -> Scene:
    """Start both Argo CDs: the hub, which knows the clusters of dev and staging, and one that knows its own alone."""
    known = {
        name: address
        for environment in ("dev", "staging")
        for name, address in zip(repository.clusters(environment), made[CLUSTERS[environment]].names, strict=False)
    }
    crds = [crd for crd in _crds() if _is_argo(crd)]
    for name, others in ((_HUB, known), (_LOCAL, {})):
        argocd.install(made[name], crds, others, machine)
    return Scene(machine, made, tuple(argocd.start(machine, name, made[name]) for name in (_HUB, _LOCAL)), repository)


def _crds() -> list[Object]:
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted(_CRDS.glob("*/*.crd.json"))]


def _is_argo(crd: Object) -> bool:
    return bool(crd["spec"]["group"] == _GROUP)
