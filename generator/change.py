"""A change of one file: what it holds before and after."""

from __future__ import annotations

import msgspec


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One file to write (`after` is its text) or to delete (`after` is None); `before` is None for a new file."""

    path: str
    before: bytes | None
    after: str | None

    @property
    def line(self) -> int:
        """First line of the file on disk that differs, from 1; its last line when something is missing behind it."""
        before, after = (self.before or b"").split(b"\n"), (self.after or "").encode().split(b"\n")
        pairs = zip(before, after, strict=False)
        same = next((number for number, (old, new) in enumerate(pairs) if old != new), min(len(before), len(after)))
        last = len((self.before or b"").splitlines()) or 1
        return min(same + 1, last)

    def diff(self) -> str:
        """Return the unified diff from disk to plan."""
        import difflib  # needed only when there is something to show

        before = (self.before or b"").decode("utf-8", "backslashreplace").splitlines(keepends=True)
        after = (self.after or "").splitlines(keepends=True)
        old = "/dev/null" if self.before is None else f"a/{self.path}"
        new = "/dev/null" if self.after is None else f"b/{self.path}"
        lines = difflib.unified_diff(before, after, old, new)
        return "".join(line if line.endswith("\n") else line + "\n\\ No newline at end of file\n" for line in lines)
