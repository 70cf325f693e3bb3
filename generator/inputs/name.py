"""What may name a service, a system, an environment or a file (SPC007)."""

from __future__ import annotations

import re

_NAME = re.compile(r"[a-z]([-a-z0-9]{0,40}[a-z0-9])?", re.ASCII)
_LABEL = re.compile(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?", re.ASCII)


def is_label(text: str) -> bool:
    """Return whether `text` is a DNS label, as the names of volumes are."""
    return _LABEL.fullmatch(text) is not None


def is_name(text: str) -> bool:
    """Return whether `text` may name a service, a system, an environment or a file (SPC007)."""
    return _NAME.fullmatch(text) is not None
