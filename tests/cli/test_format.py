"""`--format`: how an answer or an error is printed is said by that option, and by no other word."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from generator.cli.command_group import program
from generator.cli.command_table import COMMANDS

if TYPE_CHECKING:
    import click

    from tests.cli.conftest import Say

# Each command that takes a word, given one that looks like a format and means something that is not there.
UNKNOWN = [
    "explain json",
    "explain web json",
    "explain text",
    "status json",
    "history json",
    "rules json",
    "argocd plan json",
    "argocd plan --instance json",
    "argocd plan --env json",
    "bump json --env dev --tag 1.0.0",
    "bump web --env json --tag 1.0.0",
    "promote json --from dev --to prod",
    "rollback json --env dev",
    "hold json --env dev --reason json",
    "unhold json --env dev",
    "release json --env dev",
    "retire json",
    "secrets --env json",
    "schemas add json",
]


@pytest.mark.parametrize("line", UNKNOWN)
def test_a_word_that_looks_like_a_format_is_a_word(say: Say, line: str) -> None:
    """The error comes as text: nobody asked for data."""
    said = say(*line.split())
    assert said.code not in {0, 70}
    assert said.err
    assert not said.out.startswith("{")


@pytest.mark.parametrize("asked", [["--format", "json"], ["--format=json"], ["--format", "text", "--format", "json"]])
@pytest.mark.parametrize(
    ("command", "words"), [("explain", ["json"]), ("argocd plan", ["json"]), ("retire", ["json", "--reason", "json"])]
)
def test_an_error_is_data_where_data_was_asked_for(say: Say, command: str, words: list[str], asked: list[str]) -> None:
    """Wherever the option stands."""
    for rest in (words + asked, asked + words):
        said = say(*command.split(), *rest)
        assert json.loads(said.out)["exitCode"] == said.code


def test_the_last_word_on_the_format_counts(say: Say) -> None:
    """As for every option; behind `--` there are none."""
    assert say("explain", "nobody", "--format", "json", "--format", "text").out == ""
    assert say("explain", "--", "nobody", "--format=json").out == ""


def test_every_command_that_takes_a_word_is_tried() -> None:
    """A new command joins the list above."""
    tried = {line.split()[0] for line in UNKNOWN}
    taking = {name for name in COMMANDS if _takes_words(_command(name))}
    assert taking - tried == set()


def _command(name: str) -> click.Command:
    command = program.get_command(None, name)  # type: ignore[arg-type]  # the context is not looked at
    assert command is not None
    return command


def _parts(command: click.Command) -> list[click.Command]:
    return list(getattr(command, "commands", {}).values()) or [command]


def _takes_words(command: click.Command) -> bool:
    return any(
        each.param_type_name == "argument" and type(each.type).__name__ != "Choice"
        for part in _parts(command)
        for each in part.params
    )
