"""Probes: traffic that reaches cold pods, and restarts that make a slow moment an outage.

Defaults of a probe:
https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from generator.findings.finding import Severity
from generator.kubernetes.manifest import at
from generator.kubernetes.objects import SERVING, name, near
from generator.kubernetes.pods import is_scraped_only, lasting, ports, requested_ports, selects
from generator.kubernetes.values import mapping, whole
from generator.rules.examples import SERVICE, deployment, together
from generator.rules.rule import Rule, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.kubernetes.pods import PodContainer
    from generator.model.base import Manifest
    from generator.rules.view import View

# Words for "fit for traffic": /ready, /readyz, /health/readiness, isReady; not `pg_isready`, which asks the process.
_READINESS = re.compile(r"(?<![a-z])(?<!pg_)(?:is[-_]?)?read(?:yz?|iness)(?![a-z])", re.IGNORECASE)

_PERIOD, _FAILURES = 10, 3  # periodSeconds and failureThreshold when left out


def _cold_traffic(manifest: Manifest, view: View) -> Iterator[Violation]:
    seen: set[object] = set()
    for service in near(manifest, view.objects, "Service"):
        if not selects(service, manifest) or _takes_unready(service) or is_scraped_only(service):
            continue
        for container in _reached(service, lasting(manifest)):
            if not container.spec.get("readinessProbe") and container.path not in seen:
                seen.add(container.path)
                yield _no_readiness(container, service)


def _takes_unready(service: Manifest) -> bool:
    return mapping(service.get("spec")).get("publishNotReadyAddresses") is True


def _reached(service: Manifest, candidates: list[PodContainer]) -> list[PodContainer]:
    """Return the containers that a Service sends traffic to: the first where no declared port tells."""
    targets = [_target(port) for port in requested_ports(service)]
    reached = [
        container
        for container in candidates
        if any(port.number in targets or (port.name and port.name in targets) for port in ports(container))
    ]
    probed = any(container.spec.get("readinessProbe") for container in candidates)
    return reached or ([] if probed else candidates[:1])


def _target(port: dict[Any, Any]) -> Any:
    return port["targetPort"] if port.get("targetPort") is not None else port.get("port")


def _no_readiness(container: PodContainer, service: Manifest) -> Violation:
    number = next((port.number for port in ports(container)), 8000)
    return Violation(
        path=container.path,
        message=f"container `{container.name}` has no readinessProbe, and Service `{name(service)}` sends it "
        f"traffic; "
        "each rollout then answers with errors until the new pods have warmed up",
        remedy=f"`readinessProbe: {{httpGet: {{path: /ready, port: {number}}}}}`",
    )


def _restarts(manifest: Manifest, _view: View) -> Iterator[Violation]:
    for container in lasting(manifest):
        liveness, readiness = container.spec.get("livenessProbe"), container.spec.get("readinessProbe")
        if not (isinstance(liveness, dict) and isinstance(readiness, dict)):
            continue
        same = _endpoint(liveness, container)
        if same is not None and same == _endpoint(readiness, container):
            yield _same(container, same)
        elif _patience(liveness) < _patience(readiness):
            yield _tight(container, liveness, readiness)


def _endpoint(probe: dict[Any, Any], container: PodContainer) -> tuple[Any, ...] | None:
    """Return what a probe asks, comparably; None for a TCP connect, which asks the application nothing."""
    http, grpc, command = (
        mapping(probe.get("httpGet")),
        mapping(probe.get("grpc")),
        at(probe, ("exec", "command")),
    )
    if http:
        scheme = str(http.get("scheme") or "HTTP").upper()
        return (
            "httpGet",
            scheme,
            http.get("host"),
            _number(http.get("port"), container),
            http.get("path") or "/",
        )
    if grpc:
        return "grpc", grpc.get("service") or "", grpc.get("port")
    return ("exec", command) if command else None


def _number(port: Any, container: PodContainer) -> Any:
    """Return a probe's port as a number where it is the name of a declared one."""
    return next((one.number for one in ports(container) if one.name and one.name == port), port)


