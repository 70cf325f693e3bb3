"""The programs of a server: etcd and kube-apiserver of a Kubernetes minor version, installed when there are none."""

from __future__ import annotations

from pathlib import Path

import msgspec

from generator.tools.controlplane import ETCD, ETCD_VERSION, KUBE_APISERVER, kubernetes_release
from generator.tools.program import program


class Binaries(msgspec.Struct, frozen=True):
    """Both programs, ready to run."""

    etcd: Path
    apiserver: Path


def binaries(minor: str) -> Binaries:
    """Return the programs for a Kubernetes minor version (`1.35`); any patch level of it will do.

    Raises ToolError when there are none and none can be had; where Go has to build them that takes minutes, once.
    """
    apiserver = program(KUBE_APISERVER, kubernetes_release(minor))
    return Binaries(program(ETCD, ETCD_VERSION), apiserver)
