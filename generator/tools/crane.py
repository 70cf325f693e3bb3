"""crane as a registry's client: its arguments, and what it says when it fails (seen with 0.20.6)."""

from __future__ import annotations

import re

# `Error: fetching manifest REFERENCE: GET ADDRESS: CODE: message`. Before it are lines on attempts that failed, after
# `unexpected status code` whatever the server sent. Harbor says NOT_FOUND where the specification has MANIFEST_UNKNOWN.
_ERROR = re.compile(r"^Error: ", re.MULTILINE)
_MISSING = re.compile(
    r"(?:fetching (?:manifest )?\S+ )?GET \S+: "
    r"(?:(?:MANIFEST|NAME)_UNKNOWN: |NOT_FOUND: (?:artifact|repository) \S+ not found)"
)


class Crane:
    """Speaks to crane. It takes plain HTTP for this machine by itself."""

    login = "crane auth login"

    def manifest(self, reference: str) -> list[str]:
        """See Dialect: without `--platform` an index stays an index."""
        return ["manifest", "--", reference]

    def copy(self, source: str, target: str) -> list[str]:
        """See Dialect: without `--platform` all of them are copied."""
        return ["copy", "--", source, target]

    def words(self, stderr: str) -> str:
        """See Dialect."""
        start = _ERROR.search(stderr)
        return stderr[start.end() :].strip() if start else stderr.strip()

    def is_missing(self, words: str) -> bool:
        """See Dialect."""
        return bool(_MISSING.match(words))
