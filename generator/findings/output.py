"""The one door to standard output and standard error: no other module prints.

What is printed may hold text that others wrote; here the last of it is spelled out that a terminal or a CI would obey.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from generator.findings.text import escape_diff, escape_json, escape_lines, escape_text

if TYPE_CHECKING:
    from generator.findings.answer import Part


def echo(*lines: str, err: bool = False) -> None:
    """Print each of `lines` as exactly one line, on standard error with `err`."""
    click.echo(escape_lines(lines), err=err, nl=False)


def echo_text(text: str, *, err: bool = False) -> None:
    """Print a text whose line breaks are our own, as it ends."""
    click.echo(escape_text(text), err=err, nl=False)


def echo_diff(text: str, *, err: bool = False) -> None:
    """Print unified differences."""
    click.echo(escape_diff(text), err=err, nl=False)


def echo_json(value: Any) -> None:
    """Print a value as JSON."""
    click.echo(to_json(value), nl=False)


def echo_part(part: Part) -> None:
    """Print a part of an answer."""
    click.echo(part.shown, err=part.err, nl=False)


def echo_data(text: str) -> None:
    """Print what another program reads from a pipe, byte for byte: Secrets for kubectl, a script for a shell."""
    click.echo(text, nl=False)


def echo_state(text: str) -> None:
    """Show how far the work is, on a line of the terminal that the next call replaces."""
    click.echo(f"\r\x1b[K{escape_text(text)}", err=True, nl=False)


def to_json(value: Any) -> str:
    """Return a value as indented JSON that ends with a line break."""
    import msgspec  # for --format json alone

    try:
        text = msgspec.json.format(msgspec.json.encode(value), indent=2).decode()
    except UnicodeEncodeError:  # half a character, as names of files may hold
        import json  # the same

        text = json.dumps(msgspec.to_builtins(value), indent=2, ensure_ascii=True)
    return escape_json(text) + "\n"