def _patience(probe: dict[Any, Any]) -> int:
    """Return the seconds of failing that a probe bears before it acts."""
    return whole(probe.get("periodSeconds"), _PERIOD) * whole(probe.get("failureThreshold"), _FAILURES)


def _same(container: PodContainer, endpoint: tuple[Any, ...]) -> Violation:
    asked = "run the same command" if endpoint[0] == "exec" else f"ask the same {endpoint[0]} `{endpoint[-1]}`"
    certain = _READINESS.search(str(endpoint[1:])) is not None
    harm = "a slow database then restarts" if certain else "if that asks a database, a slow one restarts"
    return Violation(
        path=(*container.path, "livenessProbe"),
        message=f"liveness and readiness of container `{container.name}` {asked}; "
        f"{harm} every pod at once instead of pausing their traffic",
        remedy="let liveness ask only whether the process answers, "
        "e.g. `livenessProbe: {httpGet: {path: /live, port: 8000}}`",
        severity=None if certain else Severity.WARNING,
    )


def _tight(container: PodContainer, liveness: dict[Any, Any], readiness: dict[Any, Any]) -> Violation:
    period = max(whole(liveness.get("periodSeconds"), _PERIOD), 1)
    return Violation(
        path=(*container.path, "livenessProbe"),
        message=f"liveness of container `{container.name}` gives up after {_arithmetic(liveness)}, before "
        f"readiness does "
        f"({_arithmetic(readiness)}); an overloaded pod is then restarted instead of relieved, and its load "
        "falls on the next one",
        remedy=f"`livenessProbe: {{failureThreshold: {-(-_patience(readiness) // period)}}}` or more",
        severity=Severity.WARNING,
    )


def _arithmetic(probe: dict[Any, Any]) -> str:
    period, failures = (
        whole(probe.get("periodSeconds"), _PERIOD),
        whole(probe.get("failureThreshold"), _FAILURES),
    )
    return f"{period} s x {failures} = {period * failures} s"


_READY = "readinessProbe: {httpGet: {path: /ready, port: 8000}}\n"
_WEB = "image: web:1.4.2\nports: [{containerPort: 8000}]\n"

WRK007 = Rule(
    id="WRK007",
    title="No readiness probe behind a Service",
    why="""Without a readiness probe a pod gets traffic as soon as its process starts: every rollout, every
scale-up and every moved pod answers with errors until it has warmed up. Looked at in production
environments, for the containers that a Service of the same overlay reaches; not for Services that publish
unready addresses on purpose, nor through ports called `metrics`, on which no request waits.""",
    remedy="`readinessProbe: {httpGet: {path: /ready, port: 8000}}`",
    severity=Severity.ERROR,
    stage="object",
    check=_cold_traffic,
    kinds=SERVING,
    production_only=True,
    bad=together(deployment(_WEB), SERVICE),
    good=together(deployment(_WEB + _READY), SERVICE),
)

WRK008 = Rule(
    id="WRK008",
    title="Liveness asks what readiness asks, or gives up sooner",
    why="""Readiness takes a pod out of traffic, liveness kills it. When both ask the same endpoint or command, a
slow database makes every pod fail both, and all restart at once, cold. That is an error where the path or the
command speaks of readiness (`/ready`, `/readyz`, `/health/readiness`), and a warning elsewhere: whether
`/health` asks a database, only the application knows. A liveness probe that gives up sooner than readiness
(`periodSeconds` x `failureThreshold`) is a warning. Two TCP connects to one port count as different: a connect
asks the application nothing.""",
    remedy="let liveness ask only whether the process answers, and be the more patient one",
    severity=Severity.ERROR,
    stage="object",
    check=_restarts,
    kinds=SERVING,
    bad=deployment(_WEB + "livenessProbe: {httpGet: {path: /ready, port: 8000}}\n" + _READY),
    good=deployment(_WEB + "livenessProbe: {httpGet: {path: /live, port: 8000}, periodSeconds: 30}\n" + _READY),
)
