"""Which units are rendered already, as far as earlier runs remember."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import msgspec

from generator.disk.cache import open_cache
from generator.disk.tree import digest
from generator.findings.finding import Finding
from generator.inputs.cache_keys import Shelf
from generator.inputs.drafts import unreleased_services
from generator.plan.plan import Plan
from generator.roots import is_rendered_path

if TYPE_CHECKING:
    from generator.disk.tree import Tree
    from generator.findings.progress import Progress


class Rendering:
    """Remembers units whose files on disk are what their pages render."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._shelf = Shelf(tree)
        self._cache = open_cache(tree.root, "rendered", tree.memory)
        found = {unit: self._cache.get(self._shelf.unit_key(unit), int) for unit in self._shelf.paths if unit}
        self._stale = frozenset(unit for unit in self._shelf.paths if found.get(unit) is None)
        self._known = sum(files for files in found.values() if files is not None)
        self._unreleased = unreleased_services(tree, self._shelf)
        self._hints: tuple[Finding, ...] | None = self._cache.get(self._hints_key, tuple[Finding, ...])

    @cached_property
    def _hints_key(self) -> str:
        """Key of what is said of all pages without a release together: they are loaded together too."""
        keys = ((service, self._shelf.draft_key(service).encode()) for service in sorted(self._unreleased))
        return digest([("hints", b""), *keys])

    def stale(self) -> frozenset[str]:
        """Return the units whose files have to be rendered to know."""
        return self._stale

    def plan(self, progress: Progress) -> Plan:
        """Return the plan for what has to be rendered to know; raises InputError with every complaint."""
        if not self._stale and (self._hints is not None or not self._unreleased):
            return Plan(hints=self._hints or ())
        from generator.plan.render_stale import render_stale  # a run with nothing new imports none of it: 100 ms

        paths = [path for unit in self._stale for path in self._shelf.paths.get(unit, ())]
        return render_stale(self._tree, self._stale, self._unreleased, paths, progress)

    def whole(self, plan: Plan) -> Plan:
        """Return the plan with the files of the units that needed no rendering counted in."""
        return msgspec.structs.replace(plan, unchanged=plan.unchanged + self._known)

    def remember(self, plan: Plan) -> None:
        """Note for the next run which stale units are as rendered, and what is said of pages without a release."""
        if self._unreleased:
            self._cache.put(self._hints_key, plan.hints)
        touched = frozenset(
            [
                *(change.path for change in (*plan.changes, *plan.restyled)),
                *(stray.place.file for stray in plan.strays),
            ]
        )
        dirty = {unit for unit in self._stale if not touched.isdisjoint(self._shelf.paths.get(unit, ()))}
        dirty |= {part for path in touched if path not in self._tree.files for part in path.split("/")[:3]}
        for unit in self._stale:
            if unit and unit not in dirty:
                rendered = sum(map(is_rendered_path, self._shelf.paths.get(unit, ())))
                self._cache.put(self._shelf.unit_key(unit), rendered)
        self._cache.save()


def remember_written(tree: Tree, planned: Plan) -> None:
    """Remember, after the plan was written, that everything is as rendered; with strays there it is not."""
    changes = (*planned.changes, *planned.restyled)
    if changes and not planned.strays:
        written = tree.after((change.path, change.after) for change in changes)
        Rendering(written).remember(Plan(hints=planned.hints))
