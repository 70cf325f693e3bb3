"""The programs of a server: etcd and kube-apiserver of a Kubernetes minor version, installed when there are none."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from generator.tools.controlplane import ETCD, ETCD_VERSION, KUBE_APISERVER, kubernetes_release
from generator.tools.locate import locate

if TYPE_CHECKING:
    from generator.progress import Progress
    from generator.tools.pins import Tool


class Binaries(msgspec.Struct, frozen=True):
    """Both programs, ready to run."""

    etcd: Path
    apiserver: Path


def binaries(minor: str, progress: Progress) -> Binaries:
    """Give the programs for a Kubernetes minor version (`1.35`); any patch level of it will do.

    Raises ToolError when there are none and none can be had; where Go has to build them that takes minutes, once.
    """
    apiserver = _program(KUBE_APISERVER, kubernetes_release(minor), progress)
    return Binaries(_program(ETCD, ETCD_VERSION, progress), apiserver)


def _program(tool: Tool, version: str, progress: Progress) -> Path:
    found = locate(tool, version)
    if found is not None:
        return found
    from generator.tools.install import ensure  # 30 ms, for the first run on a machine alone

    progress.stage(f"getting {tool.name} {version}, where Go builds it in minutes", 1)
    return ensure(tool, version)
