"""What a JSON Schema refers to outside of itself: kubeconform would follow it, to the network and to any file.

kubeconform hands every schema to github.com/santhosh-tekuri/jsonschema, which loads what `$ref`, `$dynamicRef`,
`$recursiveRef` and `$schema` name, each against the nearest `$id` (`id` in draft 4). Only references into the same file
pass here, and only the meta-schemas that the library carries.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import msgspec

from generator.errors import InputError
from generator.finding import Finding, Place, Severity
from generator.tree import LARGEST_SCHEMA, OversizeError, read_file
from generator.yamlio.stream import stream

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_REFERENCES = frozenset({"$ref", "$dynamicRef", "$recursiveRef"})
_KNOWN_META = re.compile(r"https?://json-schema\.org/(draft-0[4-7]|draft/20(19-09|20-12))/schema#?")
_BASES = frozenset({"$id", "id"})
# `id` is a name that objects have as well, in defaults and examples; only an address changes what a reference means.
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*:|/", re.IGNORECASE)

_RULE = "SCH003"
_REMEDY = "refer to `#/...` alone, or give the definition of the kind to `fairlead schemas add CRD.yaml`"

JsonPath = tuple[str | int, ...]


def read_schema(path: Path, shown: str) -> bytes | None:
    """Return the JSON Schema at `path`, which is called `shown`; None for what is no JSON, which nobody else may read.

    Raises InputError for one that is too large, or that refers to anything but its own parts.
    """
    try:
        data = read_file(path, LARGEST_SCHEMA)
        value = msgspec.json.decode(data)
    except OversizeError as error:
        raise InputError([error.finding(shown)]) from error
    except (msgspec.DecodeError, RecursionError):
        return None
    if found := list(foreign_references(value)):
        raise InputError(list(_located(found, data, shown)))
    return data


def foreign_references(schema: Any) -> Iterator[tuple[JsonPath, str]]:
    """Yield the path and the text of each value by which a schema leaves its own file."""
    waiting: list[tuple[JsonPath, Any]] = [((), schema)]
    while waiting:
        path, value = waiting.pop()
        inner: Iterator[tuple[str | int, Any]] = iter(())
        if isinstance(value, dict):
            yield from (((*path, key), text) for key, text in value.items() if _is_foreign(key, text))
            inner = iter(value.items())
        elif isinstance(value, list):
            inner = iter(enumerate(value))
        waiting += [((*path, step), each) for step, each in inner if isinstance(each, dict | list)]


def _is_foreign(key: str, value: Any) -> bool:
    if not isinstance(value, str):
        return False  # a property of that name
    if key in _REFERENCES:
        return not value.startswith("#")
    if key == "$schema":
        return not _KNOWN_META.fullmatch(value)
    return key in _BASES and bool(_ADDRESS.match(value))


def _located(found: list[tuple[JsonPath, str]], data: bytes, shown: str) -> Iterator[Finding]:
    documents, _ = stream(data, shown)
    for path, text in found:
        place = documents[0].place(path) if documents else Place(shown)
        reason = "leads out of the file: a check would read it, from the network or from this machine"
        yield _finding(place, f"`{path[-1]}: {text}` {reason}")


def _finding(place: Place, message: str) -> Finding:
    return Finding(rule=_RULE, severity=Severity.ERROR, place=place, message=message, remedy=_REMEDY)
