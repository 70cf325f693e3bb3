"""Run the command line inside this process, on a small repository of one's own."""

from __future__ import annotations

import contextlib
import io
from typing import TYPE_CHECKING, Protocol

import msgspec
import pytest

from generator.cli import run
from tests.cases.case import repository

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class Said(msgspec.Struct, frozen=True):
    """What a command said, and its exit code."""

    code: int
    out: str
    err: str


class Say(Protocol):
    """Runs a command."""

    def __call__(self, *arguments: str, where: Path | None = None) -> Said:
        """Run it in the folder `shop`, or where it is told to."""


@pytest.fixture
def shop() -> Iterator[Path]:
    """Give a repository with the service `web`, released in dev and prod."""
    with repository("hpa") as root:
        yield root


@pytest.fixture
def say(shop: Path) -> Say:
    """Give the runner."""

    def say(*arguments: str, where: Path | None = None) -> Said:
        out, err = io.StringIO(), io.StringIO()
        streams = contextlib.ExitStack()
        with streams:
            streams.enter_context(contextlib.chdir(where or shop))
            streams.enter_context(contextlib.redirect_stdout(out))
            streams.enter_context(contextlib.redirect_stderr(err))
            code = run(list(arguments))
        return Said(code, out.getvalue(), err.getvalue())

    return say
