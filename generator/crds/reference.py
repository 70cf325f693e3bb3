"""What a JSON Schema of the repository refers to: only places in itself, or kubeconform would fetch an address.

Its library (santhosh-tekuri/jsonschema v6.0.1) follows `$ref`, `$dynamicRef` and `$recursiveRef` against the base that
`$id` (`id` in draft 4, which holds where no `$schema` names another) sets, and loads a `$schema` that it does not know:
by HTTP or from any file of the machine.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import islice
from typing import TYPE_CHECKING, Any

import msgspec

from generator.findings.finding import Place
from generator.rules.proof import SCH003

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.findings.finding import Finding


_REFERENCES = frozenset({"$ref", "$dynamicRef", "$recursiveRef"})
_BASES = frozenset({"$id", "id"})
_DRAFT_7 = "http://json-schema.org/draft-07/schema#"
# Drafts that the library brings along and that know no `id`.
_DRAFT = re.compile(r"https?://json-schema\.org/(draft-0[67]/schema|draft/20(19-09|20-12)/schema|schema)#?")

# In JSON a quote inside of a text is escaped, so this is the start of a text wherever it stands.
_KEYWORD = re.compile(rb'"(\$(?:ref|dynamicRef|recursiveRef|schema|id)|id)"\s*:\s*("(?:[^"\\]|\\.)*")')
# How a file begins that names a draft in which `id` means nothing.
_HEAD = re.compile(rb'\s*\{\s*"\$schema"\s*:\s*("(?:[^"\\]|\\.)*")')
# The one escape that could spell a keyword another way.
_ESCAPE = b"\\u"

_ENOUGH = 20
_LOCAL = 'refer to "#/..." only: a schema is complete in its file, and nothing is fetched'
_PUBLISHED = "give the definition of the kind to `fairlead schemas add CRD.yaml`"


def foreign_references(data: bytes, file: str) -> list[Finding]:
    """Return a complaint for each word of a schema that leads out of it, at its line; at most 20.

    A file that is no JSON has none: kubeconform cannot use it either, and its objects count as not checked.
    """
    has_draft = _knows_its_draft(data)
    bare = [*islice(_bare(data, file, has_draft=has_draft), _ENOUGH)]
    return bare or [*islice(_escaped(data, file, has_draft=has_draft), _ENOUGH)]


def _knows_its_draft(data: bytes) -> bool:
    """Return whether the schema begins with the name of a draft in which `id` means nothing."""
    head = _HEAD.match(data)
    return head is not None and _DRAFT.fullmatch(_text(head[1])) is not None


def _bare(data: bytes, file: str, *, has_draft: bool) -> Iterator[Finding]:
    for found in _KEYWORD.finditer(data):
        keyword, value = found[1].decode(), _text(found[2])
        if fault := _fault(keyword, value, has_draft=has_draft):
            start = found.start()
            place = Place(file, data.count(b"\n", 0, start) + 1, start - data.rfind(b"\n", 0, start))
            yield SCH003.complaint(place, *fault)


def _escaped(data: bytes, file: str, *, has_draft: bool) -> Iterator[Finding]:
    """Yield a complaint for each keyword that is spelt with escapes; it has no line."""
    if _ESCAPE not in data:
        return
    try:
        whole = msgspec.json.decode(data)
    except (msgspec.DecodeError, RecursionError) as error:
        yield SCH003.complaint(Place(file), f"cannot be read: {error}", _PUBLISHED)
        return
    for key, text in _members(whole):
        if fault := _fault(key, text, has_draft=has_draft):
            yield SCH003.complaint(Place(file), *fault)


def _members(value: Any) -> Iterator[tuple[str, str]]:
    """Yield every member of every object whose value is a text, however deep."""
    waiting = [value]
    while waiting:
        value = waiting.pop()
        if isinstance(value, Mapping):
            yield from ((key, text) for key, text in value.items() if isinstance(text, str))
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value


def _fault(keyword: str, value: str, *, has_draft: bool) -> tuple[str, str] | None:
    """Return what is wrong with the value of a keyword, and what to do."""
    if keyword in _REFERENCES and value != "#" and not value.startswith("#/"):
        return f"'{keyword}' leads out of the file, to '{value}': a check would read that", _LOCAL
    if keyword == "$schema" and not _DRAFT.fullmatch(value):
        return f"'$schema' leads out of the file, to '{value}': no draft of JSON Schema from 6 on", f"write {_DRAFT_7}"
    if keyword in _BASES and not (keyword == "id" and has_draft):
        draft = "" if keyword == "$id" else f', or begin the file with `"$schema": "{_DRAFT_7}"`'
        return f"'{keyword}' leads out of the file: references would start from '{value}'", f"take it out{draft}"
    return None


def _text(token: bytes) -> str:
    """Return the value of a JSON text; one that is none counts as what stands there."""
    try:
        return msgspec.json.decode(token, type=str)
    except msgspec.DecodeError:
        return token.decode(errors="replace")
