"""A network of one's own: nothing in it reaches out, nothing reaches in, and every port is free."""

from __future__ import annotations

import fcntl
import os
import socket
import struct
import sys

from generator.findings.errors import ToolError
from generator.tools import process

INSIDE = "--inside"
_SIOCGIFFLAGS, _SIOCSIFFLAGS, _IFF_UP = 0x8913, 0x8914, 0x1
_WARNING = (
    "e2e: warning: no network namespace may be made here; everything listens on loopback, and Argo CD's"
    " application controllers show their metrics to the network"
)


def enter(arguments: list[str]) -> None:
    """Start this program again in a network namespace of its own; comes back with a warning where there can be none.

    An ordinary user becomes root there, of nothing but what is already his.
    """
    unshare = ["unshare", "--net"] if os.geteuid() == 0 else ["unshare", "--net", "--map-root-user"]
    try:
        possible = process.run([*unshare, "true"], env=os.environ).returncode == 0
    except ToolError:
        possible = False
    if not possible:
        print(_WARNING, file=sys.stderr, flush=True)
        return
    sys.stdout.flush()
    # The same process, so that whoever stops it stops this one.
    os.execvp(unshare[0], [*unshare, "--", sys.executable, "-m", "tests.e2e", *arguments, INSIDE])  # noqa: S606


def bring_up_loopback() -> None:
    """Switch on the one device of a new network namespace."""
    name = b"lo".ljust(16, b"\0")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        answer = fcntl.ioctl(any_socket, _SIOCGIFFLAGS, name + bytes(16))
        (flags,) = struct.unpack("16xH14x", answer)
        fcntl.ioctl(any_socket, _SIOCSIFFLAGS, struct.pack("16sH14x", name, flags | _IFF_UP))
