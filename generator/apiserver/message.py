"""What the API server says, without what only its programmers read: printed structures, regular expressions, diffs."""

from __future__ import annotations

import re

# A value in the words of a page is worth repeating; a longer one is on the page anyway.
_LONG = 80
# How the server begins when it repeats the value that it refuses.
INVALID = "Invalid value: "
_EXAMPLES = re.compile(r" \(e\.g\. .*?, regex used for validation is '.*?'\)(?=$|[ ,;)])")
_GO_VALUE = re.compile(r"&value\.valueUnstructured\{Value:(.*?)\}$")
_GO_MAP = re.compile(r"&\{map\[.*\]\}$")
_GO_LIST = re.compile(r"&\{\[.*\]\}$")
_GO_SCALAR = re.compile(r"&\{(.*)\}$")
_OPENING = {"{": "}", "[": "]", "(": ")"}


def plain(message: str) -> str:
    """Return the words of one complaint on one line."""
    first = message.partition("\n")[0].strip()
    for pattern, short in ((_GO_VALUE, r"\1"), (_GO_MAP, "a mapping"), (_GO_LIST, "a list"), (_GO_SCALAR, r"\1")):
        first = pattern.sub(short, first)
    first = _EXAMPLES.sub("", first)
    if not first.startswith(INVALID):
        return first
    value, reason = split_value(first.removeprefix(INVALID))
    if not reason:
        return value
    printed = value[:1] in _OPENING or value in {'""', "null", '"object"'} or len(value) > _LONG
    return reason if printed else f"{INVALID}{value}: {reason}"


def split_value(text: str) -> tuple[str, str]:
    """Split `"a: b": must be ...` after the value that it begins with; the reason is empty when there is no value."""
    end = _end_of_value(text)
    found = text.find(": ", end)
    return (text, "") if found < 0 else (text[:found], text[found + 2 :])


def _end_of_value(text: str) -> int:
    """Return where a quoted text, or a structure in brackets, ends; 0 for any other value."""
    if text[:1] not in {'"', *_OPENING}:
        return 0
    waiting: list[str] = []
    quoted = escaped = False
    for position, character in enumerate(text):
        if quoted:
            quoted = escaped or character != '"'
            escaped = not escaped and character == "\\"
        elif character == '"':
            quoted = True
        elif character in _OPENING:
            waiting.append(_OPENING[character])
        elif waiting and character == waiting[-1]:
            waiting.pop()
        if not quoted and not waiting:
            return position + 1
    return 0
