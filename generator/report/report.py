"""The answer of `validate` as text and as data."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from generator.findings.text import escape_line, escape_lines
from generator.rules.proof import OWN001

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from generator.findings.verdict import Report, ServerCounts, Suppressed


# What own files change is no fault: a count is enough, and a list for whoever asks.


def report_text(report: Report, *, own: bool = False) -> str:
    """Return every finding and every allowed one on a line of its own, then the totals.

    What is found at one line in several environments is one line, with all of them at its end. What a person's own
    files change is listed only for `own`, and counted else.
    """
    shown = [finding for finding in report.findings if own or finding.rule != OWN001.id]
    lines = _folded((finding.environment, finding.line) for finding in shown)
    lines += _folded((each.finding.environment, partial(_allowed, each)) for each in report.suppressed)
    return escape_lines([*lines, *totals(report)])


def _folded(entries: Iterable[tuple[str, Callable[[str], str]]]) -> list[str]:
    """Return each line once, with all environments that it was said of; an entry is one of them, and what it says."""
    found: dict[str, tuple[Callable[[str], str], list[str]]] = {}
    for environment, line in entries:
        found.setdefault(line(""), (line, []))[1].append(environment)
    return [line(", ".join(environments)) for line, environments in found.values()]


def _allowed(suppressed: Suppressed, environments: str) -> str:
    finding = suppressed.finding
    said = f"{finding.place}: allowed {finding.rule}: {suppressed.reason}"
    return escape_line(said + finding.seen(environments))


def totals(report: Report) -> list[str]:
    """Return the counts, two lines of them, and one more where an API server was asked."""
    checked = (
        f"{_counted(report.pages, 'page')}, {_counted(report.overlays, 'overlay')} built, "
        f"{_counted(report.compared, 'object')} compared with the model, "
        f"{_counted(report.checked, 'object')} checked by kubeconform, {report.skipped} skipped"
    )
    own = sum(finding.rule == OWN001.id for finding in report.findings)
    changed = f"{_counted(own, 'change')} by own files (`fairlead validate --own` lists them), " if own else ""
    found = (
        f"{_counted(report.rules, 'rule')} run, {_counted(len(report.findings) - own, 'finding')}, {changed}"
        f"{len(report.suppressed)} allowed; "
        f"proofs kept from earlier runs: {report.hits}, made now: {report.misses}"
    )
    return [checked, found, *([_answered(report.api_server)] if report.api_server else [])]


def _answered(asked: ServerCounts) -> str:
    """Return what the API server was asked, and what it had been asked in earlier runs."""
    server = f"kube-apiserver {' and '.join(asked.versions)}".rstrip()
    objects = _counted(asked.asked, "object")
    now = f"{objects} asked now, in {asked.seconds:.1f} s" if asked.asked else "nothing asked now"
    return f"{server}: {now}; {_counted(asked.cached, 'answer')} kept from earlier runs"


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def report_data(report: Report) -> dict[str, Any]:
    """Return the report as plain values."""
    return {
        "pages": report.pages,
        "overlaysBuilt": report.overlays,
        "objectsCompared": report.compared,
        "objectsChecked": report.checked,
        "skipped": report.skipped,
        "rulesRun": report.rules,
        "cache": {"hits": report.hits, "misses": report.misses},
        **({"apiServer": report.api_server} if report.api_server else {}),
        "findings": list(report.findings),
        "allowed": [{"finding": each.finding, "reason": each.reason} for each in report.suppressed],
    }
