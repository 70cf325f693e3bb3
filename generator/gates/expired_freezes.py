"""Freezes that are over and still on a page: their sync windows have no year, so Argo CD closes again a year later.

The answer depends on the clock, so no verdict remembers it; where no freeze has begun it costs a look at pages.
"""

from __future__ import annotations

import re
from datetime import timedelta
from itertools import count
from typing import TYPE_CHECKING

from generator.rules.proof import ARG013

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from generator.disk.tree import Tree
    from generator.findings.finding import Finding
    from generator.inputs.project import Project
    from generator.model.gates import Freeze

_DAY = re.compile(rb"[12][0-9]{3}-[0-9]{2}-[0-9]{2}")


def bygone_freezes(tree: Tree, now: datetime) -> list[Finding]:
    """Return a warning for each freeze with dates that is over and of which an instance of Argo CD has a window."""
    tomorrow = f"{now + timedelta(days=1):%Y-%m-%d}".encode()  # by then the day has ended in every zone
    pages = [tree.files[path] for path in tree.under("environments")]
    if not any(b"freezes" in page and any(day <= tomorrow for day in _DAY.findall(page)) for page in pages):
        return []
    from generator.inputs.load import load  # pages without such a day import none of it: 90 ms

    return list(_bygone(load(tree, only=()), now))


def _bygone(project: Project, now: datetime) -> Iterator[Finding]:
    for environment in _windowed(project):
        document = project.documents[f"environments/{environment}.yaml"]
        for number, freeze in enumerate(project.environments[environment].gates.freezes):
            if freeze.start and freeze.end and (message := _over(freeze, environment, now)):
                yield ARG013.finding(
                    place=document.place(("gates", "freezes", number)),
                    message=message,
                    remedy="take it off the page",
                    environment=environment,
                )


def _windowed(project: Project) -> Iterator[str]:
    """Yield each environment that systems run in and an instance syncs: only there a freeze is a sync window."""
    from generator.inputs.scope import environments_of  # as above

    for instance in project.gitops.argocd.instances:
        for environment in environments_of(project, instance):
            if any(environment in system.environments for system in project.systems.values()):
                yield environment


def _over(freeze: Freeze, environment: str, now: datetime) -> str:
    """Return when a freeze with dates ended and when its window closes next, nothing if it is not over."""
    from generator.clock.timetable import on_wall, shown_at, wall_time, zone_of  # as above

    zone, begin, end = zone_of(freeze.timeZone), wall_time(freeze.start or ""), wall_time(freeze.end or "")
    if zone is None or begin is None or end is None:
        return ""  # the page was refused
    last = shown_at(end, zone)[-1]
    if now < last:
        return ""
    length = last - shown_at(begin, zone)[0]
    starts = (shown_at(wall, zone)[0] for wall in _anniversaries(begin))
    again = next(start for start in starts if now < start + length)
    day = f"{on_wall(again, zone):%Y-%m-%d}"
    closing = f"closes {environment} again on {day}" if now < again else f"keeps {environment} closed again since {day}"
    return f"the freeze ended {freeze.end}, and its sync window has no year: Argo CD {closing}"


def _anniversaries(begin: datetime) -> Iterator[datetime]:
    """Yield when a window that has a day and a month opens in the years after; a 29 February is rare."""
    for year in count(begin.year + 1):
        try:
            yield begin.replace(year=year)
        except ValueError:
            continue
