"""Run a refusal where neither time nor memory is to be had: what takes more is killed, and fails the test."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from typing import TYPE_CHECKING

from tests.conftest import CHECKOUT

if TYPE_CHECKING:
    from pathlib import Path

CPU_SECONDS = 2
ADDRESS_SPACE = 300 << 20


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))


def refused_within(root: Path, *arguments: str) -> str:
    """Return what fairlead says where it refuses with exit 2, within 2 s of processor time and 300 MB."""
    argv = [sys.executable, "-m", "generator", *arguments, "--root", os.fspath(root)]
    # Threads of a library would each want an address space of their own.
    ended = subprocess.run(argv, cwd=CHECKOUT, capture_output=True, text=True, check=False, preexec_fn=_limit)
    assert ended.returncode == 2, ended.stdout + ended.stderr
    assert "Traceback" not in ended.stderr
    return ended.stdout + ended.stderr
