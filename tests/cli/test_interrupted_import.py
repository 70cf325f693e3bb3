"""A signal that falls into the making of a class, where Python 3.11 wraps what it raises in a RuntimeError."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

# A command's module is replaced by one that is told to end while its class is made.
_CODE = """
import os, signal, sys, types
from generator import __main__ as door
from generator.cli import command_group as program

class Told:
    def __set_name__(self, owner, name):
        os.kill(os.getpid(), signal.{name})
        raise RuntimeError("wrapped")

def dispatch(arguments, spoken):
    class Made:
        told = Told()

program.dispatch = dispatch
sys.argv = ["fairlead", "generate"]
door.main()
"""


@pytest.mark.parametrize(("name", "said"), [("SIGINT", "interrupted"), ("SIGTERM", "ended by SIGTERM")])
def test_a_wrapped_signal_is_no_bug(name: str, said: str) -> None:
    """One line, and the exit code of a shell."""
    code = _CODE.replace("{name}", name)
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stderr) == (128 + signal.Signals[name], f"{said}\n")
