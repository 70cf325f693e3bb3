"""Selectors and ports: objects that point past each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.findings.finding import Severity
from generator.findings.nearest import did_you_mean
from generator.kubernetes.manifest import at
from generator.kubernetes.objects import SERVING, group, kind, name, near, neighbours
from generator.kubernetes.pods import labels, lasting, ports, selected_workloads
from generator.kubernetes.selection import unmet, unmet_labels
from generator.kubernetes.values import items, mapping, text
from generator.rules.backends import unreached
from generator.rules.examples import SERVICE, deployment, together
from generator.rules.rule import Rule, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.kubernetes.pods import Port
    from generator.model.base import Manifest
    from generator.rules.view import View


def _pointers(manifest: Manifest, view: View) -> Iterator[Violation]:
    what = kind(manifest)
    if what in SERVING and what != "Pod":
        yield from _own_pods(manifest)
    elif what == "Service":
        yield from _service(manifest, view)
    elif what == "Ingress":
        yield from unreached(manifest, view)


def _own_pods(manifest: Manifest) -> Iterator[Violation]:
    missing = unmet(at(manifest, ("spec", "selector")), labels(manifest))
    if missing:
        yield Violation(
            path=("spec", "selector"),
            message=f"the selector asks for {', '.join(missing)}; the API server refuses the {kind(manifest)}",
            remedy="give `template.metadata.labels` every label of the selector",
        )


def _service(manifest: Manifest, view: View) -> Iterator[Violation]:
    spec = mapping(manifest.get("spec"))
    if not mapping(spec.get("selector")) or spec.get("type") == "ExternalName" or name(manifest) in view.external:
        return
    workloads = selected_workloads(manifest, view.objects)
    if workloads:
        yield from _ports(manifest, workloads)
    elif not _served_elsewhere(manifest, view):
        yield from _no_pods(manifest, view)


def _served_elsewhere(service: Manifest, view: View) -> bool:
    """Return whether something whose pods we cannot see may stand behind a Service.

    That is a custom resource with a pod template of its own, or one whose operator labels pods with its name.
    """
    selector = mapping(at(service, ("spec", "selector")))
    custom = (one for one in view.objects if "." in group(one) and not kind(one) and neighbours(service, one))
    return any(
        name(one) in selector.values() or (labels(one) and not unmet_labels(selector, labels(one))) for one in custom
    )


def _no_pods(service: Manifest, view: View) -> Iterator[Violation]:
    selector = at(service, ("spec", "selector"))
    # Without any workload in sight the pods are another overlay's, and nothing can be said.
    misses = [(unmet_labels(selector, labels(one)), one) for one in near(service, view.objects, *SERVING)]
    if misses:
        missing, workload = min(misses, key=lambda miss: (len(miss[0]), name(miss[1])))
        yield Violation(
            path=("spec", "selector"),
            message=f"the selector matches no pods: it asks for {', '.join(missing)}; requests to the "
            f"Service fail at once",
            remedy=f"select the labels of {kind(workload)} `{name(workload)}`, "
            f"or list `{name(service)}` under `external:` if another team runs its pods",
        )


def _ports(service: Manifest, workloads: list[Manifest]) -> Iterator[Violation]:
    holders = [container for workload in workloads for container in lasting(workload)]
    declared = [list(ports(container)) for container in holders]
    if not any(declared):
        return  # a container need not declare its ports, and then there is nothing to compare with
    known = [port for each in declared for port in each]
    severity = None if all(declared) else Severity.WARNING
    for number, port in enumerate(items(at(service, ("spec", "ports")))):
        target = mapping(port).get("targetPort") or mapping(port).get("port")
        fault = _fault(target, text(mapping(port).get("protocol")) or "TCP", known) if isinstance(port, dict) else ""
        if fault:
            field = "targetPort" if port.get("targetPort") else "port"
            yield Violation(
                path=("spec", "ports", number, field),
                message=f"targetPort `{target}` {fault}; connections to the Service are refused",
                remedy=_remedy(target, known),
                severity=None if isinstance(target, str) else severity,
            )


def _fault(target: Any, protocol: str, known: list[Port]) -> str:
    """Return how a target port misses every declared port, nothing if it hits one."""
    hits = [port for port in known if target == (port.name if isinstance(target, str) else port.number)]
    if target is None or any(port.protocol == protocol for port in hits):
        return ""
    return f"is {hits[0].protocol} there, not {protocol}" if hits else "is no port of the selected pods"


def _remedy(target: Any, known: list[Port]) -> str:
    names = [port.name for port in known if port.name]
    guess = did_you_mean(target, names) if isinstance(target, str) else ""
    shown = ", ".join(f"{port.name + ' = ' if port.name else ''}{port.number}/{port.protocol}" for port in known[:8])
    return f"{guess} the pods declare {shown}".strip()


_WEB = "image: web:1.4.2\nports: [{name: http, containerPort: 8000}]\n"

WRK014 = Rule(
    id="WRK014",
    title="Selector or port that matches nothing",
    why="""A workload whose selector does not match its own template is refused. A Service whose selector
matches no pods, or whose target port no container declares, takes connections and refuses them; an Ingress
whose backend does not exist answers 503. Only what the same overlay holds is compared: a Service is left
alone where no workload is in sight, where a custom resource may bring the pods, where it is listed under
`external:`, and its port numbers where no container declares any (a warning where only some do, because
declaring them is optional).""",
    remedy="use the same labels and ports on both sides",
    severity=Severity.ERROR,
    stage="object",
    check=_pointers,
    kinds=SERVING | {"Service", "Ingress"},
    bad=together(deployment(_WEB), SERVICE.replace("app: web", "app: wbe")),
    good=together(deployment(_WEB), SERVICE),
)
