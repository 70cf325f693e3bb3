"""`fairlead completion`."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Say


def test_the_script_is_valid_bash(say: Say) -> None:
    """`bash -n` reads it without a complaint."""
    bash = shutil.which("bash")
    assert bash is not None
    checked = subprocess.run(
        [bash, "-n"], input=say("completion", "bash").out, text=True, capture_output=True, check=False
    )
    assert (checked.returncode, checked.stderr) == (0, "")


@pytest.mark.parametrize(("shell", "start"), [("zsh", "#compdef fairlead"), ("fish", "function _fairlead_completion")])
def test_the_other_shells_have_theirs(say: Say, shell: str, start: str) -> None:
    """In their own language."""
    assert say("completion", shell).out.startswith(start)


def test_the_shell_of_the_user_is_taken(say: Say, monkeypatch: pytest.MonkeyPatch) -> None:
    """Unless it is one without a script."""
    monkeypatch.setenv("SHELL", "/bin/zsh")
    assert say("completion").out == say("completion", "zsh").out
    monkeypatch.setenv("SHELL", "/bin/dash")
    said = say("completion")
    assert (said.code, said.err) == (2, "say which shell: bash, zsh, fish\n")


def test_it_completes_commands() -> None:
    """As the script asks for it."""
    environment = {**os.environ, "_FAIRLEAD_COMPLETE": "bash_complete", "COMP_WORDS": "fairlead gen", "COMP_CWORD": "1"}
    argv = [sys.executable, "-m", "generator"]
    said = subprocess.run(argv, env=environment, text=True, capture_output=True, check=False)
    assert said.stdout == "plain,generate\n"
