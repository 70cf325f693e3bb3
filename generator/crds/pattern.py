"""Patterns of definitions: Kubernetes and kubeconform compile them with Go's RE2, and nothing here ever runs one."""

from __future__ import annotations

import re
import warnings

# Longer ones nobody wrote; a published definition has at most a few hundred characters.
_LONGEST = 10_000
# https://pkg.go.dev/regexp/syntax: what RE2 leaves out, because it could take for ever.
_BEYOND_RE2 = re.compile(r"\(\?(?:[=!>(]|<[=!]|P=|#)|\\[1-9Zu]|[*+?}]\+")
# More repetitions than Go takes.
_REPEAT = re.compile(r"\{(\d+)?(?:,(\d*))?\}")
_MOST_REPEATS = 1000
# What RE2 has and Python lacks, with what stands in for it here: only the form matters.
_RE2_ALONE = (
    (re.compile(r"\[:\^?[a-z]+:\]"), "a"),
    (re.compile(r"\\[pP](?:\{\^?\w+\}|[A-Z])"), "a"),
    (re.compile(r"\\x\{[0-9A-Fa-f]+\}"), "a"),
    (re.compile(r"\\[zCQE]"), ""),
    (re.compile(r"\(\?[imsU]*(?:-[imsU]+)?\)"), ""),
    (re.compile(r"\(\?[imsU]*(?:-[imsU]+)?:"), "(?:"),
    (re.compile(r"\(\?<(?=\w)"), "(?P<"),
)
# A set of characters, in which nothing but its end means anything here.
_CLASS = re.compile(r"\[\^?\]?(?:\[:\^?[a-z]+:\]|\\.|[^\]\\])*\]", re.DOTALL)
_ESCAPED = re.compile(r"\\[^1-9Zu]", re.DOTALL)


def pattern_fault(pattern: str) -> str | None:
    """Return why Go's RE2 would not compile a pattern, None for one that it takes."""
    if len(pattern) > _LONGEST:
        return f"it has {len(pattern)} characters, more than {_LONGEST}"
    bare = _CLASS.sub("x", _ESCAPED.sub("x", pattern))
    if beyond := _BEYOND_RE2.search(bare):
        return f"`{beyond[0]}` is nothing that RE2 knows"
    if any(int(count) > _MOST_REPEATS for found in _REPEAT.findall(bare) for count in found if count):
        return f"more than {_MOST_REPEATS} repetitions"
    return _python_fault(pattern)


def _python_fault(pattern: str) -> str | None:
    """Return why Python would not compile the form of a pattern; compiling takes no time, whatever matching would."""
    for form, substitute in _RE2_ALONE:
        pattern = form.sub(substitute.replace("\\", r"\\"), pattern)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        return str(error)
    return None
