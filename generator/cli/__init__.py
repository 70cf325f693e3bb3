"""The command line: its front page, and the only catcher of errors. One module a command, loaded when it is called.

Exit codes: 0 fine, 1 findings or drift, 2 usage or bad input, 3 a tool or the environment is missing, 4 race lost,
5 refused by policy, 6 superseded, 70 our bug, 129, 130 and 143 ended by SIGHUP, SIGINT and SIGTERM, 141 nobody reads
on. "Could not check" is never 0.
"""

from __future__ import annotations

import errno
import os
import sys

from generator import __version__, interrupt
from generator.cli.command_table import COMMANDS, EXAMPLE, SUMMARY

BUG = 70
INTERRUPTED = 130
BROKEN_PIPE = 141
ENVIRONMENT = 3
PLEA = "This is a bug in fairlead. Please report it with the lines above."


# What a stream says when it cannot be written.
_UNWRITTEN = frozenset({errno.EPIPE, errno.ENOSPC, errno.EDQUOT, errno.EIO})
_OPTIONS = {"--version": "Show the version and exit.", "-h, --help": "Show this message and exit."}


def run(arguments: list[str]) -> int:
    """Run a command line and give its exit code."""
    try:
        code = _answered(arguments)
        if sys.stdout is not None:  # Python's word for a closed stream
            sys.stdout.flush()
    except OSError as error:
        return _unwritten(error)
    return code


def _answered(arguments: list[str]) -> int:
    if arguments in (["--help"], ["-h"]):
        sys.stdout.write(front_page())
        return 0
    if arguments == ["--version"]:
        sys.stdout.write(f"fairlead, version {__version__}\n")
        return 0
    return _guarded(arguments)


def _unwritten(error: OSError) -> int:
    """Report that the answer could not be written, and keep Python from trying it once more at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    if isinstance(error, BrokenPipeError):
        return BROKEN_PIPE
    sys.stderr.write(f"cannot write the answer: {error.strerror}\n")
    return ENVIRONMENT


def front_page() -> str:
    """Return the text of `fairlead --help`, as click prints it: importing click takes longer than Python's start."""
    parts = (
        "Usage: fairlead [OPTIONS] COMMAND [ARGS]...",
        f"  {SUMMARY}",
        f"Options:\n{_table(_OPTIONS)}",
        f"Commands:\n{_table(COMMANDS)}",
        f"  {EXAMPLE}",
    )
    return "\n\n".join(parts) + "\n"


def _table(rows: dict[str, str]) -> str:
    width = max(map(len, rows))
    return "\n".join(f"  {name:<{width}}  {text}" for name, text in rows.items())


def _guarded(arguments: list[str]) -> int:
    """Run a command; whatever goes wrong ends as a message and an exit code."""
    from generator.cli.command_group import Spoken, dispatch  # the same
    from generator.findings.errors import FairleadError  # typing: 9 ms, the same

    spoken = Spoken()
    try:
        return dispatch(arguments, spoken)
    except FairleadError as error:
        spoken.writer.fail(error)
        return error.exit_code
    except KeyboardInterrupt:
        sys.stderr.write("interrupted\n")
        return INTERRUPTED
    except SystemExit as error:  # click's word for a pipe that nobody reads
        raise BrokenPipeError from error
    except Exception as error:  # the one boundary: whatever comes here is our bug
        if interrupt.interrupt_code():  # a class that is being made wraps what a signal raises (3.11: `__set_name__`)
            raise interrupt.InterruptError from error
        if isinstance(error, OSError) and error.errno in _UNWRITTEN and error.filename is None:
            raise  # but for an answer that nobody takes
        _report_bug()
        return BUG


def _report_bug() -> None:
    """Print the traceback of the exception that is being handled."""
    import traceback  # 5 ms, for a bug alone

    from generator.credentials.masking import mask  # the same
    from generator.findings.output import echo_text  # click: 15 ms that the front page does not pay

    echo_text(f"{mask(traceback.format_exc())}\n{PLEA}\n", err=True)
