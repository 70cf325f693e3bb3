"""What other services become once a service is out: their pods used its ConfigMap, or were placed beside its pods."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.findings.progress import Silent
from generator.inputs.cache_keys import Shelf
from generator.inputs.dependencies import Dependencies
from generator.inputs.load import load
from generator.plan.plan import plan
from generator.units import render_units

if TYPE_CHECKING:
    from collections.abc import Iterable

    from generator.change import Change
    from generator.disk.tree import Tree


def rerendered(tree: Tree, service: str, changes: Iterable[Change]) -> tuple[Change, ...]:
    """Return the changes to what other services' pages render that go with `changes`, none where nothing changes.

    Raises InputError where one of these pages cannot be rendered.
    """
    names = Dependencies(tree).dependents_of(service)
    if not names:
        return ()
    after = tree.after((change.path, change.after) for change in changes)
    units, paths = render_units(load(after, only=names), after, names, Silent()), Shelf(after).paths
    return plan(after, units, [path for name in names for path in paths.get(name, ())]).changes
