"""A person's own files in an overlay: the environment's, and copies of those that stand once, in the base, for all.

A kustomization reads no file outside its folder, so an overlay has a copy of what the base holds for every environment:
docs/decisions/0025.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from generator.inputs.ownfiles import FOLDERS, find_own_file
from generator.paths import COPY_HEADER, base_folder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.inputs.service_page import ServicePage
    from generator.layout.base import Files
    from generator.model.page import Page
    from generator.model.service import Service


class Own(msgspec.Struct, frozen=True):
    """A person's own files in an overlay, relative to it, in the page's order; those in `shared` are the base's."""

    resources: tuple[str, ...] = ()
    patches: tuple[str, ...] = ()
    shared: frozenset[str] = frozenset()

    @property
    def names(self) -> tuple[str, ...]:
        """All of them."""
        return self.resources + self.patches


def own_of(service: Service) -> Own:
    """Return the own files of a service in its environment."""
    placement = service.placement
    assert placement is not None  # noqa: S101  # an overlay is made for an environment
    own = Own(
        tuple(f"resources/{name}" for name in service.page.extraResources),
        tuple(f"patches/{name}" for name in service.page.patches),
    )
    base = f"{base_folder(service.name)}/"
    shared = (
        name
        for name in own.names
        if find_own_file(service.files, service.name, placement.environment, name).startswith(base)
    )
    return msgspec.structs.replace(own, shared=frozenset(shared))


def copies(service: Service, folder: str, own: Own) -> Files:
    """Return path -> text of the copies that the overlay in `folder` has of the base's files."""
    return {
        f"{folder}/{name}": COPY_HEADER + service.files[f"{base_folder(service.name)}/{name}"].decode("utf-8-sig")
        for name in sorted(own.shared)
    }


def listed_in_base(page: ServicePage, base: Page) -> Iterator[str]:
    """Yield the paths in the base of all own files that a page lists, for every environment or for one."""
    parts = [part for part in (page.document.value.get("environments") or {}).values() if isinstance(part, dict)]
    for key, folder in FOLDERS.items():
        for names in (getattr(base, key), *(part.get(key) or () for part in parts)):
            yield from (f"{base_folder(page.name)}/{folder}/{name}" for name in names)
