"""`scripts/oracle`, as far as it goes without node: what it shows to the validators, and what it says without them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import generator

SCRIPT = Path(generator.__file__).parents[1] / "scripts" / "oracle"


def test_without_node_it_says_what_to_install() -> None:
    """Exit 3: "could not ask" is no agreement."""
    environment = {**os.environ, "PATH": os.devnull}
    answer = subprocess.run(
        [sys.executable, SCRIPT], env=environment, capture_output=True, text=True, check=False, timeout=60
    )
    assert (answer.returncode, answer.stdout) == (3, "")
    assert answer.stderr == "scripts/oracle: needs node and npm; on Debian: apt install nodejs npm\n"
