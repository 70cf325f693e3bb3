"""How to reach a server: kept in a file that only its owner can read, in the form that `kubectl` reads too.

KUBECONFIG=.../kubeconfig kubectl get customresourcedefinitions
"""

from __future__ import annotations

import os
from pathlib import Path

import msgspec


class Kubeconfig(msgspec.Struct, frozen=True):
    """How to reach a server: its address, the token that it asks for and the file of its certificate."""

    base: str
    token: str
    certificate: Path

    def __repr__(self) -> str:
        return f"Access({self.base})"


class _Cluster(msgspec.Struct):
    server: str
    certificate_authority: str = msgspec.field(name="certificate-authority")


class _User(msgspec.Struct):
    token: str


class _NamedCluster(msgspec.Struct):
    cluster: _Cluster
    name: str = "fairlead"


class _NamedUser(msgspec.Struct):
    user: _User
    name: str = "fairlead"


class _Kubeconfig(msgspec.Struct, rename={"api_version": "apiVersion", "current_context": "current-context"}):
    clusters: list[_NamedCluster]
    users: list[_NamedUser]
    api_version: str = "v1"
    kind: str = "Config"
    contexts: tuple[dict[str, object], ...] = (
        {"name": "fairlead", "context": {"cluster": "fairlead", "user": "fairlead"}},
    )
    current_context: str = "fairlead"


def write_access(kubeconfig: Path, access: Kubeconfig) -> None:
    """Write a kubeconfig, for its owner alone, and whole: a reader sees all of it or none."""
    cluster = _Cluster(access.base, os.fspath(access.certificate))
    config = _Kubeconfig([_NamedCluster(cluster)], [_NamedUser(_User(access.token))])
    fresh = kubeconfig.with_name(f"{kubeconfig.name}.new")
    write_private(fresh, msgspec.json.encode(config))
    fresh.replace(kubeconfig)


def read_access(kubeconfig: Path) -> Kubeconfig | None:
    """Read a kubeconfig; None when there is none, or none that was written here."""
    try:
        config = msgspec.json.decode(kubeconfig.read_bytes(), type=_Kubeconfig)
        cluster, user = config.clusters[0].cluster, config.users[0].user
    except (OSError, msgspec.DecodeError, IndexError):
        return None
    return Kubeconfig(cluster.server, user.token, Path(cluster.certificate_authority))


def write_private(path: Path, data: bytes) -> None:
    """Write a new file that only its owner can read."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(data)
