"""Run a program that may take minutes, and end it and its children when the process that asked for it is gone.

`python supervisor.py PROGRAM ARGUMENT...` as the leader of a process group, with a pipe from that process as standard
input: the kernel closes the pipe with the process, also when that is killed. Imports nothing of ours, to start fast.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading


def main() -> int:
    """Run the program of the command line, and give its exit code."""
    child = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    code = child.wait()
    return code if code >= 0 else 128 - code


def _end_with_parent() -> None:
    os.read(0, 1)  # nothing is ever written to it
    os.killpg(0, signal.SIGKILL)


if __name__ == "__main__":
    sys.exit(main())
