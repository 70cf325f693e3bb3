"""The command line: one module a command, loaded when it is called. The only catcher of errors.

Exit codes: 0 fine, 1 findings or drift, 2 usage or bad input, 3 a tool or the environment is missing, 4 race lost,
5 refused by policy, 6 superseded, 70 our bug, 130 interrupted. "Could not check" is never 0.
"""

from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING

import click

from generator import __version__
from generator.errors import FairleadError

if TYPE_CHECKING:
    from collections.abc import Sequence

BUG = 70
INTERRUPTED = 130

# Command -> the line that `fairlead --help` shows. The module is generator.cli.<command>: importing all of them would
# cost more than Python's own start.
COMMANDS = {
    "generate": "Render base/ and overlays/ from the pages.",
    "validate": "Prove what kustomize builds, and check it.",
    "explain": "Show a merged page, and the line behind each value.",
    "bump": "Put a new image tag into an environment's release record.",
    "rules": "List the rules, or explain one.",
    "schemas": "Export the JSON Schemas of the pages.",
    "tools": "List or install kustomize and kubeconform.",
    "doctor": "Say what is missing here, and the command that mends it.",
    "completion": "Print the shell completion script.",
}


class _Commands(click.Group):
    """Loads a command's module only when that command is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # click's interface
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # click's interface
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"generator.cli.{cmd_name}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            from generator.nearest import nearest  # needed for a misspelt command alone

            near = nearest(args[0], COMMANDS)
            ctx.fail(f"no command '{args[0]}'" + (f"; did you mean '{near}'?" if near else ""))
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # click's interface
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(
    cls=_Commands,
    epilog="Example: fairlead generate && fairlead validate",
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(__version__, prog_name="fairlead")
def program() -> None:
    """One page per service in, proven Kustomize for Argo CD out."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit with its code."""
    sys.exit(run(arguments))


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and give its exit code."""
    try:
        result = program.main(arguments, prog_name="fairlead", standalone_mode=False)
    except FairleadError as error:
        click.echo(str(error), err=True)
        return error.exit_code
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except click.Abort:
        click.echo("interrupted", err=True)
        return INTERRUPTED
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except Exception:  # the one boundary: whatever comes here is our bug  # noqa: BLE001  # the one boundary: whatever comes here is our bug
        import traceback  # 5 ms, for a bug alone

        click.echo(traceback.format_exc(), err=True)
        click.echo("This is a bug in fairlead. Please report it with the lines above.", err=True)
        return BUG
    return result if isinstance(result, int) else 0
