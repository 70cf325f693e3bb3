"""`kustomize build`, with nothing in reach but the files: no git, no helm, no plugins, no network.

Whether a kustomization is safe to build is decided before, in `prove/kustomization_gate.py`; this module only runs it.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from generator.findings.errors import ToolError
from generator.folders.scratch import scratch_folder
from generator.tools import process

if TYPE_CHECKING:
    from pathlib import Path

# kustomize fetches a remote file by HTTP itself and everything else through git: the first is led to a port
# that is never open (RFC 863 "discard"), the second is not on the PATH.
_NOWHERE = "http://127.0.0.1:9"
# Callers run as many at once, each on one thread.
WORKERS = max(2, os.cpu_count() or 2)
_GO = {**process.short_go_environment(WORKERS), "GOMAXPROCS": "1"}


class BuildError(ToolError):
    """kustomize refused a directory; `stderr` is its own explanation, unshortened."""

    exit_code = 1

    def __init__(self, directory: Path, stderr: str) -> None:
        super().__init__(f"kustomize build {directory}: {stderr.strip() or 'failed without a word'}")
        self.directory = directory
        self.stderr = stderr

    @property
    def reason(self) -> str:
        """Why there are no objects, in kustomize's words."""
        return self.stderr.strip() or str(self)


def build(binary: Path, directory: Path, *, timeout: float = 30.0) -> bytes:
    """Build `directory` and return its objects as one YAML stream, exactly as kustomize prints them.

    `timeout` is in seconds. A relative `directory` starts from the current one.

    Raises BuildError with kustomize's words when it refuses, ToolError when it cannot run or takes too long.
    """
    with scratch_folder("fairlead-home-") as home:
        env = {**_GO, "PATH": "", "HOME": home, "HTTP_PROXY": _NOWHERE, "HTTPS_PROXY": _NOWHERE}
        completed = process.run([str(binary), "build", "--", str(directory)], env=env, timeout=timeout)
    if completed.returncode < 0:
        raise ToolError(f"kustomize build {directory}: killed by signal {-completed.returncode}")
    if completed.returncode != 0:
        raise BuildError(directory, completed.stderr)
    return completed.stdout
