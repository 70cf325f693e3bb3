"""Availability: rollouts that are outages, and disruption budgets that no node drain can satisfy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.findings.finding import Severity
from generator.kubernetes.manifest import Path, at
from generator.kubernetes.objects import SCALED, SERVING, kind, name, near
from generator.kubernetes.pods import is_scraped_only, labels, pod, selects
from generator.kubernetes.selection import matches
from generator.kubernetes.values import items, mapping, text
from generator.rules.examples import SERVICE, autoscaler, budget, deployment, together
from generator.rules.rule import Rule, Violation
from generator.rules.scale import least, share

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.model.base import Manifest
    from generator.rules.view import View

# https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#rolling-update-deployment
_DEFAULT = "25%"


def _rollouts(manifest: Manifest, view: View) -> Iterator[Violation]:
    pods, field = least(manifest, view)
    strategy = mapping(at(manifest, ("spec", "strategy")))
    if pods < 1:
        return  # switched off on purpose
    if strategy.get("type") == "Recreate":
        if not _keeps_a_disk(manifest, view):
            yield _recreate(pods, field)
    elif _unavailable(strategy, pods) >= pods:
        yield _all_at_once(strategy, pods, field)
    elif pods == 1 and any(_sends_requests(service, manifest) for service in near(manifest, view.objects, "Service")):
        yield _alone(field)


def _keeps_a_disk(manifest: Manifest, view: View) -> bool:
    """Report whether pods mount a claim that one node has at a time: the old pod must let go of it first.

    Of a claim that is made elsewhere this is taken for granted: it is the mode of most disks.
    """
    modes = {
        name(claim): at(claim, ("spec", "accessModes"))
        for claim in near(manifest, view.objects, "PersistentVolumeClaim")
    }
    volumes = [mapping(volume) for volume in items(pod(manifest)[1].get("volumes"))]
    claims = [text(at(volume, ("persistentVolumeClaim", "claimName"))) for volume in volumes]
    return any(claim and "ReadWriteMany" not in items(modes.get(claim)) for claim in claims)


def _sends_requests(service: Manifest, manifest: Manifest) -> bool:
    return selects(service, manifest) and not is_scraped_only(service)


def _unavailable(strategy: dict[Any, Any], pods: int) -> int:
    """Return how many pods a rolling update may take away: rounded down, but 1 if no pod may be added either.

    https://github.com/kubernetes/kubernetes/blob/v1.34.0/pkg/controller/deployment/util/deployment_util.go
    (`ResolveFenceposts`)
    """
    down = share(_bound(strategy, "maxUnavailable"), pods, up=False)
    surge = share(_bound(strategy, "maxSurge"), pods, up=True)
    return 1 if down == 0 and surge == 0 else down or 0


def _bound(strategy: dict[Any, Any], field: str) -> Any:
    value = mapping(strategy.get("rollingUpdate")).get(field)
    return _DEFAULT if value is None else value


def _recreate(pods: int, field: str) -> Violation:
    return Violation(
        path=("spec", "strategy", "type"),
        message=f"strategy Recreate stops all pods ({field}: {pods}) before the first new one starts; "
        "every bump is an outage",
        remedy=f"leave `strategy` out: {_default_of(pods)}",
    )


def _default_of(pods: int) -> str:
    down, up = share(_DEFAULT, pods, up=False), share(_DEFAULT, pods, up=True)
    return f"the default {_DEFAULT}/{_DEFAULT} takes {down} of {pods} away and adds {up} at a time"


def _all_at_once(strategy: dict[Any, Any], pods: int, field: str) -> Violation:
    bounds = [_bound(strategy, name) for name in ("maxUnavailable", "maxSurge")]
    return Violation(
        path=("spec", "strategy"),
        message=f"with {field}: {pods}, maxUnavailable {bounds[0]} and maxSurge {bounds[1]} let a rollout "
        f"stop "
        f"{_unavailable(strategy, pods)} of {pods}; every bump is an outage",
        remedy=f"leave the bounds out: {_default_of(pods)}",
    )


def _alone(field: str) -> Violation:
    return Violation(
        path=("spec", field) if field == "replicas" else ("spec",),
        message=f"{field}: 1; a bump is safe, but a node drain or a lost zone takes the only pod and is an outage",
        remedy=f"`{field}: 2`",
        severity=Severity.WARNING,
    )


def _budgets(manifest: Manifest, view: View) -> Iterator[Violation]:
    spec = mapping(manifest.get("spec"))
    total, field = _covered(manifest, view)
    for bound in ("maxUnavailable", "minAvailable"):
        fault = _fault(bound, spec.get(bound), total, field)
        if fault:
            yield _blocked(("spec", bound), fault, total)


def _covered(manifest: Manifest, view: View) -> tuple[int | None, str]:
    """Return the least number of pods under the budget and the field that says so; None if unknowable."""
    selector = at(manifest, ("spec", "selector"))
    workloads = [one for one in near(manifest, view.objects, *SERVING) if matches(selector, labels(one))]
    if not workloads or any(kind(one) not in SCALED for one in workloads):
        return None, ""
    numbers = [least(one, view) for one in workloads]
    return sum(number for number, _ in numbers), " + ".join(sorted({field for _, field in numbers}))


def _fault(bound: str, value: Any, total: int | None, field: str) -> str:
    """Return the arithmetic by which a bound allows no disruption, nothing if it allows one.

    Percentages round up:
    https://kubernetes.io/docs/tasks/run-application/configure-pdb/#rounding-logic-when-specifying-percentages
    """
    if bound == "maxUnavailable":
        return f"maxUnavailable {value}" if share(value, 100, up=True) == 0 else ""
    if value == "100%":
        return "minAvailable 100%"
    needed = share(value, total or 0, up=True)
    if not total or needed is None or needed < total:
        return ""
    rounded = f" of {total} rounds up to {needed}" if isinstance(value, str) else ""
    return f"minAvailable {value}{rounded}, {field} is {total}: {total} - {needed} = {total - needed}"


def _blocked(path: Path, fault: str, total: int | None) -> Violation:
    spare = " (with one replica the drain is then a short outage; two replicas avoid it)" if total == 1 else ""
    return Violation(
        path=path,
        message=f"the budget allows 0 disruptions ({fault}); no node with such a pod can be drained, and an "
        f"EKS upgrade "
        "fails after 15 minutes",
        remedy=f"`maxUnavailable: 1` instead{spare}",
    )


_WEB = "image: web:1.4.2\n"

WRK010 = Rule(
    id="WRK010",
    title="Every rollout is an outage",
    why="""`Recreate` stops all pods before it starts one; `maxUnavailable` that covers all pods does the same.
