"""What is known of pages that are released nowhere: verdicts on the overlays that they would have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.disk.cache import open_cache
from generator.findings.verdict import Verdict
from generator.paths import is_page

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.disk.tree import Tree
    from generator.inputs.cache_keys import Shelf


def unreleased_services(tree: Tree, shelf: Shelf) -> frozenset[str]:
    """Return the services that have a page and no overlay."""
    pages = {path.split("/")[1].rpartition(".")[0] for path in tree.under("services") if is_page(path)}
    return frozenset(pages - {target.unit for target in shelf.overlays if target.root.reader == "environment"})


class Drafts:
    """Verdicts of all pages on disk that are released nowhere, by service."""

    def __init__(self, tree: Tree, shelf: Shelf) -> None:
        self._shelf = shelf
        self._cache = open_cache(tree.root, "drafts", tree.memory)
        self._unreleased = unreleased_services(tree, shelf)
        self._known: dict[str, tuple[Verdict, ...]] = {}
        for service in self._unreleased:
            found = self._cache.get(shelf.draft_key(service), tuple[Verdict, ...])
            if found is not None:
                self._known[service] = found

    def stale(self) -> frozenset[str]:
        """Return the services whose pages have to be checked."""
        return self._unreleased - self._known.keys()

    def settle(self, found: Mapping[str, tuple[Verdict, ...]]) -> None:
        """Take the verdicts of stale services, and remember those that last."""
        self._known |= found
        for service, verdicts in found.items():
            if all(verdict.lasting for verdict in verdicts):
                self._cache.put(self._shelf.draft_key(service), verdicts)
        self._cache.save()

    @property
    def verdicts(self) -> list[Verdict]:
        """The verdicts that are known, in the order of services."""
        return [verdict for service in sorted(self._known) for verdict in self._known[service]]
