"""Autoscaling: scalers that scale nothing, fight the sync, or cannot measure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.findings.finding import Severity
from generator.findings.nearest import did_you_mean
from generator.kubernetes.manifest import at
from generator.kubernetes.objects import SCALED, kind, name, neighbours
from generator.kubernetes.pods import lasting, pod
from generator.kubernetes.values import items, mapping, text, whole
from generator.rules.examples import autoscaler as example
from generator.rules.examples import deployment, together
from generator.rules.rule import Rule, Violation
from generator.rules.scale import autoscaler, scaler, target

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.model.base import Manifest
    from generator.rules.view import View


def _both(manifest: Manifest, view: View) -> Iterator[Violation]:
    replicas = mapping(manifest.get("spec")).get("replicas")
    found = scaler(manifest, view) if replicas is not None else None
    if found is not None:
        yield Violation(
            path=("spec", "replicas"),
            message=f"replicas: {replicas}, and {text(found.get('kind'))} `{name(found)}` scales this "
            f"{kind(manifest)}; "
            "every sync resets the scale, in the middle of the rush too",
            remedy="`autoscaling: external` on the page, or no `replicas` in a file of your own, once the autoscaler "
            "runs: in one commit with a new one the workload drops to 1 pod once",
        )


def _scalers(manifest: Manifest, view: View) -> Iterator[Violation]:
    if kind(manifest) == "HorizontalPodAutoscaler":
        yield from _dangling(manifest, view)
        yield from _inverted(manifest)
    else:
        yield from _unmeasured(manifest, view)


def _dangling(manifest: Manifest, view: View) -> Iterator[Violation]:
    what, wanted = target(manifest)
    present = [(text(one.get("kind")), name(one)) for one in view.objects if neighbours(manifest, one)]
    if not wanted or (what, wanted) in present or wanted in view.external:
        return
    same_kind = [other for other_kind, other in present if other_kind == what]
    others = [f"{other_kind} {other}" for other_kind, other in present if other == wanted and other_kind in SCALED]
    yield Violation(
        path=("spec", "scaleTargetRef", "name"),
        message=f"HorizontalPodAutoscaler `{name(manifest)}` targets {what} `{wanted}`, which is not in this "
        f"render; the autoscaler scales nothing",
        remedy=did_you_mean(wanted, same_kind)
        or (f"did you mean `{others[0]}`?" if others else "name a workload of this page"),
    )


def _inverted(manifest: Manifest) -> Iterator[Violation]:
    spec = mapping(manifest.get("spec"))
    least, most = whole(spec.get("minReplicas"), 1), whole(spec.get("maxReplicas"), -1)
    if 0 <= most < least:
        yield Violation(
            path=("spec", "maxReplicas"),
            message=f"minReplicas {least} is more than maxReplicas {most}; the API server refuses the autoscaler",
            remedy=f"`maxReplicas: {least}` or more",
        )


def _unmeasured(manifest: Manifest, view: View) -> Iterator[Violation]:
    """Yield the containers without the request that an autoscaler's percentage is a percentage of.

    One container without it stops the whole measurement, native sidecars included: `calculatePodRequests` in
    https://github.com/kubernetes/kubernetes/blob/v1.34.0/pkg/controller/podautoscaler/replica_calculator.go
    """
    scaler = autoscaler(manifest, view)
    shared = mapping(at(pod(manifest)[1], ("resources", "requests")))
    for resource, only in sorted(_percentages(scaler)) if scaler else ():
        for container in lasting(manifest):
            resources = mapping(container.spec.get("resources"))
            stated = any(resource in mapping(resources.get(side)) for side in ("requests", "limits"))
            if not stated and resource not in shared and only in {"", container.name}:
                yield Violation(
                    path=(*container.path, "resources") if "resources" in container.spec else container.path,
                    message=f"container `{container.name}` requests no {resource}, and "
                    f"HorizontalPodAutoscaler "
                    f"`{name(scaler or {})}` measures {resource} in percent of the request; it never scales",
                    remedy=f"`resources: {{requests: {{{resource}: {'100m' if resource == 'cpu' else '256Mi'}}}}}`",
                )


def _percentages(scaler: Manifest) -> set[tuple[str, str]]:
    """Return each resource measured in percent, and the container if only one is measured.

    Without any metric it is CPU:
    https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/horizontal-pod-autoscaler-v2/
    """
    spec = mapping(scaler.get("spec"))
    metrics = [mapping(metric) for metric in items(spec.get("metrics"))]
    if not metrics:
        return {("cpu", "")}
    measured = [mapping(metric.get(word)) for metric in metrics for word in ("resource", "containerResource")]
    return {(text(one.get("name")), text(one.get("container"))) for one in measured if _is_percentage(one)}


def _is_percentage(metric: dict[Any, Any]) -> bool:
    return metric.get("name") in ("cpu", "memory") and "averageUtilization" in mapping(metric.get("target"))


_REQUESTS = "image: web:1.4.2\nresources: {requests: {cpu: 100m}}\n"
_SCALER = example("minReplicas: 2\nmaxReplicas: 8\n")

WRK012 = Rule(
    id="WRK012",
    title="Replicas and an autoscaler",
    why="""Argo CD writes `spec.replicas` at every sync, the autoscaler writes it in between: each sync
resets the scale, at the busiest moment too. A ScaledObject of KEDA makes such an autoscaler.
`autoscaling: external` on a page says that another scaler decides, an own one or somebody else's: the
Deployment then has no `replicas`.""",
    remedy="`autoscaling: external`: the page then renders no `replicas`",
    severity=Severity.ERROR,
    stage="object",
    check=_both,
    kinds=SCALED,
    bad=together(deployment(_REQUESTS, "replicas: 3\n"), _SCALER),
    good=together(deployment(_REQUESTS), _SCALER),
)

WRK013 = Rule(
    id="WRK013",
    title="Autoscaler that cannot scale",
    why="""An autoscaler whose target does not exist scales nothing and says so only in its status. One
with `minReplicas` above `maxReplicas` is refused. One that measures CPU or memory in percent needs that
request (or limit) in every container of the pod, sidecars included: one container without it stops the
measurement for all.""",
    remedy="name an existing workload, and give every container the request",
    severity=Severity.ERROR,
    stage="object",
    check=_scalers,
    kinds=SCALED | {"HorizontalPodAutoscaler"},
    bad=together(deployment(_REQUESTS), example("minReplicas: 2\nmaxReplicas: 8\n", target="wbe")),
    good=together(deployment(_REQUESTS), _SCALER),
)
