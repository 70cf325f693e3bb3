"""Selectors that pick the pods of another workload: two controllers, Services and budgets over the same pods."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.finding import Severity
from generator.manifest import at
from generator.rules.examples import deployment, together
from generator.rules.objects import SCALED, SERVING, kind, name, namespace, near, title
from generator.rules.pods import labels
from generator.rules.rule import Rule, View, Violation
from generator.rules.selection import matches
from generator.rules.values import mapping
from generator.verdict import Workload

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from generator.model.base import Manifest

_BATCH = ("Job", "CronJob")
REMEDY = "add a label to one of the selectors that only its own pods have"


def _overlaps(manifest: Manifest, view: View) -> Iterator[Violation]:
    selector = at(manifest, ("spec", "selector"))
    if not selector:
        return
    for other in near(manifest, view, *SERVING, *_BATCH):
        if other is not manifest and matches(selector, labels(other)):
            yield overlap(f"{kind(other)} `{name(other)}`", mild=not _is_worse(manifest, other))


def _is_worse(manifest: Manifest, other: Manifest) -> bool:
    """Say whether more than counting goes wrong: requests reach a job's pods, or each takes the other's for its own."""
    return kind(other) in _BATCH or matches(at(other, ("spec", "selector")), labels(manifest))


def workloads(objects: Iterable[Manifest]) -> Iterator[Workload]:
    """Give everything with pods, as far as plain labels say which pods are whose."""
    for manifest in objects:
        own = labels(manifest) if kind(manifest) else {}
        if own:
            selector = mapping(at(manifest, ("spec", "selector")))
            plain = {} if selector.get("matchExpressions") else mapping(selector.get("matchLabels"))
            yield Workload(title(manifest), namespace(manifest), _pairs(plain), _pairs(own))


def _pairs(found: Mapping[Any, Any]) -> tuple[tuple[str, str], ...]:
    return tuple((str(label), str(value)) for label, value in found.items())


def overlap(other: str, *, mild: bool = False) -> Violation:
    """Say that a selector picks the pods of another workload too."""
    return Violation(
        path=("spec", "selector"),
        message=f"the selector picks the pods of {other} too: what counts or reaches pods by it (Services, budgets, "
        "autoscalers, the controller itself) takes those of both for one",
        severity=Severity.WARNING if mild else None,
    )


_WEB = deployment("image: web:1.4.2\n")
_JOB = """\
apiVersion: batch/v1
kind: CronJob
metadata: {name: report, namespace: shop}
spec:
  schedule: "15 3 * * *"
  jobTemplate:
    spec:
      template:
        metadata: {labels: {app: %s}}
        spec: {restartPolicy: Never, containers: [{name: report, image: "web:1.4.2"}]}
"""

WRK026 = Rule(
    id="WRK026",
    title="Selector that picks the pods of another workload",
    why="""A Deployment whose selector matches the pods of another workload fights with it over them, or counts them:
its Service sends requests to pods that serve something else or nothing, a budget and an autoscaler reckon with both.
Kubernetes does not keep selectors apart
([labels must not overlap](https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#selector)). Looked at
are all workloads of the overlay, their jobs too, and across pages those of one namespace of a cluster. It is a warning
where a page's selector reaches a workload among a person's own files that has a narrower selector, as a canary has.""",
    remedy=REMEDY,
    severity=Severity.ERROR,
    stage="object",
    check=_overlaps,
    kinds=SCALED | {"DaemonSet"},
    bad=together(_WEB, _JOB % "web"),
    good=together(_WEB, _JOB % "web-report"),
)
