"""What a plain (unquoted) scalar means: to YAML 1.2's core schema, and to the YAML 1.1 readers in the field.

kustomize reads its own files as YAML 1.1, kubectl and Argo CD mostly as 1.2, and PyYAML and ruamel.yaml disagree
on some more: `1e3`, `0o14`, `on`, `12:30:45`, `1_000`. A scalar on which they disagree is *ambiguous*: pages may not
hold it unquoted, and the writer quotes it.
"""

from __future__ import annotations

import contextlib
import re

# https://yaml.org/spec/1.2.2/#1032-tag-resolution
_CONSTANTS = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_INT = re.compile(r"[-+]?(?:0|[1-9][0-9]*)", re.ASCII)
_FLOAT = re.compile(r"[-+]?(?:0|[1-9][0-9]*)\.[0-9]+", re.ASCII)

# Everything else that any reader met so far takes for a number, a date, a boolean or a merge key:
# https://yaml.org/type/ (1.1), and the cases that PyYAML, ruamel.yaml, go-yaml and kyaml add to it.
_WORDS = frozenset(
    {"y", "n", "yes", "no", "on", "off", "<<", "=", ".inf", "-.inf", "+.inf", ".nan"},
)
_FLOAT_WORDS = frozenset({".inf", "-.inf", "+.inf", ".nan"})
_NUMBER_LIKE = re.compile(
    r"""[-+]?(?:
        0[bB][01_]+ | 0[oO]?[0-7_]+ | 0[xX][0-9a-fA-F_]+   # other bases
      | [0-9][0-9_]*(?:\.[0-9_]*)?(?:[eE][-+]?[0-9]+)?       # digits, separators, exponents, leading zeros
      | \.[0-9_]+(?:[eE][-+]?[0-9]+)?                        # no leading digit
      | [0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?          # sexagesimal
    )""",
    re.ASCII | re.VERBOSE,
)
_DATE_LIKE = re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt \t].*)?", re.ASCII)

# Longer ones do not fit into 64 bits: readers round them, each in its own way, or refuse.
LONGEST_NUMBER = 18

Scalar = str | int | float | bool | None


def is_ambiguous(text: str) -> bool:
    """Return whether some YAML reader takes this plain scalar for something other than YAML 1.2's core schema does."""
    if text.lower() in _WORDS:
        return True
    if not text or not (text[0].isdigit() or text[0] in "+-."):
        return False
    if _INT.fullmatch(text) or _FLOAT.fullmatch(text):
        return len(text) > LONGEST_NUMBER
    return bool(_NUMBER_LIKE.fullmatch(text) or _DATE_LIKE.fullmatch(text))


def taken_for(text: str) -> str:
    """Return what go-yaml takes a bare scalar for, `a number` or `null` for example; nothing for what is text.

    kustomize forgets the quotes around the keys of annotations, so this is what it makes of them.
    """
    if text in _CONSTANTS:
        return "null" if _CONSTANTS[text] is None else "a boolean"
    if text == "<<":
        return "a merge key"
    if _DATE_LIKE.fullmatch(text):
        return "a date"
    is_number = ":" not in text and _NUMBER_LIKE.fullmatch(text)
    return "a number" if is_number or text.lower() in _FLOAT_WORDS else ""


def whole_numbers(text: str) -> list[int]:
    """Return the whole numbers that readers take a scalar for, an octal one before the decimal one; none for text."""
    plain = text.replace("_", "").lower()
    found = []
    for prefix, base in (("0o", 8), ("0x", 16), ("0b", 2), ("0", 8), ("", 10)):
        sign, digits = ("-", plain[1:]) if plain.startswith("-") else ("", plain.removeprefix("+"))
        if not digits.startswith(prefix):
            continue
        with contextlib.suppress(ValueError):
            found.append(int(sign + digits.removeprefix(prefix), base))
    if not found and _NUMBER_LIKE.fullmatch(text) and ":" not in text and float(plain).is_integer():
        found.append(int(float(plain)))
    return list(dict.fromkeys(found))


def resolve(text: str) -> Scalar:
    """Return the value of a plain scalar under YAML 1.2's core schema, ambiguous spellings left as strings."""
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if (text[0].isdigit() or text[0] in "+-") and len(text) <= LONGEST_NUMBER:
        if _INT.fullmatch(text):
            return int(text)
        if _FLOAT.fullmatch(text):
            return float(text)
    return text
