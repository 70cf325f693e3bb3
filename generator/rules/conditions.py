"""Findings about one overlay that hang on the others of its cluster: a rule over objects cannot tell alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from generator.findings.finding import Finding
    from generator.rules.world import World

# How a rule over objects calls the environments that it does not know.
SOME = "another environment of the cluster"


def settled(world: World) -> Iterator[Finding]:
    """Yield the findings of rules over objects that the whole repository confirms."""
    yield from _unsupplied(world)
    yield from _taken_twice(world)


def _unsupplied(world: World) -> Iterator[Finding]:
    """Yield the findings that hang on objects which no overlay of the cluster brings."""
    verdicts = world.verdicts
    supplied = {(verdict.cluster, *supply) for verdict in verdicts for supply in verdict.supplies}
    supplied |= {(verdict.cluster, "Service", *service) for verdict in verdicts for service in verdict.provides}
    for verdict in verdicts:
        for each in verdict.conditional:
            if (verdict.cluster, *each.unless) not in supplied:
                yield each.finding


def _taken_twice(world: World) -> Iterator[Finding]:
    """Yield the findings about what several environments of one cluster take."""
    takers: dict[tuple[str, str], set[str]] = {}
    for verdict in world.verdicts:
        for each in verdict.shared:
            takers.setdefault((verdict.cluster, each.what), set()).add(verdict.environment)
    for verdict in world.verdicts:
        for each in verdict.shared:
            others = takers[verdict.cluster, each.what] - {verdict.environment}
            if others:
                message = _named(each.finding.message, others)
                yield msgspec.structs.replace(each.finding, message=message)


def _named(message: str, environments: Iterable[str]) -> str:
    """Return the message of a violation with the environments that turned out to share the thing."""
    return message.replace(SOME, f"{', '.join(sorted(environments))} on the same cluster", 1)
