"""What pages suppress of that which no overlay can say alone, and entries that no longer suppress anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.findings.verdict import Allowance, Suppressed
from generator.rules.world import RepositoryViolation

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from generator.findings.finding import Finding, Place
    from generator.findings.verdict import Verdict
    from generator.rules.world import World


def allowed_across(
    found: Iterable[tuple[Verdict | None, Finding]],
) -> tuple[list[Finding], list[Suppressed], set[Place]]:
    """Split findings about overlays into those that stand and those that a page allows; and where it allows them."""
    standing, allowed, used = [], [], set()
    for verdict, finding in found:
        entry = next((entry for entry in (verdict.allowances if verdict else ()) if entry.covers(finding)), None)
        if entry is None:
            standing.append(finding)
        else:
            allowed.append(Suppressed(finding, entry.reason))
            used.add(entry.place)
    return standing, allowed, used


def idle_allowances(world: World) -> Iterator[RepositoryViolation]:
    """Yield a hint for each entry of a page whose rule finds nothing any more; those at places in `world.used` do.

    Nothing is said of a page while one of its environments was not checked: it is not released there, is not as
    rendered, or does not build.
    """
    units: dict[str, list[Verdict]] = {}
    for verdict in world.verdicts:
        if verdict.target.root.reader == "environment":
            units.setdefault(verdict.unit, []).append(verdict)
    for found in units.values():
        if any(verdict.allowances for verdict in found) and _is_complete(found):
            yield from (_sighting(entry) for entry in _idle(found) if entry.place not in world.used)


def _is_complete(verdicts: list[Verdict]) -> bool:
    """Report whether every rule has looked at the page in each of its environments."""
    awaited = {environment for verdict in verdicts for environment in verdict.awaited}
    return all(verdict.lasting for verdict in verdicts) and awaited == {verdict.environment for verdict in verdicts}


def _idle(verdicts: Iterable[Verdict]) -> list[Allowance]:
    """Return the entries that no environment needs, each once."""
    entries = [entry for verdict in verdicts for entry in verdict.allowances]
    used = {entry.place for entry in entries if entry.used}
    return list({entry.place: entry for entry in entries if entry.place not in used}.values())


def _sighting(entry: Allowance) -> RepositoryViolation:
    return RepositoryViolation(
        place=entry.place,
        message=f"{entry.rule} is suppressed, and finds nothing here any more",
        remedy="take the entry out: it would hide the next fault of this kind",
    )
