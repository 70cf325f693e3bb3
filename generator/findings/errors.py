"""What stops a run. A finding is data (see finding.py); an exception means that work cannot go on.

Only `cli/` catches these, and each class carries the exit code that its users script against.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, ClassVar

from generator.findings.text import escape_diff, escape_lines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from generator.findings.finding import Finding, Place


class FairleadError(Exception):
    """Base of every error that Fairlead raises on purpose; its text is the whole message for the user.

    Each argument is one line of the message. A line break inside an argument came with a value, and is spelled out.
    """

    exit_code: ClassVar[int] = 2

    def __init__(self, *lines: str) -> None:
        super().__init__(*lines)
        self.lines = lines

    def __str__(self) -> str:
        return "\n".join(self.lines)

    def shown(self, mask: Callable[[str], str] = str) -> str:
        """Return the message as it may be printed; `mask` takes credentials out of a text."""
        return escape_lines(map(mask, self.lines))


class UsageError(FairleadError):
    """The command line asks for something that does not exist or cannot be combined."""


class InputError(FairleadError):
    """Pages that cannot be read as they stand; `complaints` holds all of them, of all files."""

    def __init__(self, complaints: Sequence[Finding]) -> None:
        super().__init__(*dict.fromkeys(str(complaint) for complaint in complaints))
        self.complaints = tuple(complaints)


class UnprovenError(InputError):
    """The build says something else than the release edit; nothing was written (exit 1)."""

    exit_code = 1


class HandEditError(FairleadError):
    """A rendered file carries an edit that `generate` would destroy (exit 1: this is drift).

    `edits` are differences, shown before the message.
    """

    exit_code = 1

    def __init__(self, *lines: str, edits: str = "") -> None:
        super().__init__(*lines)
        self.edits = edits

    def __str__(self) -> str:
        return self.edits + super().__str__()

    def shown(self, mask: Callable[[str], str] = str) -> str:
        """Return the differences and the message as they may be printed."""
        return escape_diff(mask(self.edits)) + super().shown(mask)


class ToolError(FairleadError):
    """A tool or the environment is missing, too old, silent, or not what its checksum says."""

    exit_code = 3


class SupersededError(FairleadError):
    """A newer release took the place of the one that was to go there; nothing was written (exit 6)."""

    exit_code = 6


class Complaints:
    """Complaints of several pieces of work, none of which keeps the others from being done."""

    def __init__(self) -> None:
        self._found: list[Finding] = []

    @contextmanager
    def of_one(self) -> Iterator[None]:
        """Take in what one piece of work complains about."""
        try:
            yield
        except InputError as error:
            self._found += error.complaints

    def speak(self) -> None:
        """Raise InputError with all complaints, by place, if there are any."""
        if self._found:
            raise InputError(sorted(set(self._found), key=_order))


def _order(complaint: Finding) -> tuple[Place, str, str]:
    return complaint.place, complaint.message, complaint.environment


@contextmanager
def collected() -> Iterator[Complaints]:
    """Collect complaints inside, and raise them together at the end."""
    complaints = Complaints()
    yield complaints
    complaints.speak()
