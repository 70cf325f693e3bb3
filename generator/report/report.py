"""The answer of `validate` as text and as data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from generator.verdict import Report


def report_text(report: Report) -> str:
    """Give every finding and suppression on a line of its own, then the totals."""
    lines = [str(finding) for finding in report.findings]
    lines += [f"{each.finding.place}: allowed {each.finding.rule}: {each.reason} [{each.finding.environment} {each.finding.object}]" for each in report.suppressed]
    return "\n".join([*lines, totals(report)]) + "\n"


def totals(report: Report) -> str:
    """Give the counts on one line."""
    return (
        f"{report.pages} pages, {report.overlays} overlays built, {report.compared} objects equal to the model's count, "
        f"{report.checked} objects checked by kubeconform, {report.skipped} skipped, {report.rules} rules run, "
        f"{len(report.findings)} findings, {len(report.suppressed)} allowed; cache: {report.hits} hits, {report.misses} misses"
    )


def report_data(report: Report) -> dict[str, Any]:
    """Give the report as plain values."""
    return {
        "pages": report.pages,
        "overlaysBuilt": report.overlays,
        "objectsCompared": report.compared,
        "objectsChecked": report.checked,
        "skipped": report.skipped,
        "rulesRun": report.rules,
        "cache": {"hits": report.hits, "misses": report.misses},
        "findings": list(report.findings),
        "allowed": [{"finding": each.finding, "reason": each.reason} for each in report.suppressed],
    }
