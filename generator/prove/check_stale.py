"""Check what no earlier run has proven: overlays, and pages that are released nowhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from generator.disk.tree import Tree
    from generator.findings.progress import Progress
    from generator.inputs.project import Project
    from generator.prove.check import Examined
    from generator.prove.proof import Proof
    from generator.roots import BuildTarget


class CheckedNow(NamedTuple):
    """What this run checked: the targets that were built, and (environment, unit) of those that no page renders.

    `project` is None where earlier runs have proven everything.
    """

    project: Project | None = None
    examined: Mapping[BuildTarget, Examined] = {}
    unwanted: frozenset[tuple[str, str]] = frozenset()


def check_stale(proof: Proof, also: Collection[BuildTarget], tree: Tree, progress: Progress) -> CheckedNow:
    """Check what `proof` knows nothing of and the targets in `also`; raises InputError with every complaint.

    Without any overlay every page is rendered all the same: what is wrong with it is told.
    """
    stale, unreleased = proof.stale(), proof.drafts.stale()
    wanted = [*stale, *sorted(set(also).difference(stale), key=lambda target: target.key)]
    if proof.overlays and not wanted and not unreleased:
        return CheckedNow()
    from generator.inputs.load import load  # a run with nothing new imports none of it: 100 ms
    from generator.prove.drafts import check_drafts  # the same
    from generator.prove.overlays import examine  # the same

    project = load(tree, only=unreleased | {target.unit for target in wanted})
    examined = examine(project, tree, wanted, progress)
    proof.settle({target: each.verdict for target, each in examined.items()})
    proof.drafts.settle(check_drafts(project, tree, unreleased, progress))
    return CheckedNow(project, examined, frozenset(target.key for target in stale if target not in examined))
