"""`--format json`: one JSON document on standard output, for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.cli.formats import text_writer
from generator.findings.output import echo, echo_json

if TYPE_CHECKING:
    from generator.findings.answer import Answer
    from generator.findings.errors import FairleadError


def write(answer: Answer) -> None:
    """Print the data of an answer."""
    echo(*answer.notes, err=True)
    echo_json(answer.data())


def fail(error: FairleadError) -> None:
    """Print an error as text for the log, and as data: its message, and the complaints or gates of which it is made."""
    from msgspec import to_builtins  # for an error alone

    text_writer.fail(error)
    parts = {name: getattr(error, name, ()) for name in ("complaints", "refusals")}
    value = {"error": str(error), "exitCode": error.exit_code, **parts}
    echo_json(_mask_values(to_builtins(value)))


def _mask_values(value: Any) -> Any:
    """Return plain values with the credentials taken out of every text."""
    from generator.credentials.masking import mask  # 2 ms, for an error alone

    if isinstance(value, str):
        return mask(value)
    if isinstance(value, dict):
        return {key: _mask_values(inner) for key, inner in value.items()}
    return [_mask_values(inner) for inner in value] if isinstance(value, (list, tuple)) else value
