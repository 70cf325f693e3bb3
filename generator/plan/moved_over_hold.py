"""Releases that a hold keeps still and that somebody moved all the same: a bot bumps over a rollback within minutes.

The answer depends on the clock, so no verdict remembers it; a tree without holds pays for a look at its paths.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.paths import NAME, is_hold

if TYPE_CHECKING:
    from datetime import datetime

    from generator.disk.tree import Tree
    from generator.findings.finding import Finding


def moved_over_holds(tree: Tree, now: datetime) -> list[Finding]:
    """Return a finding for each record that is not what an active hold says, and for each hold that cannot be read.

    A hold whose overlay is gone holds nothing: `generate` takes it away.
    """
    held = [path.split("/")[1:3] for path in tree.files if is_hold(path)]
    held = [[env, name] for env, name in held if f"overlays/{env}/{name}/{NAME}" in tree.files]
    if not held:
        return []
    from generator.records.hold import moved_over_hold  # a tree without holds imports none of it: 40 ms

    return [finding for env, name in held for finding in moved_over_hold(tree, env, name, now)]
