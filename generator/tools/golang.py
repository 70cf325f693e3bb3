"""The Go toolchain at work: what it is asked, for this machine whatever else its user builds for, and how far it is."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from generator.findings.errors import ToolError
from generator.findings.text import quote_words
from generator.tools import process
from generator.tools.search import find_program

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

# What `go build -v` says when all is well: a package that it builds, a module that it fetches.
_MODULE = re.compile(r"go: (?:downloading|extracting|finding) ")
_PACKAGE = re.compile(r"[\w.~+/-]+")

Told = Callable[[str], None]


def unheard(_: str) -> None:
    """Tell nobody."""


class Go:
    """The `go` on the PATH, run in a folder that holds all it writes but its caches of modules and packages.

    `more` are further variables of its environment, `timeout` the seconds for each run; `told` gets how far a run is.
    Raises ToolError when there is no `go`.
    """

    def __init__(self, folder: Path, more: Mapping[str, str], timeout: float, told: Told = unheard) -> None:
        program = find_program("go")
        if program is None:
            raise ToolError("no `go` on the PATH")
        self._program = program
        self._folder = folder
        self._timeout = timeout
        self._told = told
        self._modules, self._packages, self._expected = 0, 0, 0
        self._environment = {**os.environ, **more, "GOTMPDIR": str(folder)}
        for variable in ("GOOS", "GOARCH"):  # another system's, and GOBIN excludes them
            self._environment.pop(variable, None)

    def expect(self, packages: int) -> None:
        """Say how many packages the next run builds at most: those in Go's own cache it does not build again."""
        self._packages, self._expected = 0, packages

    def run(self, *arguments: str) -> bytes:
        """Run `go`, and give what it wrote; raises ToolError in its words when it fails."""
        completed = process.run_long(
            [self._program, *arguments],
            cwd=self._folder,
            env=self._environment,
            timeout=self._timeout,
            on_line=self._count,
        )
        if completed.returncode != 0:
            said = quote_words(_complaint(completed.stderr)) or quote_words(completed.stdout.decode(errors="replace"))
            raise ToolError(f"go {arguments[0]} fails", *(said or ["  without a word"]))
        return completed.stdout

    def _count(self, line: str) -> None:
        if _MODULE.match(line):
            self._modules += 1
        elif _PACKAGE.fullmatch(line):
            self._packages += 1
        most = f" of at most {self._expected}" if self._expected else ""
        self._told(f"{self._modules} modules fetched, {self._packages}{most} packages built")


def _complaint(stderr: str) -> str:
    """Return what Go wrote without the lines that only say how far it is."""
    lines = [line for line in stderr.splitlines() if not (_MODULE.match(line) or _PACKAGE.fullmatch(line))]
    return "\n".join(lines)
