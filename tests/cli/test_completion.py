"""`fairlead completion`."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from click.shell_completion import ShellComplete

from generator.cli.command_group import program
from tests.conftest import CHECKOUT

if TYPE_CHECKING:
    from pathlib import Path

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


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        (["bump", "fr"], ["frontend"]),
        (["bump", "frontend", "--env", ""], ["dev", "local", "prod", "staging"]),
        (["explain", "thoughts"], ["thoughts-backend"]),
        (["explain", "frontend", "p"], ["prod"]),
        (["rules", "wrk00"], ["WRK001", "WRK002", "WRK003", "WRK004", "WRK005", "WRK007", "WRK008"]),
    ],
)
def test_names_are_completed(monkeypatch: pytest.MonkeyPatch, typed: list[str], offered: list[str]) -> None:
    """What the repository has is offered, as the shell's script asks for it."""
    monkeypatch.chdir(CHECKOUT)
    *before, last = typed
    found = ShellComplete(program, {}, "fairlead", "_FAIRLEAD_COMPLETE").get_completions(before, last)
    assert [item.value for item in found] == offered


def test_outside_a_repository_nothing_is_offered(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """And nothing breaks the shell."""
    monkeypatch.chdir(tmp_path)
    assert ShellComplete(program, {}, "fairlead", "_FAIRLEAD_COMPLETE").get_completions(["bump"], "x") == []
