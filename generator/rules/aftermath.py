"""What follows from a lost service (DIF001) and would only repeat it: its own files, and what Argo CD is told of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.rules.difference import DIF001
from generator.rules.kustomization import KUS004
from generator.rules.proof import PRF001, PRF003

if TYPE_CHECKING:
    from collections.abc import Iterable

    from generator.findings.finding import Finding

_REPEATING = {KUS004.id, PRF001.id, PRF003.id}


def without_aftermath(findings: Iterable[Finding], beside: Iterable[Finding]) -> list[Finding]:
    """Leave out of `findings` what follows from services that `beside` says are lost.

    That an ApplicationSet differs then is no news either, whosever it is: no run is green before the loss is mended.
    """
    lost = {(each.environment, _service(each)) for each in beside if each.rule == DIF001.id}
    own = tuple(
        part for environment, name in lost if name for part in (f"overlays/{environment}/{name}", f"base/{name}")
    )
    return [each for each in findings if not (lost and _repeats(each, own))]


def _service(finding: Finding) -> str:
    """Return the service whose page is gone or shuts the environment out; "" where another page does."""
    folder, _, file = finding.place.file.partition("/")
    return file.removesuffix(".yaml") if folder == "services" else ""


def _repeats(finding: Finding, own: tuple[str, ...]) -> bool:
    if finding.rule not in _REPEATING:
        return False
    file = finding.place.file
    return _tells_argocd(finding) or any(file == folder or file.startswith(f"{folder}/") for folder in own)


def _tells_argocd(finding: Finding) -> bool:
    """Return whether a finding is about the list of ApplicationSets of an Argo CD, or about one of them."""
    parts = finding.place.file.split("/")
    listed = parts[0] == "argocd" and parts[2:3] in (["kustomization.yaml"], ["applicationsets"])
    return listed or (not finding.environment and finding.object.startswith("ApplicationSet/"))
