"""Findings that a page allows, by the name of the rule and with a reason; and those that another one explains."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.findings.verdict import Suppressed, covers
from generator.model.page import is_suppressible
from generator.rules.proof import SCH002
from generator.rules.versions import WRK018

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from generator.findings.finding import Finding
    from generator.layout.unit import Overlay
    from generator.model.page import Suppression


def suppress(overlay: Overlay, findings: Sequence[Finding]) -> tuple[tuple[Finding, ...], tuple[Suppressed, ...]]:
    """Split findings into those that stand and those that the page allows."""
    standing: list[Finding] = []
    allowed: list[Suppressed] = []
    for finding in findings:
        reason = next((entry.reason for entry in overlay.suppress if _covers(entry, finding)), None)
        if reason is None:
            standing.append(finding)
        else:
            allowed.append(Suppressed(finding, reason))
    return tuple(standing), tuple(allowed)


def is_used(entry: Suppression, allowed: Collection[Suppressed]) -> bool:
    """Report whether an entry covers any of the findings that the page allows; of two that cover one, both do."""
    return any(_covers(entry, each.finding) for each in allowed)


def explained(findings: Sequence[Finding]) -> list[Finding]:
    """Leave out that an object has no schema where it stands that its API is gone: one fault, one finding."""
    gone = {finding.object for finding in findings if finding.rule == WRK018.id}
    return [finding for finding in findings if finding.rule != SCH002.id or finding.object not in gone]


def _covers(entry: Suppression, finding: Finding) -> bool:
    return is_suppressible(entry.rule) and covers(entry.rule, entry.object, finding)
