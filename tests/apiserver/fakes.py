"""Programs that stand in for etcd and kube-apiserver: they say their version, and then do as a test asks."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from generator.apiserver.binaries import Binaries

if TYPE_CHECKING:
    from pathlib import Path

HANGS = "exec /bin/sleep 60"
FAILS = "echo 'starting up'; echo 'E1 run.go:72] no room left' >&2; exit 3"


def fakes(folder: Path, *, etcd: str = HANGS, apiserver: str = HANGS) -> Binaries:
    """Write both, such that they note their process numbers."""
    return Binaries(
        _fake(folder, "etcd", "etcd Version: 3.6.4", etcd),
        _fake(folder, "kube-apiserver", "Kubernetes v1.35.4", apiserver),
    )


def _fake(folder: Path, name: str, version: str, behaviour: str) -> Path:
    folder.mkdir(exist_ok=True)
    program = folder / name
    note = f"echo $$ >> {folder}/started"
    program.write_text(f'#!/bin/sh\n[ "$1" = --version ] && echo "{version}" && exit\n{note}\n{behaviour}\n')
    program.chmod(0o755)
    return program


def started(folder: Path) -> list[int]:
    """Return the numbers of all processes that were started."""
    note = folder / "started"
    return [int(number) for number in note.read_text().split()] if note.exists() else []


def lives(number: int) -> bool:
    """Return whether a process is there."""
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    return True
