"""Requests and limits: inverted, or missing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.findings.finding import Severity
from generator.kubernetes import quantity
from generator.kubernetes.objects import RUNNING, SERVING, kind
from generator.kubernetes.pods import containers, pod
from generator.kubernetes.values import mapping
from generator.rules.examples import deployment
from generator.rules.rule import Rule, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.kubernetes.pods import PodContainer
    from generator.model.base import Manifest
    from generator.rules.view import View

_SIDES = ("requests", "limits")
_EXAMPLE = {"cpu": "cpu: 100m", "memory": "memory: 256Mi"}


def _bounds(manifest: Manifest, _view: View) -> Iterator[Violation]:
    shared = mapping(pod(manifest)[1].get("resources"))
    for container in containers(manifest):
        resources = mapping(container.spec.get("resources"))
        yield from _inverted(container, resources)
        yield from _missing(container, resources, shared, _weight(manifest, container))


def _weight(manifest: Manifest, container: PodContainer) -> Severity:
    """Weigh a missing bound: what serves for days can take its node down, what runs to an end seldom does."""
    serving = kind(manifest) in SERVING and not container.initial
    return Severity.ERROR if serving else Severity.WARNING


def _inverted(container: PodContainer, resources: dict[Any, Any]) -> Iterator[Violation]:
    limits = mapping(resources.get("limits"))
    for resource, value in mapping(resources.get("requests")).items():
        request, limit = quantity.parse(value), quantity.parse(limits.get(resource))
        if request is not None and limit is not None and request > limit:
            yield Violation(
                path=(*container.path, "resources", "requests", resource),
                message=f"container `{container.name}` requests {resource} `{value}`, more than its limit "
                f"`{limits[resource]}`; the API server refuses the whole object",
                remedy=f"raise the limit: `limits: {{{resource}: {value}}}`",
            )


def _missing(
    container: PodContainer, resources: dict[Any, Any], shared: dict[Any, Any], weight: Severity
) -> Iterator[Violation]:
    path = (*container.path, "resources") if "resources" in container.spec else container.path
    if not _states(resources, shared, "memory", ("limits",)):
        yield Violation(
            path=path,
            message=f"container `{container.name}` has no memory limit; a leak then takes memory from every "
            f"pod of its "
            "node until the kernel kills one of them",
            remedy="`resources: {limits: {memory: 256Mi}}`",
            severity=weight,
        )
    absent = [resource for resource in ("cpu", "memory") if not _states(resources, shared, resource, _SIDES)]
    if absent:
        yield Violation(
            path=path,
            message=f"container `{container.name}` requests no {' and no '.join(absent)}; the scheduler "
            f"counts it as "
            "nothing, packs the node too full, and evicts this pod first",
            remedy=f"`resources: {{requests: {{{', '.join(_EXAMPLE[resource] for resource in absent)}}}}}`",
            severity=weight,
        )


def _states(resources: dict[Any, Any], shared: dict[Any, Any], resource: str, sides: tuple[str, ...]) -> bool:
    """Return whether the container or its pod as a whole states a bound.

    A limit alone is a request of the same size:
    https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/#requests-and-limits
    """
    return any(resource in mapping(one.get(side)) for one in (resources, shared) for side in sides)


WRK005 = Rule(
    id="WRK005",
    title="Requests and limits missing or inverted",
    why="""A request above its limit is refused by the API server. Without a memory limit one leak takes
the node's other pods down; without requests the scheduler packs nodes blindly and the pod is the first to
be evicted. An error for containers that serve; a warning for init containers, Jobs and CronJobs, which run
to an end. A limit counts as a request of the same size, as it does for Kubernetes; resources of the pod as
a whole count too; a CPU limit is nobody's duty. Defaults of a LimitRange do not count: another team may
change them.""",
    remedy="state CPU and memory requests and a memory limit",
    severity=Severity.ERROR,
    stage="object",
    check=_bounds,
    kinds=RUNNING,
    bad=deployment("image: web:1.4.2\nresources: {requests: {cpu: 100m, memory: 1Gi}, limits: {memory: 512Mi}}\n"),
    good=deployment("image: web:1.4.2\nresources: {requests: {cpu: 100m, memory: 512Mi}, limits: {memory: 512Mi}}\n"),
)
