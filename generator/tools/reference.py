"""The full name of an image: which host it is at, and that no program can read it as something else."""

from __future__ import annotations

import re

from generator.findings.errors import UsageError

# host[:port]/path, then a tag or a digest: no option, no user with a password, nothing without a host.
_REFERENCE = re.compile(
    r"(?P<host>(?:[A-Za-z0-9][A-Za-z0-9.-]*|\[[0-9a-fA-F:]+\])(?::\d{1,5})?)"
    r"/[a-z0-9][a-z0-9._/-]*"
    r"(?::\w[\w.-]{0,127}|@sha256:[0-9a-f]{64}|@sha512:[0-9a-f]{128})",
    re.ASCII,
)
_LOOPBACK = re.compile(r"(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?", re.ASCII)


def host_of(reference: str) -> str:
    """Return the host, with its port, of an image reference; raises UsageError for what is none."""
    match = _REFERENCE.fullmatch(reference)
    if match is None:
        raise UsageError(f"'{reference}' is no image reference: HOST[:PORT]/REPOSITORY:TAG, or @sha256:... for the tag")
    return match["host"]


def is_loopback(reference: str) -> bool:
    """Return whether a registry is on this machine, where plain HTTP will do."""
    return bool(_LOOPBACK.fullmatch(host_of(reference)))
