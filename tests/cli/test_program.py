"""The program as a whole: every command has help and an example, and help is quick."""

from __future__ import annotations

import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from generator.cli import COMMANDS, program

if TYPE_CHECKING:
    from tests.cli.conftest import Say


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(say: Say, command: str) -> None:
    """The line of the table heads its help; an example ends it."""
    said = say(command, "--help")
    assert said.code == 0
    assert COMMANDS[command] in " ".join(said.out.split())
    assert "Example: " in said.out


def test_the_table_lists_the_modules() -> None:
    """Each command can be loaded under its name."""
    for name in COMMANDS:
        command = program.get_command(None, name)  # type: ignore[arg-type]  # the context is not looked at
        assert command is not None
        assert command.name == name


def test_help_loads_nothing_heavy() -> None:
    """Not one module that only a command needs."""
    code = "import sys; from generator.cli import run; run(['--help']); print(*sys.modules)"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    modules = set(said.splitlines()[-1].split())
    assert modules.isdisjoint({"yaml", "jsonschema", "msgspec", "generator.inputs", "generator.rules", "platformdirs"})


def test_help_is_quick() -> None:
    """Little more than click itself (the best of several, so that a busy machine does not decide)."""
    assert best("-m", "generator", "--help") < 1.5 * best("-c", "import click")


def best(*arguments: str) -> float:
    """Give the shortest of several runs, in seconds."""
    times = []
    for _ in range(7):
        start = time.perf_counter()
        subprocess.run([sys.executable, *arguments], capture_output=True, check=True)
        times.append(time.perf_counter() - start)
    return min(times)
