"""Overlays, with their release records, that a commit has and the working tree has not: losing one is never silent.

This half only compares names, because it runs each time; `lost_overlay_findings` looks into what it finds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.repo.head import Base
from generator.rules.difference import REL006

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from generator.disk.tree import Tree
    from generator.findings.finding import Finding
    from generator.plan.lost_overlay_findings import Key
    from generator.plan.plan import Plan


def refuse_lost_overlays(tree: Tree, committed: Iterable[Key], dropped: Collection[Key] = ()) -> None:
    """Raise InputError for each (environment, service) of `committed`, those of HEAD, that is lost; see below."""
    found = lost_overlays(tree, Base(overlays=frozenset(committed)), dropped)
    if found:
        from generator.findings.errors import InputError  # a sound repository never comes here

        raise InputError(found)


def lost_overlays(tree: Tree, base: Base, dropped: Collection[Key] = ()) -> list[Finding]:
    """Return a finding for each service's overlay of `base` that the tree lacks, or is to lose (`dropped`).

    Nothing where a tombstone came with the loss.
    """
    gone = {key for key in base.overlays if key in dropped or _kustomization(*key) not in tree.files}
    if not gone:
        return []
    from generator.plan.lost_overlay_findings import losses  # 100 ms that a sound repository does not pay

    return losses(tree, base, gone)


def dropped_overlays(plan: Plan) -> frozenset[Key]:
    """Return (environment, name) of each overlay that a plan deletes."""
    parts = ([*change.path.split("/"), "", ""] for change in plan.changes if change.after is None)
    return frozenset((part[1], part[2]) for part in parts if "/".join(part[:-2]) == _kustomization(part[1], part[2]))


def tombstones_of_the_living(tree: Tree) -> Iterator[Finding]:
    """Yield a finding for each tombstone of a service that has an overlay in that environment."""
    for path in tree.under("retired"):
        folder = path.removeprefix("retired/").removesuffix(".yaml")
        environment, _, name = folder.partition("/")
        if _kustomization(environment, name) in tree.files:
            from generator.findings.finding import Place  # the same

            yield REL006.finding(
                place=Place(path),
                message=f"{environment}/{name} is released, and this tombstone says that it was retired",
                remedy=f"delete {path}, or run the same `fairlead retire` again if it was interrupted",
                environment=environment,
            )


def _kustomization(environment: str, name: str) -> str:
    return f"overlays/{environment}/{name}/kustomization.yaml"
