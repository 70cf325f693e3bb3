"""Services that one overlay needs and that no overlay of its cluster provides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.rules.rule import Violation
from generator.rules.world import RepositoryViolation

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from generator.findings.verdict import Needed
    from generator.rules.world import World

# Provided by every cluster.
_CLUSTER = frozenset({("default", "kubernetes"), ("kube-system", "kube-dns")})


def unprovided(world: World) -> Iterator[RepositoryViolation]:
    """Yield a violation for each Service that a cluster lacks; those of the same environment are suggested."""
    provided: dict[str, set[tuple[str, str]]] = {}
    beside: dict[tuple[str, str], set[tuple[str, str]]] = {}
    for verdict in world.verdicts:
        provided.setdefault(verdict.cluster, set()).update(verdict.provides)
        beside.setdefault((verdict.cluster, verdict.environment), set()).update(verdict.provides)
    for verdict in world.verdicts:
        there, near = provided[verdict.cluster], beside[verdict.cluster, verdict.environment]
        missing = [each for each in verdict.needed if (each.namespace, each.name) not in there]
        for needed, violation in unknown(missing, there, verdict.external, near) if missing else ():
            yield RepositoryViolation(
                verdict=verdict,
                object=needed.object,
                path=violation.path,
                message=violation.message,
                remedy=violation.remedy,
            )


def unknown(
    found: Sequence[Needed],
    provided: Collection[tuple[str, str]],
    external: Collection[str] = (),
    beside: Collection[tuple[str, str]] = (),
) -> Iterator[tuple[Needed, Violation]]:
    """Yield each reference that nobody provides, with what to say about it.

    `provided` holds (namespace, name) of every Service of the cluster, `beside` those of the environment, which are
    suggested first; `external` names that somebody else provides, as `name` or `name.namespace`. `users.shop` counts
    only if `shop` is a namespace in which something is provided.
    """
    present = frozenset(provided) | _CLUSTER
    spaces = {space for space, _ in present}
    for one in found:
        excused = (one.namespace, one.name) in present or {one.name, f"{one.name}.{one.namespace}"} & set(external)
        if not excused and (one.certain or one.namespace in spaces):
            yield one, _violation(one, present, beside or present)


def _violation(one: Needed, present: Collection[tuple[str, str]], beside: Collection[tuple[str, str]]) -> Violation:
    place = f"in namespace `{one.namespace}`" if one.namespace else "in its namespace"
    return Violation(
        path=one.path,
        message=f"the value names Service `{one.name}` {place}, which no released service provides there; "
        "the name does not "
        f"resolve and "
        f"every call fails",
        remedy=_remedy(one, beside if any(name == one.name for _, name in beside) else present),
    )


def _remedy(one: Needed, present: Collection[tuple[str, str]]) -> str:
    if (one.meant, one.name) in present:
        return f"did you mean `{one.name}.{one.meant}`?"
    elsewhere = sorted(space for space, name in present if name == one.name)
    if elsewhere:
        return f"did you mean `{one.name}.{elsewhere[0]}`?"
    from generator.findings.nearest import did_you_mean  # 1 ms that a sound repository does not pay

    beside = did_you_mean(one.name, [name for space, name in present if space == one.namespace])
    first = f"{beside} or" if beside else "release the service that has it, or, if it is somebody else's,"
    return f"{first} list it: `external: [{one.name}]`"
