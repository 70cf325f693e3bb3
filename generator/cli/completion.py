"""`fairlead completion`: the script that teaches a shell our commands and options."""

from __future__ import annotations

import os
from pathlib import PurePosixPath

import click
from click.shell_completion import get_completion_class

from generator.findings.errors import UsageError
from generator.findings.output import echo_data

_SHELLS = ("bash", "zsh", "fish")


@click.command("completion", epilog='Example: eval "$(fairlead completion bash)"')
@click.argument("shell", required=False, type=click.Choice(_SHELLS))
def command(shell: str | None) -> int:
    """Print the shell completion script.

    Without a shell it is that of $SHELL. Put the example's line into the shell's start-up file.
    """
    from generator.cli.command_group import program  # the program lists this very command

    complete = get_completion_class(shell or _own_shell())
    assert complete is not None  # noqa: S101  # click knows all of _SHELLS
    echo_data(complete(program, {}, "fairlead", "_FAIRLEAD_COMPLETE").source() + "\n")
    return 0


def _own_shell() -> str:
    shell = PurePosixPath(os.environ.get("SHELL", "")).name
    if shell not in _SHELLS:
        raise UsageError(f"say which shell: {', '.join(_SHELLS)}")
    return shell
