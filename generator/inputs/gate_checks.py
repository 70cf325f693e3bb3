"""Words under `gates:` that no gate could be held against: a schedule that is none, a pattern that does not compile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.clock.timetable import cron_fault, duration_of, wall_time, zone_of
from generator.inputs.fault import Fault, Path
from generator.inputs.schedules import unknown_zone

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.findings.finding import Finding
    from generator.inputs.project import Project
    from generator.model.gates import Freeze, Gates
    from generator.model.project import Environment

_AGAIN = ("schedule", "duration")
_ONCE = {"start": "from", "end": "to"}
_FORMS = "write schedule and duration for one that comes again, from and to for one that does not"


def unfit_gates(project: Project) -> Iterator[Finding]:
    """Yield a complaint for each word under `gates:` that has the right type and no meaning."""
    for name, environment in project.environments.items():
        document = project.documents[f"environments/{name}.yaml"]
        faults = _faults(environment.gates, is_first=(name,) == project.promoted[:1])
        for fault in (*faults, *_apart(environment)):
            yield fault.rule.complaint(document.place(("gates", *fault.path)), fault.message, fault.remedy)


def _apart(environment: Environment) -> Iterator[Fault]:
    """Yield a fault for a soak in an environment that no release comes to from another one."""
    if environment.gates.soak is not None and not environment.promotion:
        message = "'gates.soak' is the time in the environment before this one, and `promotion: false` leaves it none"
        yield Fault(("soak",), message, "drop it")


def _faults(gates: Gates, *, is_first: bool) -> Iterator[Fault]:
    if gates.soak is not None and duration_of(gates.soak) is None:
        yield _no_duration(("soak",), gates.soak)
    elif gates.soak is not None and is_first:
        message = "'gates.soak' is the time in the environment before this one, and this is the first"
        yield Fault(("soak",), message, "drop it, or write it in the next environment")
    if gates.tagPattern is not None:
        yield from _pattern(gates.tagPattern)
    if gates.command is not None:
        yield from _program(gates.command.args[0])
    for number, freeze in enumerate(gates.freezes):
        yield from _freeze(("freezes", number), freeze)


def _program(program: str) -> Iterator[Fault]:
    """Yield a fault for a path that leaves the repository; where links lead is seen when it is to be run."""
    if program.startswith("/") or ".." in program.split("/"):
        message = f"'{program}' is no path in the repository"
        yield Fault(("command", "args", 0), message, "write scripts/NAME, or the name of a program on the PATH")


def _pattern(pattern: str) -> Iterator[Fault]:
    import re  # with warnings, for pages that have a pattern
    import warnings

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            re.compile(pattern)
    except (re.error, Warning, OverflowError, RecursionError) as error:
        message = f"'{pattern}' is no regular expression: {error}"
        yield Fault(("tagPattern",), message, r"e.g. '\d+\.\d+\.\d+'")


def _freeze(path: Path, freeze: Freeze) -> Iterator[Fault]:
    """Yield the faults of one freeze: exactly one of its two forms, whole, and each word with a meaning."""
    given = {key for key in (*_AGAIN, *_ONCE) if getattr(freeze, key) is not None}
    if given not in (set(_AGAIN), set(_ONCE)):
        yield Fault(path, "a freeze that has neither of the two forms, or both", _FORMS)
        return
    if zone_of(freeze.timeZone) is None:
        yield Fault((*path, "timeZone"), *unknown_zone(freeze.timeZone or ""))
    yield from _again(path, freeze) if freeze.schedule is not None else _once(path, freeze)


def _again(path: Path, freeze: Freeze) -> Iterator[Fault]:
    if fault := cron_fault(freeze.schedule or ""):
        yield Fault((*path, "schedule"), f"'{freeze.schedule}' is no schedule: {fault}", 'e.g. "0 18 * * 5"')
    if not duration_of(freeze.duration or ""):
        yield _no_duration((*path, "duration"), freeze.duration or "")


def _once(path: Path, freeze: Freeze) -> Iterator[Fault]:
    begin, end = wall_time(freeze.start or ""), wall_time(freeze.end or "")
    for key, moment in (("start", begin), ("end", end)):
        if moment is None:
            message = f"'{getattr(freeze, key)}' is no date and time"
            yield Fault((*path, _ONCE[key]), message, 'e.g. "2026-12-20T18:00"')
    if begin and end and end <= begin:
        yield Fault((*path, "to"), f"the freeze ends ({freeze.end}) before it begins ({freeze.start})", "swap the two")


def _no_duration(path: Path, text: str) -> Fault:
    return Fault(path, f"'{text}' is no duration", "e.g. 24h or 1h30m")
