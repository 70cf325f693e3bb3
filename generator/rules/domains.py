"""The numbers of topology spread constraints: zones and nodes that are not there, or that forbid nothing.

How many zones and nodes a cluster has, no page says; so only what the pods themselves say is held against them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.findings.finding import Severity
from generator.kubernetes.objects import SCALED, kind
from generator.kubernetes.pods import pod
from generator.kubernetes.values import whole
from generator.rules.rule import Violation
from generator.rules.scale import most
from generator.rules.topology import ZONE, called, misspelt, reachable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.model.base import Manifest
    from generator.rules.topology import Constraint
    from generator.rules.view import View


def unknown_topology(one: Constraint, view: View) -> Iterator[Violation]:
    """Yield what is wrong with the label of nodes that a constraint names."""
    effect = "every pod stays Pending" if one.strict else "nothing is spread"
    meant = misspelt(one.key)
    if meant:
        message = f"no node has a label `{one.key}`: {effect}"
        yield Violation(path=(*one.path, "topologyKey"), message=message, remedy=f"did you mean `{meant}`?")
    elif one.key == ZONE and one.strict and view.provider == "none":
        yield Violation(
            path=(*one.path, "topologyKey"),
            message="nodes outside a cloud (minikube, kind) have no zone label, and DoNotSchedule asks for one: "
            "every pod stays Pending",
            remedy="`whenUnsatisfiable: ScheduleAnyway` in this environment",
        )


def unmet_domains(one: Constraint, view: View) -> Iterator[Violation]:
    """Yield what is wrong with the numbers of a constraint, as far as pods and pages show it."""
    least = whole(one.spec.get("minDomains"), 0)
    if not one.strict:
        if least:
            message = f"minDomains: {least} without DoNotSchedule: the API server refuses the object"
            path, remedy = (*one.path, "minDomains"), "`whenUnsatisfiable: DoNotSchedule`, or leave `minDomains` out"
            yield Violation(path=path, message=message, remedy=remedy, severity=Severity.ERROR)
        return
    pods = _most(one.manifest, view)
    if pods is None:
        return
    limit = reachable(pod(one.manifest)[1], one.key)
    if limit is not None and limit < least and pods > limit * one.skew:
        yield _pinned(one, least, limit, pods)
    elif least > pods:
        yield _too_many(one, least, pods)
    elif pods > 1 and one.skew >= pods:
        yield _loose(one, pods)


def _most(manifest: Manifest, view: View) -> int | None:
    """Return the largest number of pods that a workload runs with, None where nobody can know."""
    if kind(manifest) not in SCALED:
        return None
    return most(manifest, view)


def _pinned(one: Constraint, least: int, limit: int, pods: int) -> Violation:
    what = called(one.key)
    return Violation(
        path=(*one.path, "minDomains"),
        message=f"minDomains: {least}, and the pods may only go to {_number(limit, what)}: with maxSkew {one.skew} "
        f"that is room for {limit * one.skew} of {pods}, and the others stay Pending",
        remedy=f"`minDomains: {limit}`, or let the pods go to more {what}s",
    )


def _too_many(one: Constraint, least: int, pods: int) -> Violation:
    what = called(one.key)
    return Violation(
        path=(*one.path, "minDomains"),
        message=f"minDomains: {least} for {_number(pods, 'pod')} at most: with fewer than {_number(least, what)} none "
        f"takes more than {one.skew} (maxSkew), and the extra pod of a rollout stays Pending",
        remedy=f"`minDomains: {max(pods, 1)}` or less",
    )


def _loose(one: Constraint, pods: int) -> Violation:
    return Violation(
        path=(*one.path, "maxSkew"),
        message=f"maxSkew: {one.skew} lets all {pods} pods into one {called(one.key)}: the constraint does nothing",
        remedy="`maxSkew: 1`",
    )


def _number(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"
