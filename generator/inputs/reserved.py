"""Content that a page may not pass through: it would steer Argo CD, kustomize or a template (SPC006)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.inputs.complaint import complaint
from generator.rules.spec import reserved

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.finding import Finding
    from generator.yamlio import Document


def reserved_complaints(document: Document) -> Iterator[Finding]:
    """Give a complaint for each reserved key or value of a page."""
    for path, seen, what in reserved(document.value):
        place = document.key_place(path)
        yield complaint("SPC006", place, f"'{seen}' is reserved: {what}", "use the page's own words for it, or drop it")
