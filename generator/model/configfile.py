"""Files in the folder beside a page, `services/<name>/`, whose contents become keys of its ConfigMaps."""

from __future__ import annotations

import re

from generator.line_ends import with_lf

# What YAML takes in text (https://yaml.org/spec/1.2.2/#51-character-set), but for U+0085: kustomize makes it a space.
_TEXT = "[\t\n\r\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]*"


def config_file(service: str, path: str) -> str:
    """Return the path of a file in the folder beside a service's page."""
    return f"services/{service}/{path}"


def text_of(data: bytes) -> str | None:
    """Return a file as text, with LF at the end of its lines whatever git made of them; None where it is no text."""
    try:
        text = with_lf(data).decode()
    except UnicodeDecodeError:
        return None
    return text if re.fullmatch(_TEXT, text) else None  # compiled when there is a file: 1.5 ms
