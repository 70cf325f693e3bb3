"""The one place that guesses which name somebody meant."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def nearest(name: str, candidates: Iterable[str]) -> str | None:
    """Return the candidate most like `name`, None when nothing comes near; ties go to the alphabet."""
    found = difflib.get_close_matches(name, sorted(set(candidates) - {name}), n=1)
    return found[0] if found else None


def did_you_mean(name: str, candidates: Iterable[str]) -> str:
    """Return ``did you mean `x`?`` for the nearest candidate, the empty text when nothing comes near."""
    found = nearest(name, candidates)
    return f"did you mean `{found}`?" if found else ""
