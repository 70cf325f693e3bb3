"""The words of the command line are a promise: scripts and pipelines are made of them, so the list only grows."""

from __future__ import annotations

from tests.generated import REFRESH

from .conftest import REPOSITORY
from .texts import commands, options

# Each command, and each option behind its command. `scripts/refresh` adds new ones; none is ever taken out.
PROMISED = REPOSITORY / "tests" / "house" / "promised-words.txt"


def spoken() -> set[str]:
    """Return every command, and every option behind its command but `--help`, that can be written today."""
    found: set[str] = set()
    for words, command in commands().items():
        found |= {words, *(f"{words} {option}" for option in options(command) - {"--help", "-h"})}
    return found


def promised() -> list[str]:
    """Return the words that somebody may have written down."""
    return PROMISED.read_text(encoding="utf-8").splitlines()


def test_no_word_of_the_command_line_is_lost() -> None:
    """Who wrote a command yesterday can run it tomorrow; another name is an alias, never a replacement."""
    assert set(promised()) - spoken() == set()


def test_every_word_of_the_command_line_is_promised() -> None:
    """From the commit on that brings it."""
    assert sorted(spoken() - set(promised())) == [], REFRESH
