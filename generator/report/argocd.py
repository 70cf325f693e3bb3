"""What Argo CD will do, as a table, in words, and as data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.clock.instant import format_instant
from generator.controller.change import Fate
from generator.findings.text import escape_lines
from generator.report.application_report import details
from generator.report.release import aligned

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from generator.controller.order import Wave
    from generator.controller.project_check import ProjectRefusal
    from generator.controller.window import Gate
    from generator.preview.preview import Forecast, Outlook

_HEAD = ("application", "project", "destination", "path", "waves", "objects", "")


def plan_text(forecasts: Sequence[Forecast], *, named: bool, changed: bool = False) -> str:
    """Return a table of all Applications, what is wrong or goes, and totals; with `named` each Application in full.

    With `changed` the table holds only those that change.
    """
    outlooks = [each for forecast in forecasts for each in forecast.outlooks if each.changes or not changed]
    parts = [aligned([_HEAD, *map(_row, outlooks)])] if outlooks else []
    if named:
        parts += [list(details(outlook)) for outlook in outlooks]
    if said := [line for forecast in forecasts for line in _said(forecast)]:
        parts.append(said)
    return "\n".join(map(escape_lines, [*parts, list(_totals(forecasts))]))


def _row(outlook: Outlook) -> tuple[str, ...]:
    application = outlook.application
    site = outlook.built.site
    built = not (outlook.built.fault or site.elsewhere)
    return (
        application.name,
        application.project,
        str(application.destination),
        ", ".join(source.path or source.chart for source in application.sources),
        _waves(outlook.waves) if built else "-",
        str(sum(len(wave.tasks) for wave in outlook.waves)) if built else "-",
        ", ".join(_marks(outlook)),
    )


def _waves(waves: Iterable[Wave]) -> str:
    """Return the steps in short: numbers for waves of the Sync phase, others with their phase before them."""
    return " ".join(str(each.wave) if each.phase == "Sync" else f"{each.phase}:{each.wave}" for each in waves)


def _marks(outlook: Outlook) -> Iterator[str]:
    if outlook.built.fault:
        yield "cannot be built"
    if outlook.refusals:
        yield f"{len(outlook.refusals)} refused"
    if outlook.doubts:
        yield f"{len(outlook.doubts)} in doubt"
    if outlook.built.site.elsewhere:
        yield "not built here"
    if outlook.gate.closed:
        yield closed(outlook.gate)
    if not outlook.application.policy.automated:
        yield "by hand"
    change = outlook.change
    if change is not None and not change.silent:
        counts = ((len(change.created), "+"), (len(change.changed), "~"), (len(change.gone), "-"))
        yield " ".join(f"{sign}{count}" for count, sign in counts if count) or "moved"


def closed(gate: Gate) -> str:
    """Return until when nothing is synced."""
    if gate.faults:
        return "closed: Argo CD cannot read a sync window"
    return f"closed until {format_instant(gate.until)}" if gate.until else "closed, no end in sight"


def _said(forecast: Forecast) -> Iterator[str]:
    """Yield each thing that is refused, unknown or goes, on a line of its own."""
    for outlook in forecast.outlooks:
        yield from _of_outlook(outlook)
    for first, second in forecast.twins:
        yield f"{second.place}: {second.name}: two Applications have this name; the other is of {first.place}"
    for each in forecast.unexpanded:
        kind = "Argo CD cannot expand it" if each.certain else "not expanded"
        yield f"{each.place}: {each.name}: {kind}: {each.why}"
    for parting in forecast.parted:
        yield f"{parting.application.name}: no longer there; it {parting.fate}"


def _of_outlook(outlook: Outlook) -> Iterator[str]:
    name, built = outlook.application.name, outlook.built
    if built.fault:
        yield f"{name}: cannot be built: {built.fault}"
    if built.site.elsewhere:
        yield f"{name}: not built here: {built.site.elsewhere}"
    for refusal in outlook.refused:
        what = _verb(refusal)
        yield f"{name}: {what}: {refusal.message}" + (f" [{refusal.object}]" if refusal.object else "")
    for each in outlook.change.moved if outlook.change else ():
        yield f"{name}: {each}"
    for job in outlook.change.again if outlook.change else ():
        yield f"{name}: {job} runs again: its pod template changed, so Argo CD replaces it"
    for gone in outlook.change.gone if outlook.change else ():
        yield f"{name}: {gone.object} is no longer wanted: {gone}"


def _verb(refusal: ProjectRefusal) -> str:
    if not refusal.certain:
        return "cannot be told without the cluster"
    return "cannot be pruned" if refusal.prune else "refused"


def _totals(forecasts: Sequence[Forecast]) -> Iterator[str]:
    outlooks = [outlook for forecast in forecasts for outlook in forecast.outlooks]
    refused = sum(len(outlook.refusals) for outlook in outlooks)
    unbuilt = sum(bool(outlook.built.fault) for outlook in outlooks)
    elsewhere = sum(bool(outlook.built.site.elsewhere) for outlook in outlooks)
    unexpanded = sum(len(forecast.unexpanded) for forecast in forecasts)
    yield (
        f"{', '.join(forecast.instance for forecast in forecasts)}: {_count(len(outlooks), 'Application')}, "
        f"{_count(refused, 'refusal')}, {unbuilt} cannot be built, {elsewhere} not built here, "
        f"{unexpanded} not expanded"
    )
    changes = [outlook.change for outlook in outlooks if outlook.change is not None]
    parted = sum(len(each.parted) for each in forecasts)
    if not (changes or parted):
        return
    pruned = sum(gone.fate is Fate.PRUNED and not gone.heir for change in changes for gone in change.gone)
    lost = sum(len(change.gone) for change in changes)
    yield (
        f"against the base: {_count(sum(len(each.created) for each in changes), 'object')} new, "
        f"{sum(len(each.changed) for each in changes)} changed, {lost} no longer wanted ({pruned} pruned); "
        f"{_count(sum(each.new for each in changes), 'Application')} new, {parted} gone"
    )


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'s' * (number != 1)}"
