"""Selectors of one page that pick the pods of another page in the same namespace of a cluster.

Each selector is looked up by its rarest label, so a thousand selectors that share a label cost no thousand times
a thousand comparisons.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from generator.findings.verdict import Verdict, Workload

# cluster, namespace, label, value
Pair = tuple[str, str, str, str]


class Overlap(NamedTuple):
    """A selector of an overlay, and the workload of another one whose pods it picks."""

    verdict: Verdict
    workload: Workload
    other: Verdict
    picked: Workload


def overlaps(verdicts: Collection[Verdict]) -> Iterator[Overlap]:
    """Yield each selector that picks the pods of another overlay of its cluster."""
    owned = [(verdict, workload) for verdict in verdicts for workload in verdict.workloads]
    counted = Counter(pair for verdict, workload in owned for pair in _pairs(verdict, workload))
    by_pair: dict[Pair, list[tuple[Verdict, Workload]]] = {}
    for verdict, workload in owned:
        if workload.selector:
            pairs = ((verdict.cluster, workload.namespace, *pair) for pair in workload.selector)
            by_pair.setdefault(min(pairs, key=counted.__getitem__), []).append((verdict, workload))
    for other, picked in owned:
        for pair in _pairs(other, picked):
            for verdict, workload in by_pair.get(pair, ()):
                if verdict is not other and set(workload.selector) <= set(picked.labels):
                    yield Overlap(verdict, workload, other, picked)


def _pairs(verdict: Verdict, workload: Workload) -> Iterator[Pair]:
    return ((verdict.cluster, workload.namespace, *pair) for pair in workload.labels)
