"""The command line as click sees it: a group that loads a command's module only when that command is called."""

from __future__ import annotations

import importlib
import io
from typing import TYPE_CHECKING

import click

from generator import __version__
from generator.cli.command_table import COMMANDS, EXAMPLE, FORMER_COMMANDS, SUMMARY
from generator.cli.formats import DEFAULT, WRITERS
from generator.findings.output import echo_text
from generator.findings.text import escape_line

if TYPE_CHECKING:
    from generator.cli.formats import Writer
    from generator.findings.answer import Answer


class Spoken:
    """What a command line said of the way to answer, as far as click came with it."""

    format = DEFAULT

    @property
    def writer(self) -> Writer:
        """The writer of the format that was asked for."""
        return WRITERS[self.format]

    @property
    def for_people(self) -> bool:
        """Whether a person reads the answer."""
        return self.format == DEFAULT


class _Commands(click.Group):
    """Loads a command's module only when that command is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # click's interface
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # click's interface
        name = FORMER_COMMANDS.get(cmd_name, cmd_name)
        if name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"generator.cli.{name}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in {*COMMANDS, *FORMER_COMMANDS} and not args[0].startswith("-"):
            from generator.findings.nearest import nearest  # needed for a misspelt command alone

            near = nearest(args[0], COMMANDS)
            ctx.fail(f"no command '{args[0]}'" + (f"; did you mean '{near}'?" if near else ""))
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # click's interface
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(
    cls=_Commands,
    help=SUMMARY,
    epilog=EXAMPLE,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(__version__, prog_name="fairlead")
def program() -> None:
    """Hold the commands; click never runs this without one."""


@program.result_callback()
@click.pass_obj
def write_answer(spoken: Spoken, answer: Answer | int) -> int:
    """Print what a command answered, in the format that was asked for; a script for a shell has none, only a code."""
    if isinstance(answer, int):
        return answer
    spoken.writer.write(answer)
    return answer.exit_code


def _show(error: click.ClickException) -> None:
    """Print click's own words about a command line that it cannot read; they repeat what was typed."""
    words = io.StringIO()
    error.show(words)
    message = error.format_message()
    echo_text(words.getvalue().replace(message, escape_line(message)), err=True)


def dispatch(arguments: list[str], spoken: Spoken) -> int:
    """Run a command, note in `spoken` what it was asked for, and give its exit code; raises what the command raises."""
    try:
        result = program.main(arguments, prog_name="fairlead", standalone_mode=False, obj=spoken)
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except click.ClickException as error:
        _show(error)
        return error.exit_code
    except click.Abort as error:
        raise KeyboardInterrupt from error
    return result if isinstance(result, int) else 0
