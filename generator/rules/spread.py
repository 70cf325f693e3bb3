"""Topology spread: constraints that count other pods than the ones they stand on, or that no cluster can meet.

The scheduler allows a pod where (matching pods there + 1, if the pod matches itself) - (the least of all topologies)
does not exceed `maxSkew`, and takes that least for 0 while there are fewer topologies than `minDomains`:
https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.findings.finding import Severity
from generator.kubernetes.objects import RUNNING, SERVING, kind, name, near
from generator.kubernetes.pods import labels
from generator.kubernetes.selection import matches, unmet
from generator.kubernetes.values import items, mapping
from generator.rules.domains import unknown_topology, unmet_domains
from generator.rules.examples import deployment
from generator.rules.rule import Rule, Violation
from generator.rules.topology import ZONE, constraints

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.model.base import Manifest
    from generator.rules.topology import Constraint
    from generator.rules.view import View

# Labels that controllers give to pods beside those of the template.
_BATCH = "controller-uid job-name batch.kubernetes.io/controller-uid batch.kubernetes.io/job-name"
_GIVEN = {
    "Deployment": "pod-template-hash",
    "StatefulSet": "controller-revision-hash statefulset.kubernetes.io/pod-name apps.kubernetes.io/pod-index",
    "DaemonSet": "controller-revision-hash pod-template-generation",
    "Job": f"{_BATCH} batch.kubernetes.io/job-completion-index",
    "CronJob": f"{_BATCH} batch.kubernetes.io/job-completion-index",
}


def _spread(manifest: Manifest, view: View) -> Iterator[Violation]:
    for one in constraints(manifest):
        yield from _selector(one, view)
        yield from _label_keys(one)
        yield from unknown_topology(one, view)
        yield from unmet_domains(one, view)


def _given(manifest: Manifest) -> list[str]:
    return _GIVEN.get(kind(manifest), "").split()


def _selector(one: Constraint, view: View) -> Iterator[Violation]:
    selector = one.spec.get("labelSelector")
    own = labels(one.manifest)
    app = next((f"{key}: {value}" for key, value in own.items() if isinstance(value, str)), "app: web")
    remedy = f"`labelSelector: {{matchLabels: {{{app}}}}}`"
    if selector is None:
        message = "there is no labelSelector: the constraint counts no pods and does nothing"
        yield Violation(path=one.path, message=message, remedy=remedy)
    elif isinstance(selector, dict) and (missing := _missing(selector, one.manifest)):
        yield Violation(
            path=(*one.path, "labelSelector"),
            message=f"the labelSelector asks for {', '.join(missing)}: {_counted(one, selector, view)}",
            remedy=remedy,
        )


def _missing(selector: dict[Any, Any], manifest: Manifest) -> list[str]:
    """Return what a selector asks of the pods and they do not have, whatever their controller adds."""
    rules = [mapping(rule).get("key") for rule in items(selector.get("matchExpressions"))]
    given = _given(manifest)
    if any(key in given for key in rules):
        return []
    wanted = mapping(selector.get("matchLabels"))
    return unmet(selector, {**labels(manifest), **{key: wanted[key] for key in given if key in wanted}})


def _counted(one: Constraint, selector: dict[Any, Any], view: View) -> str:
    """Return which pods a constraint counts, if not its own."""
    others = [other for other in near(one.manifest, view.objects, *SERVING) if matches(selector, labels(other))]
    if others:
        return f"it counts the pods of {kind(others[0])} `{name(others[0])}`, and its own may all land together"
    return "it matches none of this pod's labels, so the constraint does nothing"


def _label_keys(one: Constraint) -> Iterator[Violation]:
    known = {*labels(one.manifest), *_given(one.manifest)}
    for number, key in enumerate(items(one.spec.get("matchLabelKeys"))):
        path = (*one.path, "matchLabelKeys", number)
        if one.spec.get("labelSelector") is None:
            message = "matchLabelKeys without a labelSelector: the API server refuses the object"
            yield Violation(path=path, message=message, remedy="write both", severity=Severity.ERROR)
        elif isinstance(key, str) and key not in known:
            yield Violation(
                path=path,
                message=f"matchLabelKeys names `{key}`, a label that these pods do not have: it is ignored",
                remedy=f"these pods have {', '.join(f'`{label}`' for label in sorted(map(str, known))) or 'no labels'}",
            )


def _example(selector: str) -> str:
    constraint = f"{{maxSkew: 1, topologyKey: {ZONE}, whenUnsatisfiable: DoNotSchedule, {selector}}}"
    before, template, after = deployment("image: web:1.4.2\n", "replicas: 4\n").partition("      containers:\n")
    return f"{before}      topologySpreadConstraints:\n      - {constraint}\n{template}{after}"


WRK016 = Rule(
    id="WRK016",
    title="Topology spread that does nothing, or that no cluster can meet",
    why="""A topology spread constraint counts the pods that its labelSelector picks. Where the selector is missing or
picks none of the pod's own labels, the pods may all land in one zone, and the day that the zone fails is the day that
somebody notices. A misspelt topologyKey names a label that no node has; with DoNotSchedule every pod then stays
Pending, as on a cluster without zones, or with more `minDomains` than pods or zones. What the API server refuses
(`minDomains` without DoNotSchedule, `matchLabelKeys` without a selector) is an error.""",
    remedy="select the pod's own labels, and spread over a label that nodes have",
    severity=Severity.WARNING,
    stage="object",
    check=_spread,
    kinds=RUNNING,
    bad=_example("labelSelector: {matchLabels: {app: wbe}}"),
    good=_example("labelSelector: {matchLabels: {app: web}}"),
)
