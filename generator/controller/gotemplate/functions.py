"""The functions of templates that are worked out here, with the types that Go insists on."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from generator.controller.gotemplate.failure import ExpansionError, UnsupportedError
from generator.controller.gotemplate.gotext import MISSING, go_text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

# The longest name of a DNS subdomain.
_LONGEST_NAME = 253
_NOT_IN_A_NAME = re.compile(r"[^-a-z0-9.]")


def call_function(name: str, arguments: Sequence[Any]) -> Any:
    """Return the answer of one of FUNCTIONS; raises ExpansionError where Go would fail."""
    if name in _OF_TEXTS:
        types, function = _OF_TEXTS[name]
        if len(arguments) != len(types):
            raise ExpansionError(f"wrong number of args for {name}: want {len(types)} got {len(arguments)}")
        for argument, wanted in zip(arguments, types, strict=True):
            if not isinstance(argument, wanted) or isinstance(argument, bool):
                raise ExpansionError(f"wrong type of argument for {name}: {go_text(argument)}")
        return function(*arguments)
    return _OF_ANYTHING[name](*arguments)


def normalized_name(text: str) -> str:
    """Return Argo CD's `normalize`: what may be the name of an object."""
    return _NOT_IN_A_NAME.sub("-", text.lower())[:_LONGEST_NAME].strip("-.")


def is_empty(value: Any) -> bool:
    """Return whether sprig takes a value for empty: nothing, no text, zero, false, no items."""
    return value is MISSING or not value


def _ascii(text: str) -> str:
    """Return a text whose letters Go and Python change alike."""
    if not text.isascii():
        raise UnsupportedError(f"upper and lower case of '{text}'")
    return text


def _trunc(length: int, text: str) -> str:
    """Cut bytes, from the front for a negative length."""
    data = text.encode()
    cut = data[length:] if length < 0 and len(data) + length > 0 else data[:length] if length >= 0 else data
    try:
        return cut.decode()
    except UnicodeDecodeError as error:
        raise UnsupportedError(f"`trunc` in the middle of a character of '{text}'") from error


def _replace(old: str, new: str, text: str) -> str:
    return text.replace(old, new)


def _default(default: Any = MISSING, given: Any = MISSING, *others: Any) -> Any:
    if default is MISSING:
        raise UnsupportedError("template function `default` without a default")
    if others:
        raise UnsupportedError("template function `default` with several values")
    return default if is_empty(given) else given


def _quote(*values: Any) -> str:
    texts = [go_text(value) for value in values if value is not None and value is not MISSING]
    for text in texts:
        if not (text.isascii() and text.isprintable()):
            raise UnsupportedError(f"template function `quote` of '{text}'")
    return " ".join('"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"' for text in texts)


def _index(value: Any = MISSING, *keys: Any) -> Any:
    if value is MISSING or value is None:
        raise ExpansionError("error calling index: index of untyped nil")
    for key in keys:
        if isinstance(value, list) and isinstance(key, int) and not isinstance(key, bool):
            if not 0 <= key < len(value):
                raise ExpansionError(f"error calling index: index out of range: {key}")
            value = value[key]
        elif isinstance(value, dict) and isinstance(key, str):
            if key not in value:
                raise UnsupportedError(f'template function `index` of a key that is not there, "{key}"')
            value = value[key]
        else:
            raise ExpansionError(f"error calling index: cannot index {go_text(value)} with {go_text(key)}")
    return value


_OF_TEXTS: dict[str, tuple[tuple[type, ...], Callable[..., str]]] = {
    "lower": ((str,), lambda text: _ascii(text).lower()),
    "upper": ((str,), lambda text: _ascii(text).upper()),
    "normalize": ((str,), lambda text: normalized_name(_ascii(text))),
    "trunc": ((int, str), _trunc),
    "replace": ((str, str, str), _replace),
    "trimPrefix": ((str, str), lambda prefix, text: text.removeprefix(prefix)),
    "trimSuffix": ((str, str), lambda suffix, text: text.removesuffix(suffix)),
}
_OF_ANYTHING: dict[str, Callable[..., Any]] = {"default": _default, "quote": _quote, "index": _index}

FUNCTIONS = frozenset({*_OF_TEXTS, *_OF_ANYTHING})
