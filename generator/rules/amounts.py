"""Quantities that mean something else than they seem to: `512m` of memory, `100Mi` of CPU."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.findings.finding import Severity
from generator.kubernetes import quantity
from generator.kubernetes.manifest import Path, at
from generator.kubernetes.objects import RUNNING, kind
from generator.kubernetes.pods import containers
from generator.kubernetes.values import items, mapping
from generator.rules.examples import deployment
from generator.rules.rule import Rule, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.kubernetes.pods import PodContainer
    from generator.model.base import Manifest
    from generator.rules.view import View

Amount = tuple[Path, str, Any]  # path, resource name, quantity

_BYTES = frozenset({"memory", "storage", "ephemeral-storage"})
_SIDES = ("requests", "limits")
# The largest EC2 instance has 1,920 vCPUs, the largest Fargate pod 16:
# https://aws.amazon.com/ec2/instance-types/
_MOST_CPUS = 1920


def container_amounts(container: PodContainer) -> Iterator[Amount]:
    """Yield every request and limit of a container."""
    yield from _amounts(container.spec, container.path, ("resources",))


def _amounts(holder: Any, start: Path, path: Path) -> Iterator[Amount]:
    """Yield the requests and limits under `path` of a value that itself stands at `start`."""
    resources = mapping(at(holder, path))
    for side in _SIDES:
        for resource, value in mapping(resources.get(side)).items():
            yield (*start, *path, side, resource), str(resource), value


def _other_amounts(manifest: Manifest) -> Iterator[Amount]:
    """Yield the quantities outside containers: claims, and the totals of a namespace."""
    what = kind(manifest)
    if what == "PersistentVolumeClaim":
        yield from _amounts(manifest, (), ("spec", "resources"))
    if what == "StatefulSet":
        for number, claim in enumerate(items(at(manifest, ("spec", "volumeClaimTemplates")))):
            yield from _amounts(claim, ("spec", "volumeClaimTemplates", number), ("spec", "resources"))
    if what == "ResourceQuota":
        for resource, value in mapping(at(manifest, ("spec", "hard"))).items():
            yield ("spec", "hard", resource), str(resource).rpartition(".")[2], value


def _quantities(manifest: Manifest, _view: View) -> Iterator[Violation]:
    for container in containers(manifest):
        for amount in container_amounts(container):
            yield from _misread(*amount)
        yield from _mixed(container)
    for amount in _other_amounts(manifest):
        yield from _misread(*amount)


def _misread(path: Path, resource: str, value: Any) -> Iterator[Violation]:
    """Yield what is wrong with one quantity; a well-formed zero is nobody's mistake."""
    number = quantity.parse(value)
    guess = quantity.meant_memory(value) if resource in _BYTES else quantity.meant_cpu(value)
    fix = f"did you mean `{resource}: {guess}`?" if guess and guess != str(value) else ""
    if number is None or number < 0:
        message = f"{resource} `{value}` is no quantity; the API server refuses the whole object"
        yield Violation(path=path, message=message, remedy=fix or "write a number and a suffix, e.g. `512Mi` or `250m`")
    elif resource in _BYTES and 0 < number < quantity.MEBIBYTE:
        message = f"{resource} `{value}` is {quantity.plain(number)} bytes; nothing starts with so little"
        yield Violation(path=path, message=message, remedy=fix)
    elif resource == "cpu" and (number > _MOST_CPUS or _is_byte_suffix(value)):
        message = f"cpu `{value}` is {quantity.plain(number)} CPUs; no node has as many, so the pod stays Pending"
        yield Violation(path=path, message=message, remedy=fix)


def _is_byte_suffix(value: Any) -> bool:
    return quantity.suffix(value)[:1] in {"K", "k", "M", "G", "T", "P", "E"}


def _mixed(container: PodContainer) -> Iterator[Violation]:
    """Warn about `M` beside `Mi`: 512M is 24 MiB less than 512Mi, and few people mean that."""
    amounts = [amount for amount in container_amounts(container) if amount[1] == "memory"]
    binary = [value for _, _, value in amounts if quantity.suffix(value).endswith("i")]
    for path, _, value in amounts:
        number = quantity.parse(value)
        if binary and number is not None and quantity.suffix(value) in {"k", "M", "G", "T"}:
            yield Violation(
                path=path,
                message=f"memory `{value}` counts in powers of 1000 and is "
                f"{quantity.plain(number / quantity.MEBIBYTE)}Mi; "
                f"`{binary[0]}` beside it counts in powers of 1024",
                remedy=f"use one kind of unit in a container: `memory: {quantity.meant_memory(value)}`",
                severity=Severity.WARNING,
            )


WRK004 = Rule(
    id="WRK004",
    title="Quantity that means something else",
    why="""Kubernetes reads `memory: 512m` as 0.512 bytes and `cpu: 100Mi` as 104,857,600 CPUs. Schemas
accept both, and the pod never starts. Text such as `250x` or `512MB` makes the API server refuse the
object, without naming the field. `M` (powers of 1000) beside `Mi` (powers of 1024) in one container is a
warning. Claims and quotas are read too.""",
    remedy="memory in `Mi` or `Gi`, CPU in `m` or whole CPUs",
    severity=Severity.ERROR,
    stage="object",
    check=_quantities,
    kinds=RUNNING | {"PersistentVolumeClaim", "ResourceQuota"},
    bad=deployment("image: web:1.4.2\nresources: {requests: {cpu: 100Mi, memory: 512m}}\n"),
    good=deployment("image: web:1.4.2\nresources: {requests: {cpu: 100m, memory: 512Mi}}\n"),
)
