"""Start a server, or not at all: with its keeper, until it answers; when that fails nothing of it is left."""

from __future__ import annotations

import contextlib
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import generator
from generator.apiserver import lock as lease
from generator.apiserver.client import Client
from generator.apiserver.kubeconfig import read_access
from generator.apiserver.state import end, last_line, make_folder
from generator.findings.errors import ToolError
from generator.tools.process import let_go

if TYPE_CHECKING:
    from typing import BinaryIO

    from generator.apiserver.binaries import Binaries
    from generator.apiserver.state import ServerFolder

# 2 s on 2 idle cores, 11 with six other jobs on them.
_START_SECONDS = 120.0
_POLL_SECONDS = 0.02
_OK = 200
# It has read its policies and priority classes, and made the namespace that comes last.
_SIGNS = ("/readyz", "/api/v1/namespaces/default")


def fresh(state: ServerFolder, programs: Binaries, idle_seconds: float) -> tuple[Client, BinaryIO]:
    """Start a server where there is none, and use it; raises ToolError."""
    make_folder(state)
    with contextlib.ExitStack() as undo:
        undo.callback(end, state)
        use = undo.enter_context(_first_use(state, idle_seconds))
        _start_keeper(state, programs)
        client = ready(state, _START_SECONDS)
        undo.pop_all()
    return client, use


def _first_use(state: ServerFolder, idle_seconds: float) -> BinaryIO:
    """Use a server before it is there, so that it does not take itself for unused while it starts."""
    state.outlive(idle_seconds)
    use = lease.take_lock(state.use, shared=True)
    if use is None:
        raise ToolError(f"{state.use}: locked by another program")
    return use


def _start_keeper(state: ServerFolder, programs: Binaries) -> None:
    argv = [sys.executable, "-P", "-m", "generator.apiserver.supervisor"]
    operands = map(str, (state.folder, programs.etcd, programs.apiserver))
    environment = {"PYTHONPATH": str(Path(generator.__file__).parents[1])}
    let_go(lease.start([*argv, *operands], state.process("keeper"), state.log("keeper"), environment))


def ready(state: ServerFolder, seconds: float) -> Client:
    """Wait until the server answers; raises ToolError when it ends, or takes too long."""
    limit = time.monotonic() + seconds
    while time.monotonic() < limit:
        client = _client(state)
        if client is not None:
            return client
        if not lease.alive(state.process("keeper")):
            said = last_line(state.log("keeper")) or "it ended without a word"
            raise ToolError(f"the API server does not start: {said}")
        time.sleep(_POLL_SECONDS)
    raise ToolError(f"the API server does not answer within {seconds:g} s")


def _client(state: ServerFolder) -> Client | None:
    """Return a client if the server answers by now."""
    access = read_access(state.kubeconfig)
    if access is None or not access.certificate.is_file():
        return None
    try:
        client = Client(access)
    except OSError:  # half a certificate
        return None
    with contextlib.ExitStack() as undo:
        undo.callback(client.close)
        with contextlib.suppress(ToolError):  # no socket yet
            if all(client.get(sign).status == _OK for sign in _SIGNS):
                undo.pop_all()
                return client
    return None
