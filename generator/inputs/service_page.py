"""The page of a service as it was read."""

from __future__ import annotations

import msgspec

from generator.yamlio import Document


class ServicePage(msgspec.Struct, frozen=True, kw_only=True):
    """`services/<name>.yaml` as read: its system, its own layer, and the environments it is shut out of."""

    name: str
    system: str
    document: Document
    excluded: frozenset[str]

    @property
    def file(self) -> str:
        """Path of the page."""
        return self.document.file
