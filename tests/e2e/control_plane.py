"""Real clusters on loopback: one etcd, and for each an API server, controllers, a scheduler and a pretended node."""

from __future__ import annotations

import functools
import os
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import yaml

from tests.e2e.api import Api, Object
from tests.e2e.credentials import Credentials
from tests.e2e.servers import Ports, Servers, listening

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


MANIFESTS = Path(__file__).parent / "manifests"
_SERVICE_NETWORK, _POD_NETWORK = "10.96.0.0/16", "10.244.0.0/16"

# No nodes, clouds or certificates to take care of; and no autoscaler, which would have no metrics: kwok speaks for it.
_ABSENT = (
    "certificatesigningrequest-signing-controller",
    "cloud-node-lifecycle-controller",
    "horizontal-pod-autoscaler-controller",
    "node-route-controller",
    "nodeipam",
    "service-lb-controller",
)


class Cluster(msgspec.Struct, frozen=True):
    """One API server. Each of `names` is an address of it: Argo CD tells clusters apart by their addresses."""

    name: str
    port: int
    api: Api
    kubeconfig: Path
    audit: Path

    @property
    def names(self) -> tuple[str, str]:
        """Two addresses of the same server."""
        return (f"https://127.0.0.1:{self.port}", f"https://localhost:{self.port}")


class Machine(msgspec.Struct, frozen=True):
    """What everything here starts from: programs, credentials, free ports, and a folder for what they write."""

    programs: Path
    state: Path
    credentials: Credentials
    servers: Servers
    ports: Ports

    def start(self, name: str, program: str, *flags: str, **env: str) -> None:
        """Start a program of the machine."""
        home = os.fspath(self.state)
        own = {"PATH": f"{self.programs}:{os.environ['PATH']}", "HOME": home, "TMPDIR": home}
        self.servers.start(name, [self.programs / program, *flags], own | env)


def start_clusters(machine: Machine, names: Iterable[str], crds: Sequence[Object]) -> dict[str, Cluster]:
    """Start the clusters, with the custom resources that objects in them need; returns when their nodes are ready."""
    etcd = _start_etcd(machine)
    clusters = {name: _start_api_server(machine, name, etcd) for name in names}
    for cluster in clusters.values():
        machine.servers.until(f"{cluster.name}-kube-apiserver", cluster.api.ready)
        for crd in crds:
            cluster.api.apply(crd)
        cluster.api.apply(yaml.safe_load((MANIFESTS / "node.yaml").read_text(encoding="utf-8")))
        _start_controllers(machine, cluster)
    for cluster in clusters.values():
        _await_controllers(machine, cluster)
        _await_schemas(machine, cluster, crds)
        _start_kubelet(machine, cluster)
    for cluster in clusters.values():
        machine.servers.until(f"{cluster.name}-kwok", functools.partial(_node_is_ready, cluster.api))
    return clusters


def _start_etcd(machine: Machine) -> str:
    client, peer = (f"http://127.0.0.1:{machine.ports.take()}" for _ in range(2))
    flags = {
        "data-dir": f"{machine.state}/etcd",
        "listen-client-urls": client,
        "advertise-client-urls": client,
        "listen-peer-urls": peer,
        "initial-advertise-peer-urls": peer,
        "initial-cluster": f"default={peer}",
        "log-level": "warn",
    }
    # What it holds need not outlive the machine's power.
    machine.start("etcd", "etcd", "--unsafe-no-fsync", *_flags(flags))
    machine.servers.until("etcd", lambda: listening(int(client.rpartition(":")[2])))
    return client


def _start_api_server(machine: Machine, name: str, etcd: str) -> Cluster:
    port, credentials = machine.ports.take(), machine.credentials
    url = f"https://127.0.0.1:{port}"
    kubeconfig = credentials.kubeconfig(url, machine.state / f"{name}.kubeconfig")
    cluster = Cluster(name, port, Api(url, credentials), kubeconfig, machine.servers.logs / f"{name}-audit.log")
    flags = {
        "etcd-servers": etcd,
        "etcd-prefix": f"/{name}",
        "bind-address": "127.0.0.1",
        "advertise-address": "127.0.0.1",
        "secure-port": str(port),
        "tls-cert-file": str(credentials.certificate),
        "tls-private-key-file": str(credentials.key),
        "token-auth-file": str(credentials.tokens),
        "anonymous-auth": "false",
        "authorization-mode": "AlwaysAllow",
        "service-account-issuer": "https://kubernetes.default.svc",
        "service-account-key-file": str(credentials.certificate),
        "service-account-signing-key-file": str(credentials.key),
        "service-cluster-ip-range": _SERVICE_NETWORK,
        "endpoint-reconciler-type": "none",
        "enable-priority-and-fairness": "false",
        "audit-policy-file": str(MANIFESTS / "audit-policy.yaml"),
        "audit-log-path": str(cluster.audit),
    }
    machine.start(f"{name}-kube-apiserver", "kube-apiserver", *_flags(flags))
    return cluster


def _start_controllers(machine: Machine, cluster: Cluster) -> None:
    credentials = machine.credentials
    common = {"kubeconfig": str(cluster.kubeconfig), "bind-address": "127.0.0.1", "leader-elect": "false"}
    flags = {
        "controllers": ",".join(["*", *(f"-{name}" for name in _ABSENT)]),
        "service-account-private-key-file": str(credentials.key),
        "root-ca-file": str(credentials.certificate),
    }
    for program, more in (("kube-controller-manager", flags), ("kube-scheduler", {})):
        own = {"secure-port": str(machine.ports.take()), "cert-dir": f"{machine.state}/{cluster.name}-{program}"}
        machine.start(f"{cluster.name}-{program}", program, *_flags(common | own | more))


def _await_controllers(machine: Machine, cluster: Cluster) -> None:
    """Wait for the first thing that the controllers do: every namespace gets its service account."""
    machine.servers.until(
        f"{cluster.name}-kube-controller-manager",
        lambda: cluster.api.get("v1", "ServiceAccount", "default", "default") is not None,
    )


def _await_schemas(machine: Machine, cluster: Cluster, crds: Iterable[Object]) -> None:
    """Wait for the schemas of custom resources: kwok reads those of its stages once, and ends when one is missing."""
    for crd in crds:
        versions = (f"{crd['spec']['group']}/{each['name']}" for each in crd["spec"]["versions"] if each["served"])
        for version in versions:
            ready = functools.partial(cluster.api.documents, version)
            machine.servers.until(f"{cluster.name}-kube-apiserver", ready)


def _start_kubelet(machine: Machine, cluster: Cluster) -> None:
    flags = {
        "kubeconfig": str(cluster.kubeconfig),
        "config": str(MANIFESTS / "stages.yaml"),
        "manage-all-nodes": "true",
        "cidr": _POD_NETWORK,
        "node-ip": "127.0.0.1",
        "node-lease-duration-seconds": "40",
        "server-address": f"127.0.0.1:{machine.ports.take()}",
    }
    machine.start(f"{cluster.name}-kwok", "kwok", *_flags(flags))


def _node_is_ready(api: Api) -> bool:
    conditions = [each for node in api.all("v1", "Node") for each in node["status"].get("conditions", [])]
    return any(each["type"] == "Ready" and each["status"] == "True" for each in conditions)


def _flags(flags: dict[str, str]) -> list[str]:
    return [f"--{name}={value}" for name, value in flags.items()]
