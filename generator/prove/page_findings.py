"""What a page says without effect, and what it gets without saying so: findings at the lines of the page itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.inputs.keys import name_of
from generator.render.overruled import find_overruled
from generator.rules.spec import SPC010, SPC011, SPC012

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.findings.finding import Finding
    from generator.inputs.layers import Layers
    from generator.model.overruled import Overruled
    from generator.model.page import Page
    from generator.model.service import Service

_PROBES = ("livenessProbe", "readinessProbe", "startupProbe")


def page_findings(service: Service, layers: Layers, file: str) -> Iterator[Finding]:
    """Yield the findings about the page of a service, as one environment sees it; those of several are equal.

    `layers` are those that the service was merged from, `file` is its page.
    """
    for word in find_overruled(service):
        if _is_idle(word, layers, file):
            yield _idle(word, layers)
    yield from _added_port(service.page, layers)
    yield from _deployment_beside_jobs(service.page, layers, file)


def _is_idle(word: Overruled, layers: Layers, file: str) -> bool:
    """Report whether a word can do nothing where it stands.

    What overrules it stands beside it or below it, or nobody wrote it. Above it, another layer has made another choice;
    the number of pods is such a choice for any layer but the autoscaler's own.
    """
    if not word.by or layers.is_built_in(word.path):
        return False
    if layers.is_built_in(word.by) or not layers.has(word.by):
        return layers.place(word.path).file == file
    written, overruling = layers.height(word.path), layers.height(word.by)
    return written == overruling if word.path == ("replicas",) else written >= overruling


def _idle(word: Overruled, layers: Layers) -> Finding:
    return SPC010.finding(
        place=layers.key_place(word.path),
        message=f"'{name_of(word.path)}' has no effect: {word.why}",
        remedy="drop it",
    )


def _added_port(page: Page, layers: Layers) -> Iterator[Finding]:
    entry = page.service
    if entry is None or not entry.ports or entry.type == "ExternalName" or not layers.is_built_in(("service", "port")):
        return
    yield SPC011.finding(
        place=layers.key_place(("service", "ports")),
        message=f"the Service has port {entry.port} `{entry.portName}` beside 'service.ports', and nobody wrote it; "
        "a later version leaves it out",
        remedy="`port: null` leaves it out now, `port: 80` keeps it",
    )


def _deployment_beside_jobs(page: Page, layers: Layers, file: str) -> Iterator[Finding]:
    if not page.has_deployment or page.deployment is not None or not (page.jobs or page.cronJobs):
        return
    if page.port or page.ports or any(getattr(page, probe) for probe in _PROBES) or page.service is not None:
        return
    if layers.place(("image",)).file == file:
        yield SPC012.finding(
            place=layers.key_place(("image",)),
            message="the page has jobs, and a Deployment of the same image without port and probe",
            remedy="`deployment: false` if the image is for the jobs alone, `deployment: true` if it is a worker",
        )
