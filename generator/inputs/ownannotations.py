"""Annotations that mean something to kustomize: an object with one is left out, renamed, or loses it without a word."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.rules.kustomization import KUS001
from generator.yamlio.stream import stream

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.findings.finding import Finding
    from generator.yamlio.document import Path

# Tried with kustomize 5.8.1: `local-config` leaves the object out, `needsHashSuffix` renames it, `previousNames` ends
# the build in a panic, the others are taken off.
_PREFIXES = (
    "internal.config.kubernetes.io/",
    "alpha.config.kubernetes.io/",
    "kustomize.config.k8s.io/",
    "config.k8s.io/",
)
_NAMES = frozenset(f"config.kubernetes.io/{name}" for name in ("local-config", "index", "path", "origin"))
# What a file has at least that holds such a key, plain, as a JSON pointer, or spelt with escapes.
_SIGNS = (b".io/", b".io~1", b"\\")
_REMEDY = "take the annotation out"


def kustomize_annotations(data: bytes, file: str) -> Iterator[Finding]:
    """Yield a complaint for each annotation of a resource or patch by which kustomize would drop or change an object.

    A file that cannot be read has none: that it is unreadable is told elsewhere.
    """
    if not any(sign in data for sign in _SIGNS):
        return
    documents, _ = stream(data, file)
    for document in documents:
        for path, name in _found(document.value, ()):
            place = document.key_place(path) if path[-1] == name else document.place(path)
            yield KUS001.complaint(place, _message(name), _REMEDY)


def annotation_of(text: str) -> str | None:
    """Return the annotation that a key, or a JSON pointer, names, if it is one of kustomize's own."""
    name = "/".join(text.replace("~1", "/").replace("~0", "~").rsplit("/", 2)[-2:])
    return name if name in _NAMES or name.startswith(_PREFIXES) else None


def _message(name: str) -> str:
    return f"'{name}' is kustomize's own annotation: the object would be left out or changed without a word"


def _found(value: Any, path: Path) -> Iterator[tuple[Path, str]]:
    """Yield the path of each key that is such an annotation, and of each operation of a JSON patch upon one."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if annotation_of(key) == key:
                yield (*path, key), key
            if key in {"path", "from"} and isinstance(inner, str) and (name := annotation_of(inner)):
                yield (*path, key), name
            yield from _found(inner, (*path, key))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _found(inner, (*path, number))
