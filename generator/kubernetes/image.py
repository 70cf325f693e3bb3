"""Image references: what a tag and a digest look like, and whose an image is."""

from __future__ import annotations

import re

# https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pulling-manifests
_TAG = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,127}", re.ASCII)
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128}", re.ASCII)


def is_tag(text: str) -> bool:
    """Return whether `text` is a tag, with or without a digest behind it."""
    tag, at_sign, digest = text.partition("@")
    return bool(_TAG.fullmatch(tag)) and (not at_sign or is_digest(digest))


def is_digest(text: str) -> bool:
    """Return whether `text` is an image digest."""
    return bool(_DIGEST.fullmatch(text))


def is_own(image: str) -> bool:
    """Return whether an image is ours: no registry host in front (a host holds a dot or a port, or is localhost)."""
    host, slash, _ = image.partition("/")
    return not (slash and ("." in host or ":" in host or host == "localhost"))
