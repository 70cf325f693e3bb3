"""Does a tag match a page's regular expression? Asked in a child, since an answer can take longer than anybody lives.

Python's engine tries `(a+)+` in every way that there is. The answer depends on pattern and tag alone; the child is
there to be given up on.
"""

from __future__ import annotations

import sys
from functools import lru_cache

from generator.findings.errors import ToolError
from generator.tools import process

# The child takes 20 ms, a sound pattern microseconds of them on the longest tag (128 characters).
SECONDS = 5.0

# Codes that Python does not end with by itself.
_YES, _NO = 3, 4
_PROGRAM = f"import re, sys; sys.exit({_YES} if re.fullmatch(sys.argv[1], sys.argv[2]) else {_NO})"


@lru_cache(maxsize=1024)
def is_match(pattern: str, tag: str) -> bool:
    """Return whether the whole `tag` matches; raises ToolError when that cannot be told in time."""
    argv = [sys.executable, "-I", "-S", "-c", _PROGRAM, pattern, tag]
    code = process.run(argv, timeout=SECONDS).returncode
    if code not in {_YES, _NO}:
        raise ToolError(f"Python ended with {code} on it")
    return code == _YES
