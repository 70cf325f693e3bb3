"""Argo CD as three processes beside a Redis: repository server, application controller, application set controller."""

from __future__ import annotations

import functools
import json
import os
import secrets
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import yaml

from tests.e2e.control_plane import MANIFESTS, Cluster, Machine
from tests.e2e.servers import listening

if TYPE_CHECKING:
    from tests.e2e.api import Object

NAMESPACE = "argocd"
_PROGRAM = "argocd-all"
_LABELS = {"app.kubernetes.io/part-of": "argocd"}


class ArgoCD(msgspec.Struct, frozen=True):
    """One Argo CD: its name as an instance of the repository, and the cluster that it runs in."""

    name: str
    cluster: Cluster


class _Place(msgspec.Struct, frozen=True):
    """Where the processes of one Argo CD keep their files, and how they find each other."""

    machine: Machine
    name: str
    folder: Path
    kubeconfig: Path
    redis: int
    repository: int

    def start(self, component: str, ready: int, *flags: str) -> None:
        """Start one of the components that are in the one program, and wait until it listens on `ready`."""
        name = f"{self.name}-{component}"
        folders = {
            "HOME": "home",
            "TMPDIR": "tmp",
            "XDG_CONFIG_HOME": "home",
            "ARGOCD_TLS_DATA_PATH": "tls",
            "ARGOCD_SSH_DATA_PATH": "ssh",
            "ARGOCD_GNUPGHOME": "gpg",
            "ARGOCD_GPG_DATA_PATH": "gpg",
            "ARGOCD_PLUGINSOCKFILEPATH": "plugins",
        }
        self.machine.start(
            name,
            _PROGRAM,
            *flags,
            **{variable: os.fspath(self.folder / folder) for variable, folder in folders.items()},
            ARGOCD_ASK_PASS_SOCK=f"{self.folder}/ask",  # a common path in /tmp otherwise
            ARGOCD_BINARY_NAME=f"argocd-{component}",
            ARGOCD_FAKE_IN_CLUSTER="true",  # it takes KUBECONFIG's cluster for its own
            ARGOCD_GPG_ENABLED="false",
            ARGOCD_SYNC_WAVE_DELAY="1",
            GIT_CONFIG_NOSYSTEM="1",
            HOSTNAME=f"argocd-{component}-0",
            KUBECONFIG=os.fspath(self.kubeconfig),
        )
        self.machine.servers.until(name, lambda: listening(ready))


def install(cluster: Cluster, crds: list[Object], clusters: dict[str, str], machine: Machine) -> None:
    """Bring in what an installation of Argo CD brings; `clusters` are those that it is told of, name -> address."""
    for crd in crds:
        cluster.api.apply(crd)
    wait_for_kinds(cluster, machine, crds)
    for manifest in yaml.safe_load_all((MANIFESTS / "argocd.yaml").read_text(encoding="utf-8")):
        cluster.api.apply(manifest)
    cluster.api.apply(_secret("argocd-secret", {}, {"server.secretkey": secrets.token_hex()}))
    for name, server in clusters.items():
        cluster.api.apply(_cluster_secret(name, server, machine))


def start(machine: Machine, name: str, cluster: Cluster) -> ArgoCD:
    """Start one Argo CD in a cluster where it is installed."""
    folder = machine.state / name
    for part in ("home", "tmp", "tls", "ssh", "gpg", "plugins"):
        (folder / part).mkdir(parents=True)
    (folder / "gpg").chmod(0o700)
    (folder / "ssh" / "ssh_known_hosts").touch()
    kubeconfig = machine.credentials.kubeconfig(cluster.names[0], folder / "kubeconfig", NAMESPACE)
    place = _Place(machine, name, folder, kubeconfig, machine.ports.take(), machine.ports.take())
    _start_redis(place)
    _start_repository_server(place)
    _start_controllers(place)
    return ArgoCD(name, cluster)


def wait_for_kinds(cluster: Cluster, machine: Machine, crds: list[Object]) -> None:
    """Wait until the server serves the kinds that custom resource definitions define."""
    for crd in crds:
        version = next(each["name"] for each in crd["spec"]["versions"] if each["served"])
        kind = f"{crd['spec']['group']}/{version}", crd["spec"]["names"]["kind"]
        machine.servers.until(f"{cluster.name}-kube-apiserver", functools.partial(cluster.api.serves, *kind))


def _start_redis(place: _Place) -> None:
    flags = ["--bind", "127.0.0.1", "--port", str(place.redis), "--save", "", "--appendonly", "no"]
    place.machine.start(f"{place.name}-redis", "redis-server", *flags, "--dir", os.fspath(place.folder / "tmp"))
    place.machine.servers.until(f"{place.name}-redis", lambda: listening(place.redis))


def _start_repository_server(place: _Place) -> None:
    place.start(
        "repo-server",
        place.repository,
        *("--address", "127.0.0.1", "--port", str(place.repository)),
        *("--metrics-address", "127.0.0.1", "--metrics-port", str(place.machine.ports.take())),
        *("--redis", f"127.0.0.1:{place.redis}"),
        *("--revision-cache-expiration", "1s"),  # a new commit is seen at once when somebody asks
    )


def _start_controllers(place: _Place) -> None:
    metrics, probes = place.machine.ports.take(), place.machine.ports.take()
    place.start(
        "application-controller",
        metrics,
        *("--namespace", NAMESPACE, "--metrics-port", str(metrics)),
        *("--redis", f"127.0.0.1:{place.redis}", "--repo-server", f"127.0.0.1:{place.repository}"),
        *("--app-resync", "0", "--app-resync-jitter", "0"),  # no polling: a run asks, as a webhook does
        *("--status-processors", "8", "--operation-processors", "8"),
        "--persist-resource-health",
    )
    place.start(
        "applicationset-controller",
        probes,
        *("--namespace", NAMESPACE, "--argocd-repo-server", f"127.0.0.1:{place.repository}"),
        *("--metrics-addr", f"127.0.0.1:{place.machine.ports.take()}"),
        *("--probe-addr", f"127.0.0.1:{probes}"),
        *("--webhook-addr", f"127.0.0.1:{place.machine.ports.take()}"),
    )


def _cluster_secret(name: str, server: str, machine: Machine) -> Object:
    """Return the secret by which Argo CD knows a cluster."""
    config = {
        "bearerToken": machine.credentials.token,
        "tlsClientConfig": {"caData": machine.credentials.authority},
    }
    data = {"name": name, "server": server, "config": json.dumps(config)}
    return _secret(f"cluster-{name}", {"argocd.argoproj.io/secret-type": "cluster"}, data)


def _secret(name: str, labels: dict[str, str], data: dict[str, str]) -> Object:
    metadata = {"name": name, "namespace": NAMESPACE, "labels": _LABELS | labels}
    return {"apiVersion": "v1", "kind": "Secret", "metadata": metadata, "type": "Opaque", "stringData": data}
