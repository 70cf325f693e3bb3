"""What may be shown: a finding is printed in CI logs, so a value that may be a secret stays unsaid."""

from __future__ import annotations

import re

_SECRET = re.compile(
    r"pass|pwd|secret|token|credential|private|api_?key|auth|session|salt|signature|certificate|dsn|connection|url|uri",
    re.IGNORECASE,
)


def may_be_secret(name: str) -> bool:
    """Say whether a variable or key of this name may hold a secret; a URL may hold a password."""
    return bool(_SECRET.search(name))
