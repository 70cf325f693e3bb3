"""Which units are rendered already, as far as earlier runs remember."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from generator.disk.cache import open_cache
from generator.inputs.cache_keys import Shelf
from generator.inputs.drafts import unreleased_services
from generator.roots import is_rendered_path

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from generator.disk.tree import Tree
    from generator.plan.plan import Plan


class Rendering:
    """Remembers units whose files on disk are what their pages render."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._shelf = Shelf(tree)
        self._cache = open_cache(tree.root, "rendered", tree.memory)
        self._known = 0

    def stale(self) -> frozenset[str]:
        """Return the units whose files have to be rendered to know."""
        stale = []
        for unit in self._shelf.paths:
            files = self._cache.get(self._shelf.unit_key(unit), int) if unit else None
            if files is None:
                stale.append(unit)
            else:
                self._known += files
        return frozenset(stale)

    def unreleased(self) -> frozenset[str]:
        """Return the services that have a page and no overlay on disk."""
        return unreleased_services(self._tree, self._shelf)

    def paths(self, units: Collection[str]) -> Iterator[str]:
        """Return the paths on disk that belong to `units`."""
        return (path for unit in units for path in self._shelf.paths.get(unit, ()))

    def whole(self, plan: Plan) -> Plan:
        """Return the plan with the files of the units that needed no rendering counted in."""
        return msgspec.structs.replace(plan, unchanged=plan.unchanged + self._known)

    def remember(self, units: Iterable[str], plan: Plan) -> None:
        """Note for the next run which of `units` are as rendered."""
        touched = frozenset(
            [
                *(change.path for change in (*plan.changes, *plan.restyled)),
                *(stray.place.file for stray in plan.strays),
            ]
        )
        dirty = {unit for unit, paths in self._shelf.paths.items() if not touched.isdisjoint(paths)}
        dirty |= {part for path in touched if path not in self._tree.files for part in path.split("/")[:3]}
        for unit in units:
            if unit and unit not in dirty:
                rendered = sum(map(is_rendered_path, self._shelf.paths.get(unit, ())))
                self._cache.put(self._shelf.unit_key(unit), rendered)
        self._cache.save()
