"""Line ends of rendered files: git decides what lies on the disk, so both kinds are the same text.

With `core.autocrlf`, or `eol=crlf` in `.gitattributes`, a checkout has CRLF where the commit has LF. Rendered files are
read with LF, whatever the disk has, and written as they lie there.
"""

from __future__ import annotations

CRLF, LF = b"\r\n", b"\n"


def with_lf(data: bytes) -> bytes:
    """Return a file with LF for every CRLF."""
    return data.replace(CRLF, LF) if CRLF in data else data


def with_ends_of(data: bytes, there: bytes) -> bytes:
    """Return a file with LF in the line ends that `there` has throughout; where that has both kinds, as it is."""
    ends = there.count(CRLF)
    return data.replace(LF, CRLF) if ends and ends == there.count(LF) and CRLF not in data else data
