"""A refusal of the API server (`metav1.Status`), cause by cause: which field, and why.

The words leave out what only the programmers of the server read: printed structures, regular expressions, diffs.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import msgspec

from generator.apiserver.field import find_positions, path_of
from generator.kubernetes.manifest import Path, at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.model.base import Manifest


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


_TYPED = "failed to create typed patch object ("
_CONVERSION = "to proper version: unable to convert unstructured object to "
_LOCATED = re.compile(r"(\.(?:\[(?:\"(?:\\.|[^\"\\])*\"|[^\]\"])*\]|[^:\[]|:(?! ))*): (.*)", re.DOTALL)
_DUPLICATE = re.compile(r"duplicate entries for key \[(.*)\]$")
_STRICT = re.compile(r'(unknown|duplicate) field "([^"]+)"')
# A conflict names no field, but there is one behind each: what the object says of an object that is not there.
_CONFLICT = re.compile(r'Operation cannot be fulfilled on \S+ "[^"]*": ')
_CONFLICTS: dict[str, Path] = {
    "uid mismatch": ("metadata", "uid"),
    "Precondition failed: UID": ("metadata", "uid"),
    "the object has been modified": ("metadata", "resourceVersion"),
}
# Said beside other causes: the rest is looked at once those are gone.
_UNFINISHED = "some validation rules were not checked because the object was invalid"


class RefusalCause(msgspec.Struct, frozen=True):
    """One cause: the path of the field inside the object, None where the server names none, and its words."""

    path: Path | None
    message: str


def refusals(status: dict[str, Any], manifest: Manifest) -> tuple[RefusalCause, ...]:
    """Return every cause of a refusal, each once."""
    return tuple(dict.fromkeys(_refusals(status, manifest)))


def _refusals(status: dict[str, Any], manifest: Manifest) -> Iterator[RefusalCause]:
    message = str(status.get("message") or status.get("reason") or "refused")
    causes = [cause for cause in (status.get("details") or {}).get("causes") or () if cause.get("field")]
    if causes:
        said = [cause for cause in causes if _UNFINISHED not in cause.get("message", "")]
        yield from (_caused(cause["field"], str(cause.get("message", "")), manifest) for cause in said or causes)
    elif message.startswith(_TYPED):
        yield from _typed(message.partition("): ")[2], manifest)
    elif _CONVERSION in message:
        yield RefusalCause(None, _after_kind(message.partition(_CONVERSION)[2]))
    elif strict := _STRICT.findall(message):
        yield from (RefusalCause(path_of(field, manifest), f"{how} field") for how, field in strict)
    elif conflict := _CONFLICT.match(message):
        yield _conflicting(message[conflict.end() :], manifest)
    else:
        yield RefusalCause(None, plain(message))


def _conflicting(words: str, manifest: Manifest) -> RefusalCause:
    path = next((path for said, path in _CONFLICTS.items() if words.startswith(said)), None)
    return RefusalCause(path if path and at(manifest, path) is not None else None, plain(words))


def _caused(field: str, message: str, manifest: Manifest) -> RefusalCause:
    path = path_of(field, manifest)
    return RefusalCause(_narrowed(path, message, manifest), plain(message))


def _narrowed(path: Path, message: str, manifest: Manifest) -> Path:
    """Go on from a mapping or list to the one entry whose key or value the words repeat: a label, a quantity."""
    value, reason = split_value(message.removeprefix(INVALID))
    if not (message.startswith(f'{INVALID}"') and reason):
        return path
    inside = at(manifest, path)
    entries = inside.items() if isinstance(inside, dict) else enumerate(inside) if isinstance(inside, list) else ()
    found = [key for key, entry in entries if value in {_quoted(key), _quoted(entry)}]
    return (*path, found[0]) if len(found) == 1 else path


def _quoted(value: object) -> str:
    return msgspec.json.encode(value).decode() if isinstance(value, str) else ""


def _typed(words: str, manifest: Manifest) -> Iterator[RefusalCause]:
    """Read what server-side apply says of an object that does not fit its schema: one line for each field."""
    for line in words.removeprefix("errors:").strip().splitlines():
        located = _LOCATED.fullmatch(line.strip())
        if located is None:
            yield RefusalCause(None, plain(line))
            continue
        path, message = path_of(located[1], manifest), located[2]
        duplicate = _DUPLICATE.search(message)
        if duplicate is not None:
            path = _second(path, duplicate[1], manifest)
        yield RefusalCause(path, plain(message))


def _second(path: Path, keys: str, manifest: Manifest) -> Path:
    """Return the path of the second entry of a list with these keys: the first was there before it."""
    items = at(manifest, path)
    found = find_positions(keys, items) if isinstance(items, list) else []
    return (*path, found[1]) if len(found) > 1 else path


def _after_kind(words: str) -> str:
    """Return what follows `apps/v1, Kind=Deployment: `, without the decoder's own name."""
    return plain(words.partition(": ")[2].removeprefix("error decoding from json: "))
