"""`--format text`: for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.findings.output import echo, echo_part, echo_text

if TYPE_CHECKING:
    from generator.findings.answer import Answer
    from generator.findings.errors import FairleadError


def write(answer: Answer) -> None:
    """Print the text of an answer, part by part."""
    echo(*answer.notes, err=True)
    for part in answer.text():
        echo_part(part)


def fail(error: FairleadError) -> None:
    """Print the message of an error; masking is the last line of defence, whoever made the text."""
    from generator.credentials.masking import mask  # 2 ms, for an error alone

    echo_text(error.shown(mask), err=True)