Percentages of `maxUnavailable` round down and of `maxSurge` up, so the default 25%/25% takes no pod away from
one replica; if both come to 0, Kubernetes takes 1 for `maxUnavailable`. With an autoscaler `minReplicas`
counts. Looked at in production environments. A lone pod behind a Service whose rollout is safe is a warning: a
drained node still takes it. `Recreate` is no finding where the pods mount a PersistentVolumeClaim that is not
`ReadWriteMany`: two pods on two nodes cannot have it at once.""",
    remedy="two replicas and the default strategy",
    severity=Severity.ERROR,
    stage="object",
    check=_rollouts,
    kinds=frozenset({"Deployment"}),
    production_only=True,
    bad=together(deployment(_WEB, "replicas: 1\nstrategy: {type: Recreate}\n"), SERVICE),
    good=together(deployment(_WEB, "replicas: 2\n"), SERVICE),
)

WRK011 = Rule(
    id="WRK011",
    title="Disruption budget that allows no disruption",
    why="""A node drain waits for the budget. When `minAvailable` is all the pods there are (after rounding
up, and with an autoscaler at its minimum) or `maxUnavailable` is 0, the drain waits for ever: cluster
upgrades and scale-downs stop, and EKS gives up after 15 minutes
(https://docs.aws.amazon.com/eks/latest/userguide/managed-node-update-behavior.html).""",
    remedy="`maxUnavailable: 1`",
    severity=Severity.ERROR,
    stage="object",
    check=_budgets,
    kinds=frozenset({"PodDisruptionBudget"}),
    bad=together(deployment(_WEB), autoscaler("minReplicas: 2\nmaxReplicas: 8\n"), budget("minAvailable: 2")),
    good=together(deployment(_WEB), autoscaler("minReplicas: 2\nmaxReplicas: 8\n"), budget("maxUnavailable: 1")),
)
