"""Schedules and time zones on pages: what Kubernetes would refuse, or understand as something else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.clock.timetable import job_schedule_fault, never_comes, zone_names, zone_of
from generator.findings.errors import ToolError
from generator.findings.nearest import nearest
from generator.inputs.fault import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.model.page import Page


def unfit_schedules(page: Page) -> Iterator[Fault]:
    """Yield a fault for each CronJob with a schedule that never comes or a time zone that does not exist.

    One that is suspended may never come: people start it by hand, and an impossible day says so.
    """
    for name, job in page.cronJobs.items():
        path = ("cronJobs", name)
        if never_comes(job.schedule):
            if not job.suspend:
                message = f"'{job.schedule}' never comes: no month of it has such a day"
                yield Fault((*path, "schedule"), message, "add `suspend: true` if it is started by hand alone")
        elif fault := job_schedule_fault(job.schedule):
            yield Fault((*path, "schedule"), f"'{job.schedule}' is no schedule: {fault}", 'e.g. "15 3 * * 1-5"')
        if zone_of(job.timeZone) is None:
            yield Fault((*path, "timeZone"), *unknown_zone(job.timeZone or ""))


def unknown_zone(name: str) -> tuple[str, str]:
    """Return the fault of a time zone that does not exist, and what to write.

    Raises ToolError where this machine knows none at all.
    """
    known = zone_names()
    if not known:
        raise ToolError(
            f"time zone '{name}': this machine has no time zone database; install tzdata (by the system, or by pip)"
        )
    near = nearest(name, known)
    return f"no time zone '{name}'", f"did you mean '{near}'?" if near else "e.g. Europe/Berlin"
