"""The process that owns a running server: starts etcd and kube-apiserver, and ends both when nobody uses them any more.

`python -m generator.apiserver.supervisor FOLDER ETCD KUBE_APISERVER`, in a session of its own, with the folder made and
its `use` file written. It knows nothing of what is asked of the server.
"""

from __future__ import annotations

import contextlib
import ctypes
import secrets
import signal
import socket
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

from generator.apiserver import flags
from generator.apiserver import lock as lease
from generator.apiserver.kubeconfig import Kubeconfig, write_access, write_private
from generator.apiserver.state import ServerFolder, claim_folder, last_line, remove_folder

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from generator.tools.process import Lasting

    Children = Mapping[str, Lasting]

_POLL_SECONDS = 0.5
_PR_SET_PDEATHSIG = 1


def main() -> None:
    """Keep the server until its time is over; when one of its processes ends before, end with what that said last."""
    state, etcd, apiserver = ServerFolder(Path(sys.argv[1])), Path(sys.argv[2]), Path(sys.argv[3])
    told = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: told.set())
    with contextlib.ExitStack() as kept, _started(state, etcd, apiserver) as children:
        fallen = _until_unused(state, children, told, kept)
        if fallen:
            sys.exit(f"{fallen} ended with exit code {children[fallen].returncode}: {last_line(state.log(fallen))}")
        mine = claim_folder(state)  # from here on a new run makes a server of its own
    if mine:
        remove_folder(mine.folder)


@contextlib.contextmanager
def _started(state: ServerFolder, etcd: Path, apiserver: Path) -> Iterator[Children]:
    """Start both, and kill both on the way out."""
    children: dict[str, Lasting] = {}
    try:
        with _held_port() as port:
            _write_credentials(state, port)
            commands = {"etcd": flags.etcd(etcd), "kube-apiserver": flags.kube_apiserver(apiserver, port)}
            for name, argv in commands.items():
                children[name] = lease.start(
                    argv, state.process(name), state.log(name), flags.ENVIRONMENT, _die_with_us
                )
            yield children
    finally:
        for child in reversed(children.values()):
            child.kill()
            child.wait()


@contextlib.contextmanager
def _held_port() -> Iterator[int]:
    """Hold a free port, bound but never listening, so that it is kube-apiserver's, which binds it a second time."""
    with socket.socket() as held:
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        held.bind((flags.ADDRESS, 0))
        yield held.getsockname()[1]


def _write_credentials(state: ServerFolder, port: int) -> None:
    token = secrets.token_hex(32)
    write_private(state.tokens, f'{token},fairlead,fairlead,"system:masters"\n'.encode())
    write_access(
        state.kubeconfig, Kubeconfig(f"https://{flags.ADDRESS}:{port}", token, state.certificates / "apiserver.crt")
    )


def _until_unused(state: ServerFolder, children: Children, told: threading.Event, kept: contextlib.ExitStack) -> str:
    """Wait until nobody has used the server for its time, or until told, or until a child has ended: its name, else "".

    At the end of its time the lock of its users is kept: whoever comes now sees that this server is on the way out.
    """
    since, seen = time.monotonic(), 0
    while not told.wait(_POLL_SECONDS):
        fallen = next((name for name, child in children.items() if child.poll() is not None), "")
        if fallen or not state.use.is_file():
            return fallen
        stamp, lock = state.use.stat().st_mtime_ns, lease.take_lock(state.use)
        if lock is None or stamp != seen:
            since, seen = time.monotonic(), stamp
        if lock is not None:
            if time.monotonic() - since >= state.idle_seconds:
                kept.enter_context(lock)
                return ""
            lock.close()
    return ""


def _die_with_us() -> None:
    """Have the kernel kill this child when the keeper is killed; but for Linux the next run does, by its lock."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


if __name__ == "__main__":
    main()
