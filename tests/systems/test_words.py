"""What a page can say beyond the two real systems, built by plain kustomize too."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml

from .conftest import build, build_all

if TYPE_CHECKING:
    from tests.conftest import Fairlead

    from .conftest import Build

PAGES = yaml.safe_load((Path(__file__).parent / "words.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def root(pristine: Path, tmp_path_factory: pytest.TempPathFactory, fairlead: Fairlead) -> Path:
    """Add the pages of `words.yaml` to a copy of the repository and release them to dev."""
    root = Path(shutil.copytree(pristine, tmp_path_factory.mktemp("words") / "repository"))
    for name, page in PAGES.items():
        (root / "services" / f"{name}.yaml").write_text(yaml.safe_dump(page, sort_keys=False), encoding="utf-8")
    released = [fairlead("bump", name, "--env", "dev", "--tag", "1.0", root=root) for name in ("recreated", "calls")]
    assert [answer.code for answer in released] == [0, 0], released
    return root


@pytest.fixture(scope="module")
def built(root: Path, kustomize: Path) -> Build:
    """Build its overlays once."""
    return build_all(kustomize, root)


def test_the_pages_are_sound(root: Path, fairlead: Fairlead) -> None:
    """Everything below passes the schemas and the rules too."""
    assert fairlead("generate", root=root).code == 0
    assert fairlead("validate", root=root).code == 0


# Service types: ClusterIP, NodePort and LoadBalancer are in the two systems too.


def test_an_external_name(root: Path, kustomize: Path, fairlead: Fairlead) -> None:
    """A Service that stands for a database outside has the name and no selector; the page needs no image."""
    assert fairlead("generate", root=root).code == 0
    service = build(kustomize, root / "base" / "external-database").one("Service")
    assert service["metadata"]["name"] == "external-database"
    assert service["spec"] == {"type": "ExternalName", "externalName": "thoughts-db.example.local"}


def test_a_node_port_of_ones_own(built: Build) -> None:
    """The number of the port on the nodes can be set."""
    service = built("dev", "calls").one("Service")["spec"]
    assert service["type"] == "NodePort"
    assert service["ports"] == [
        {"name": "grpc", "port": 9000, "protocol": "TCP", "targetPort": 9000, "nodePort": 30900}
    ]


# Rollout


def test_recreate(built: Build) -> None:
    """The old pods end before the new ones start; the two bounds of a rolling update are gone."""
    assert built("dev", "recreated").one("Deployment")["spec"]["strategy"] == {"type": "Recreate"}


# Probes


def test_a_probe_over_http(built: Build) -> None:
    """The path alone is enough: the port is the container's own."""
    assert built("dev", "recreated").container("recreated")["livenessProbe"] == {
        "httpGet": {"path": "/live", "port": 8000},
        "initialDelaySeconds": 5,
        "periodSeconds": 30,
    }


def test_a_probe_over_tcp(built: Build) -> None:
    """The port alone is enough."""
    assert built("dev", "recreated").container("recreated")["readinessProbe"] == {
        "tcpSocket": {"port": 8000},
        "initialDelaySeconds": 5,
        "periodSeconds": 10,
    }


def test_a_probe_over_grpc(built: Build) -> None:
    """Liveness asks the server, readiness one service of it."""
    container = built("dev", "calls").container("calls")
    assert container["livenessProbe"] == {"grpc": {"port": 9000}, "periodSeconds": 30}
    assert container["readinessProbe"] == {"grpc": {"port": 9000, "service": "ready"}, "periodSeconds": 10}


def test_a_probe_by_command(built: Build) -> None:
    """A start-up probe runs its command inside the container, without a shell."""
    assert built("dev", "calls").container("calls")["startupProbe"] == {
        "exec": {"command": ["test", "-e", "/run/ready"]},
        "periodSeconds": 5,
        "failureThreshold": 12,
    }


# Placement


def test_affinity_to_a_kind_of_node(built: Build) -> None:
    """Raw node affinity passes through as it is."""
    assert built("dev", "calls").pod["affinity"]["nodeAffinity"] == PAGES["calls"]["affinity"]["nodeAffinity"]


def test_strict_anti_affinity(built: Build) -> None:
    """With `required` two pods never share a node."""
    affinity = built("dev", "calls").pod["affinity"]["podAntiAffinity"]
    assert affinity["requiredDuringSchedulingIgnoredDuringExecution"] == [
        {"labelSelector": {"matchLabels": {"app": "calls"}}, "topologyKey": "kubernetes.io/hostname"}
    ]


# Identity


def test_a_role_for_the_service_account(built: Build) -> None:
    """The page names the role, the cluster its account, and the pods use the account."""
    objects = built("dev", "calls")
    role = objects.annotations("ServiceAccount")["eks.amazonaws.com/role-arn"]
    assert role == "arn:aws:iam::033870383707:role/calls"
    assert objects.pod["serviceAccountName"] == objects.one("ServiceAccount")["metadata"]["name"]
