"""What git leaves in a file in place of the text that is meant: both sides of a merge, or a pointer of Git LFS."""

from __future__ import annotations

import re

from generator.lfs import POINTER
from generator.yamlio.walk import Problem, ProblemKind

# https://git-scm.com/docs/git-merge#_how_conflicts_are_presented
_CONFLICT = re.compile(r"^<{7}(?: .*)?\r?$", re.MULTILINE)
_END = re.compile(r"^>{7}(?: .*)?\r?$", re.MULTILINE)


def git_problem(text: str) -> Problem | None:
    """Return the problem of a text that git left unfinished; a sound one pays for two searches."""
    if text.startswith(POINTER):
        message = "a Git LFS pointer, not the file that it stands for"
        return Problem(ProblemKind.SYNTAX, 1, 1, message, "run `git lfs pull`")
    if "<<<<<<<" not in text:
        return None
    start = _CONFLICT.search(text)
    end = _END.search(text, start.end()) if start else None
    if start is None or end is None:
        return None
    first, last = (text.count("\n", 0, found.start()) + 1 for found in (start, end))
    message = f"a merge conflict: git left both sides of it here, up to line {last}"
    return Problem(ProblemKind.SYNTAX, first, 1, message, "keep what is meant and take the three marker lines out")
