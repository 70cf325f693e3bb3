"""The command lines of etcd and kube-apiserver, for a server that is thrown away: on loopback, nothing synced to disk.

Both run in the server's folder, so paths are relative and sockets have short names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

# etcd wants a port in the name of a socket, and takes any. In a folder of one user, a socket is out of others' reach.
_CLIENTS = "unix://clients:0"
_PEERS = "unix://peers:0"
ADDRESS = "127.0.0.1"
# Of both families, so that a Service may ask for either; addresses inside of them mean nothing, see network.py.
SERVICE_RANGES = ("10.96.0.0/16", "fd00:10:96::/108")
ENVIRONMENT = {"PATH": ""}


def etcd(program: Path) -> list[str]:
    """Return the command line of etcd."""
    return [
        str(program),
        "--name=fairlead",
        "--data-dir=etcd",
        "--unsafe-no-fsync",
        "--log-level=warn",
        f"--listen-client-urls={_CLIENTS}",
        f"--advertise-client-urls={_CLIENTS}",
        f"--listen-peer-urls={_PEERS}",
        f"--initial-advertise-peer-urls={_PEERS}",
        f"--initial-cluster=fairlead={_PEERS}",
    ]


def kube_apiserver(program: Path, port: int) -> list[str]:
    """Return the command line of kube-apiserver, at a port that the caller holds (SO_REUSEPORT).

    The key of service accounts is that of the certificate which the server makes for itself; it is there by the time
    the server looks for it. Without a controller nobody makes service accounts, so Pods are not asked for theirs,
    nor for the classes that only a cluster has; like any cluster it takes privileged Pods, where their namespace does.
    """
    return [
        str(program),
        f"--etcd-servers={_CLIENTS}",
        f"--bind-address={ADDRESS}",
        f"--advertise-address={ADDRESS}",
        f"--secure-port={port}",
        "--permit-port-sharing",
        "--cert-dir=certificates",
        "--token-auth-file=tokens.csv",
        "--anonymous-auth=false",
        "--authorization-mode=AlwaysAllow",
        "--allow-privileged",
        "--disable-admission-plugins=ServiceAccount,Priority,RuntimeClass",
        "--service-account-issuer=https://kubernetes.default.svc",
        "--service-account-key-file=certificates/apiserver.key",
        "--service-account-signing-key-file=certificates/apiserver.key",
        f"--service-cluster-ip-range={','.join(SERVICE_RANGES)}",
        "--endpoint-reconciler-type=none",
        "--enable-priority-and-fairness=false",
        "--profiling=false",
    ]
