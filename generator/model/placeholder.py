"""The one placeholder of the pages: `{env}`, the name of the environment."""

from __future__ import annotations

import re

ENVIRONMENT = "{env}"

_BRACE = re.compile(r"\{[^{}]*\}?|\}")


def filled_in(text: str, environment: str) -> str:
    """Return the text with the name of the environment in it."""
    return text.replace(ENVIRONMENT, environment)


def foreign_placeholder(text: str) -> str | None:
    """Return the first brace of a text that is not the placeholder's, with what it encloses; None if there is none."""
    found = (match[0] for match in _BRACE.finditer(text))
    return next((brace for brace in found if brace != ENVIRONMENT), None)
