"""Selectors of one page that pick the pods of another page in the same namespace of a cluster.

Each selector is looked up by its rarest label, so a thousand selectors that share a label cost no thousand times
a thousand comparisons.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from generator.findings.finding import Severity
from generator.rules.world import RepositoryViolation

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from generator.findings.verdict import Verdict, Workload
    from generator.rules.world import World

SELECTOR = ("spec", "selector")

# cluster, namespace, label, value
Pair = tuple[str, str, str, str]


def overlapping(world: World) -> Iterator[RepositoryViolation]:
    """Yield each selector that picks the pods of another page; the same object twice is told elsewhere (ARG002)."""
    for verdict, workload, other, picked in _overlaps(world.verdicts):
        if workload.object != picked.object:
            what, *_, name = picked.object.split("/")
            of = workload.object.partition("/")[0]
            yield RepositoryViolation(
                verdict=verdict,
                object=workload.object,
                path=SELECTOR,
                message=overlap_message(f"{what} `{name}` (service {other.unit})", of=of),
                severity=Severity.WARNING if of == "Service" else None,
            )


def overlap_message(other: str, *, of: str = "") -> str:
    """Return what is wrong with a selector (`of` a Service or a workload) that picks the pods of another workload."""
    what = "requests to the Service reach the pods of both"
    if of != "Service":
        what = "what counts or reaches pods by it (Services, budgets, autoscalers, the controller itself) takes those "
        what += "of both for one"
    return f"the selector picks the pods of {other} too: {what}"


def _overlaps(verdicts: Collection[Verdict]) -> Iterator[tuple[Verdict, Workload, Verdict, Workload]]:
    """Yield each selector with its overlay, and the overlay and workload of its cluster whose pods it picks."""
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
                    yield verdict, workload, other, picked


def _pairs(verdict: Verdict, workload: Workload) -> Iterator[Pair]:
    return ((verdict.cluster, workload.namespace, *pair) for pair in workload.labels)
