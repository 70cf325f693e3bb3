"""A throw-away API server for the time of a run, and kept warm for the next one.

The server itself belongs to a keeper process (keeper.py), so that it outlives the run and dies with nobody using it.
Which runs share one is decided by the key of its folder (state.py); locks that the kernel keeps say who lives
(lease.py).
"""

from __future__ import annotations

import contextlib
import os
import time
from typing import TYPE_CHECKING

import filelock

import generator
from generator.apiserver import lock as lease
from generator.apiserver.binaries import binaries
from generator.apiserver.flags import SERVICE_RANGES
from generator.apiserver.start import fresh, ready
from generator.apiserver.state import end, home, is_ours, state_of, states
from generator.findings.errors import ToolError
from generator.folders.trust import make_private

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import BinaryIO

    from generator.apiserver.binaries import Binaries
    from generator.apiserver.client import Client
    from generator.apiserver.state import ServerFolder
    from generator.findings.progress import Progress

# Several runs that each start a server, one after the other.
_WAIT_SECONDS = 300.0
# A warm one answers in 10 ms, unless it hangs, or is still at its start because the run that started it was killed.
_ANSWER_SECONDS = 20.0
_POLL_SECONDS = 0.02
# One has 300 MB, 550 with the CRDs of Argo CD; each change of a CRD makes another.
_MOST = 3


@contextlib.contextmanager
def running(
    kubernetes_version: str,
    digest: str,
    *,
    progress: Progress,
    root: Path | None = None,
    idle_minutes: float = 10,
) -> Iterator[Client]:
    """Return a client of an API server of a Kubernetes version (`1.35`, `1.35.4`: its minor decides), for this run.

    Runs with the same version and `digest` (of what they install in the server) share one server; it keeps what they
    create, and for which repositories (`root`) it ran. It ends when nobody has used it for `idle_minutes`, with 0
    before this returns unless another run uses it.

    Raises ToolError when there are no programs for that version or the server does not start; nothing is left then.
    """
    minor = ".".join(kubernetes_version.split(".")[:2])
    programs = binaries(minor)
    told = (generator.__version__, *SERVICE_RANGES, str(programs.etcd), str(programs.apiserver))
    state = state_of(minor, digest, *told)
    progress.stage(f"starting Kubernetes {minor} API server", 1)
    with _one_at_a_time():
        _sweep(state)
        client, use = _warm(state) or _new(state, programs, idle_minutes * 60)
        if root is not None:
            state.note_repositories(state.repositories | {os.fspath(root)})
    progress.advance()
    try:
        yield client
    finally:
        client.close()
        _leave(state, use, idle_minutes * 60)


def stop_all() -> int:
    """End every server of this user, also one in use, and give how many there were; raises ToolError."""
    with _one_at_a_time():
        there = states()
        for state in there:
            end(state)
    return len(there)


def stop(root: Path) -> tuple[int, int]:
    """End the servers that only the repository at `root` has used, also one in use; raises ToolError.

    Gives how many were ended, and how many others there are.
    """
    own = os.fspath(root)
    with _one_at_a_time():
        there = states()
        used = [state for state in there if is_ours(state) and own in state.repositories]
        for state in used:
            others = state.repositories - {own}
            if others:
                state.note_repositories(others)
            else:
                end(state)
        left = states()
    return len(there) - len(left), len(left)


@contextlib.contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Let one run at a time look for a server or start one; raises ToolError."""
    try:
        make_private(home())
        with filelock.FileLock(home() / "lock", timeout=_WAIT_SECONDS):
            yield
    except filelock.Timeout as error:
        raise ToolError(f"{home()}: another run has been starting an API server for too long") from error
    except OSError as error:
        remedy = "set FAIRLEAD_CACHE_DIR to a folder that can be written"
        raise ToolError(f"{home()}: {error.strerror or error}; {remedy}") from error


def _sweep(wanted: ServerFolder) -> None:
    """Remove what is left of servers that were killed, or that a restart of the machine ended."""
    for state in states():
        if state != wanted and not state.alive:
            end(state)


def _warm(state: ServerFolder) -> tuple[Client, BinaryIO] | None:
    """Take the server that is there, if it lives, is not on its way out, and answers."""
    use = _used(state) if is_ours(state) else None
    if use is None:
        return None
    with contextlib.ExitStack() as undo:
        undo.enter_context(use)
        with contextlib.suppress(ToolError):
            client = ready(state, _ANSWER_SECONDS)
            undo.pop_all()
            return client, use
    return None


def _used(state: ServerFolder) -> BinaryIO | None:
    """Share the lock of its users; the keeper holds it for a moment now and then, and to its end when it goes."""
    while state.alive:
        use = lease.take_lock(state.use, shared=True)
        if use is not None:
            return use
        time.sleep(_POLL_SECONDS)
    return None


def _new(state: ServerFolder, programs: Binaries, idle_seconds: float) -> tuple[Client, BinaryIO]:
    """Start a server, where there would be too many in place of those that nobody has used for longest."""
    end(state)
    there = states()
    unused = sorted((other for other in there if _is_unused(other)), key=lambda other: other.use.stat().st_mtime)
    for other in unused[: max(0, len(there) + 1 - _MOST)]:
        end(other)
    return fresh(state, programs, idle_seconds)


def _is_unused(state: ServerFolder) -> bool:
    lock = lease.take_lock(state.use)
    if lock is not None:
        lock.close()
    return lock is not None


def _leave(state: ServerFolder, use: BinaryIO, idle_seconds: float) -> None:
    """Start the idle time, or end a server that is to have none and that nobody else uses."""
    with contextlib.suppress(FileNotFoundError):  # ended by `fairlead tools stop`
        state.outlive(idle_seconds)
    use.close()
    if idle_seconds > 0:
        return
    with _one_at_a_time():
        if state.use.is_file() and _is_unused(state):
            end(state)
