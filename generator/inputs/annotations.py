"""Annotations that kustomize cannot build (WRK015): the rule looks at what was built, and here nothing can be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.yamlio.scalar import taken_for

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.findings.finding import Finding
    from generator.kubernetes.manifest import Path
    from generator.yamlio import Document

# Below these a key `annotations` is a name of the page's own, or stands deep inside an object.
_OTHERS = frozenset({"secrets", "volumes"})


def annotation_complaints(document: Document) -> Iterator[Finding]:
    """Yield a complaint for each annotation whose key reads as something other than text.

    Measured with kustomize 5.8.1: it forgets the quotes around keys of an object's own annotations. Labels, and the
    annotations of a pod template, keep theirs.
    """
    for path in _annotations(document.value, ()):
        taken = taken_for(str(path[-1]))
        if taken:
            message = f"kustomize cannot build an object whose annotation key reads as {taken}: `{path[-1]}`"
            from generator.rules.names import WRK015  # 6 ms that a good page does not pay

            yield WRK015.complaint(document.key_place(path), message, "rename it")


def _annotations(value: Any, path: Path) -> Iterator[Path]:
    """Yield the path of each annotation below `value`."""
    for key, inner in value.items() if isinstance(value, dict) else ():
        if key == "annotations" and isinstance(inner, dict):
            yield from ((*path, key, name) for name in inner)
        elif key not in _OTHERS:
            yield from _annotations(inner, (*path, key))
