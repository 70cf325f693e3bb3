"""How kustomize prints an object, predicted: sorted keys, go-yaml's quoting.

When the prediction equals the real output byte for byte, the object is proven without parsing anything (parsing 2,100
built objects takes longer than predicting them). Where it is unsure it says None, and the proof compares values.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from generator.yamlio.scalar import is_ambiguous, resolve

# go-yaml folds plain and quoted scalars with spaces at this column.
_WIDTH = 80
_INDICATORS = frozenset(",[]{}#&*!|>'\"%@`")
# A number to YAML 1.1, unless it overflows: `1e3` is printed with quotes, `12e4567` without.
_EXPONENT = re.compile(r"[-+.0-9][-+.0-9_]*[eE]", re.ASCII)
_DISPUTED = frozenset({"=", "<<", "nan", "inf", "infinity"})
_OPTION = re.compile(r"-[-A-Za-z0-9]", re.ASCII)


class _UnsureError(Exception):
    """A value whose printed form is not predicted."""


def canonical(manifest: dict[str, Any]) -> str | None:
    """Return the text that kustomize prints for `manifest`, None when that is not certain."""
    lines: list[str] = []
    try:
        _mapping(lines, manifest, "", "")
    except _UnsureError:
        return None
    return "\n".join(lines) + "\n"


def _mapping(lines: list[str], mapping: dict[str, Any], indent: str, first: str) -> None:
    lead = first or indent
    for key in sorted(mapping):
        value = mapping[key]
        name = _scalar(key)
        if isinstance(value, dict) and value:
            lines.append(f"{lead}{name}:")
            _mapping(lines, value, indent + "  ", "")
        elif isinstance(value, list) and value:
            lines.append(f"{lead}{name}:")
            _sequence(lines, value, indent)
        else:
            _leaf(lines, f"{lead}{name}: ", value, indent + "  ")
        lead = indent


def _sequence(lines: list[str], items: list[Any], indent: str) -> None:
    for item in items:
        if isinstance(item, dict) and item:
            _mapping(lines, item, indent + "  ", indent + "- ")
        elif isinstance(item, list) and item:
            raise _UnsureError
        else:
            _leaf(lines, f"{indent}- ", item, indent + "  ")


def _leaf(lines: list[str], lead: str, value: Any, indent: str) -> None:
    if isinstance(value, str):
        if "\n" in value:
            _block(lines, lead, value, indent)
            return
        text = _scalar(value)
        if " " in text and len(lead) + len(text) > _WIDTH:
            raise _UnsureError
    elif isinstance(value, bool):
        text = "true" if value else "false"
    elif isinstance(value, int):
        text = str(value)
    elif value == {} and isinstance(value, dict):
        text = "{}"
    elif value == [] and isinstance(value, list):
        text = "[]"
    else:
        raise _UnsureError
    lines.append(lead + text)


def _block(lines: list[str], lead: str, value: str, indent: str) -> None:
    body = value.rstrip("\n")
    ending = len(value) - len(body)
    printable = all((char.isascii() and char.isprintable()) or char == "\n" for char in body)
    if not body or body[0].isspace() or ending > 1 or not printable:
        raise _UnsureError
    if any(line.endswith(" ") for line in body.split("\n")):
        raise _UnsureError
    lines.append(lead + ("|" if ending else "|-"))
    lines.extend(indent + line if line else "" for line in body.split("\n"))


@lru_cache(maxsize=65536)
def _scalar(text: str) -> str:
    if _EXPONENT.match(text) or text.lower().lstrip("+-.") in _DISPUTED:
        raise _UnsureError
    if not text or is_ambiguous(text) or not isinstance(resolve(text), str):
        return f'"{text}"'
    if not (text.isascii() and text.isprintable()):
        raise _UnsureError
    return text if _is_plain(text) else "'" + text.replace("'", "''") + "'"


def _is_plain(text: str) -> bool:
    if text[0] in "?:-" and not _OPTION.match(text):
        raise _UnsureError
    if text[0] in _INDICATORS:
        return False
    return not (": " in text or " #" in text or text[-1] in ": " or text[0] == " ")
