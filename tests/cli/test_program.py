"""The program as a whole: every command has help and an example, and help is quick."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import click
import pytest

from generator.cli import front_page
from generator.cli.command_group import program
from generator.cli.command_table import COMMANDS

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
    assert modules.isdisjoint(
        {"click", "typing", "yaml", "jsonschema", "msgspec", "generator.inputs", "generator.rules", "platformdirs"}
    )


def test_the_way_from_pages_to_a_proof_loads_no_yaml() -> None:
    """A hook runs `generate && validate` for each commit: where nothing is new, digests alone are compared."""
    code = "import sys, generator.pipeline; print(*sys.modules)"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert set(said.split()).isdisjoint(
        {"yaml", "generator.yamlio", "generator.inputs.load", "generator.rules.catalogue", "jsonschema"}
    )


def test_the_front_page_is_what_click_would_print() -> None:
    """Written without click, for the sake of the start, and held equal to it."""
    with click.Context(program, info_name="fairlead", terminal_width=80, **program.context_settings) as context:
        assert front_page() == program.get_help(context) + "\n"


def test_the_version_is_what_click_would_print(say: Say) -> None:
    """The same for `--version`, which click answers when something follows."""
    assert say("--version").out == say("--version", "--version").out
