"""Findings that a page allows, by the name of the rule and with a reason; and those that another one explains."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.model.page import is_suppressible
from generator.verdict import Suppressed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.finding import Finding
    from generator.layout.unit import Overlay


def suppress(overlay: Overlay, findings: Sequence[Finding]) -> tuple[tuple[Finding, ...], tuple[Suppressed, ...]]:
    """Split findings into those that stand and those that the page allows."""
    standing: list[Finding] = []
    allowed: list[Suppressed] = []
    for finding in findings:
        reason = next((entry.reason for entry in overlay.suppress if _covers(entry.rule, entry.object, finding)), None)
        if reason is None:
            standing.append(finding)
        else:
            allowed.append(Suppressed(finding, reason))
    return tuple(standing), tuple(allowed)


def explained(findings: Sequence[Finding]) -> list[Finding]:
    """Leave out that an object has no schema where it stands that its API is gone: one fault, one finding."""
    gone = {finding.object for finding in findings if finding.rule == "WRK018"}
    return [finding for finding in findings if finding.rule != "SCH002" or finding.object not in gone]


def _covers(rule: str, object_: str | None, finding: Finding) -> bool:
    if rule != finding.rule or not is_suppressible(rule):
        return False
    kind, _, rest = finding.object.partition("/")
    return object_ is None or object_ == f"{kind}/{rest.rpartition('/')[2]}"
