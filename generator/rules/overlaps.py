"""Selectors that pick the pods of another workload: two controllers, Services and budgets over the same pods."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.findings.finding import Severity
from generator.findings.verdict import Workload
from generator.kubernetes.manifest import at
from generator.kubernetes.objects import SCALED, SERVING, kind, name, namespace, near, title
from generator.kubernetes.pods import labels, selected_workloads, selects
from generator.kubernetes.selection import matches
from generator.kubernetes.values import mapping
from generator.rules.examples import deployment, together
from generator.rules.overlapping import SELECTOR, overlap_message, overlapping
from generator.rules.rule import Rule, Violation

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from generator.model.base import Manifest
    from generator.rules.view import View

_BATCH = ("Job", "CronJob")


def _overlaps(manifest: Manifest, view: View) -> Iterator[Violation]:
    selector = at(manifest, ("spec", "selector"))
    if kind(manifest) == "Service":
        yield from _reached(manifest, view)
        return
    if not selector:
        return
    for other in near(manifest, view.objects, *SERVING, *_BATCH):
        if other is not manifest and matches(selector, labels(other)):
            yield _overlap(f"{kind(other)} `{name(other)}`", mild=not _is_worse(manifest, other))


def _is_worse(manifest: Manifest, other: Manifest) -> bool:
    """Return whether more than counting goes wrong: requests reach a job's pods, or each takes the other's."""
    return kind(other) in _BATCH or matches(at(other, ("spec", "selector")), labels(manifest))


def _reached(service: Manifest, view: View) -> Iterator[Violation]:
    """Yield a violation for each job whose pods a Service picks beside those that serve.

    Where the selector is the one of a workload, it is told there.
    """
    served = selected_workloads(service, view.objects)
    if served and not any(_has_selector_of(service, workload) for workload in served):
        for job in near(service, view.objects, *_BATCH):
            if selects(service, job):
                yield _overlap(f"{kind(job)} `{name(job)}`", of="Service")


def _has_selector_of(service: Manifest, workload: Manifest) -> bool:
    return mapping(at(service, ("spec", "selector"))) == mapping(at(workload, ("spec", "selector", "matchLabels")))


def workloads(objects: Collection[Manifest]) -> Iterator[Workload]:
    """Yield everything with pods, as far as plain labels say which pods are whose, and the Services that pick some.

    A Service with the selector of a workload picks what this one does.
    """
    yield from _services(objects)
    for manifest in objects:
        own = labels(manifest) if kind(manifest) else {}
        if own:
            selector = mapping(at(manifest, ("spec", "selector")))
            plain = {} if selector.get("matchExpressions") else mapping(selector.get("matchLabels"))
            yield Workload(title(manifest), namespace(manifest), _pairs(plain), _pairs(own))


def _services(objects: Collection[Manifest]) -> Iterator[Workload]:
    for service in (manifest for manifest in objects if kind(manifest) == "Service"):
        serving = (each for each in objects if kind(each) in SERVING and namespace(each) == namespace(service))
        served = [each for each in serving if selects(service, each)]
        if served and not any(_has_selector_of(service, workload) for workload in served):
            yield Workload(title(service), namespace(service), _pairs(mapping(at(service, ("spec", "selector")))), ())


def _pairs(found: Mapping[Any, Any]) -> tuple[tuple[str, str], ...]:
    return tuple((str(label), str(value)) for label, value in found.items())


def _overlap(other: str, *, mild: bool = False, of: str = "") -> Violation:
    """Return the violation of a selector that picks the pods of another workload of the overlay."""
    severity = Severity.WARNING if mild else None
    return Violation(path=SELECTOR, message=overlap_message(other, of=of), severity=severity)


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
where a page's selector reaches a workload among a person's own files that has a narrower selector, as a canary has.
A Service with a selector of its own is looked at too: with pods of a job among its own it is an error, with those of
another page a warning, since one Service for two pages may be meant.""",
    remedy="add a label to one of the selectors that only its own pods have",
    severity=Severity.ERROR,
    stage="object",
    check=_overlaps,
    across=overlapping,
    kinds=SCALED | {"DaemonSet", "Service"},
    bad=together(_WEB, _JOB % "web"),
    good=together(_WEB, _JOB % "web-report"),
)
