"""Sync windows of an AppProject: which of them concern an Application, whether it may sync now, and when it may again.

By the rules of Argo CD 3.5: a window's schedule is read on the clocks of its time zone, whose offset is the one of the
moment that is asked about; an active deny window closes, and an inactive allow window closes unless another is active.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import msgspec

from generator.clock.timetable import coming, cron_fault, duration_of, times, zone_of
from generator.controller.glob import glob_match, is_literal
from generator.kubernetes.manifest import at

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from generator.controller.permission import ApplicationDestination
    from generator.model.base import Manifest

# How far ahead an opening is looked for: past either, nobody waits for it.
_HORIZON = timedelta(days=400)
_STEPS = 1000

_SECOND = timedelta(seconds=1)
_INSTANT = timedelta(microseconds=1)


class Window(msgspec.Struct, frozen=True, kw_only=True):
    """One sync window as its project states it; `manual` lets people sync while it is closed."""

    kind: str
    schedule: str
    duration: str
    zone: str = ""
    manual: bool = False
    description: str = ""

    @property
    def fault(self) -> str:
        """Return why Argo CD cannot read the window, nothing if it can; one that it cannot read closes."""
        if duration_of(self.duration) is None:
            return f"'{self.duration}' is no duration"
        found = cron_fault(self.schedule)
        return f"'{self.schedule}' is no schedule: {found}" if found else ""

    def is_active(self, moment: datetime) -> bool:
        """Return whether the window is on at `moment`; neither its first nor its last instant belongs to it."""
        wall = self._wall(moment)
        whole = wall.replace(microsecond=0)
        before = whole if whole == wall else whole + _SECOND
        begin = next(iter(times(self.schedule, before)), None)
        return begin is not None and begin > wall - self._span

    def next_change(self, moment: datetime) -> datetime | None:
        """Return the first instant after `moment` at which the window may begin or end, None where there is none."""
        wall = self._wall(moment)
        last = next(iter(times(self.schedule, wall.replace(microsecond=0) + _SECOND)), None)
        walls = [next(iter(coming(self.schedule, wall)), None), None if last is None else last + self._span]
        return min((moment + (each - wall) for each in walls if each is not None and each > wall), default=None)

    @property
    def _span(self) -> timedelta:
        return duration_of(self.duration) or timedelta()

    def _wall(self, moment: datetime) -> datetime:
        return moment.astimezone(zone_of(self.zone or None) or UTC).replace(tzinfo=None, fold=0)


class Gate(msgspec.Struct, frozen=True, kw_only=True):
    """What the windows of an Application come to at a moment: closed, by which windows, until when, for people too."""

    windows: tuple[Window, ...] = ()
    closed: bool = False
    until: datetime | None = None
    manual: bool = True
    faults: tuple[str, ...] = ()


class Patterns(msgspec.Struct, frozen=True):
    """What a window says of names: those that are meant as they stand, and the others."""

    literal: frozenset[str]
    globs: tuple[str, ...]

    def take(self, value: str) -> bool:
        """Return whether one of them fits."""
        return value in self.literal or any(glob_match(pattern, value) for pattern in self.globs)


class WindowScope(msgspec.Struct, frozen=True, kw_only=True):
    """A window and whom it concerns: by any sort of name, or with `every` by all sorts that it has."""

    window: Window
    applications: Patterns | None
    clusters: Patterns | None
    namespaces: Patterns | None
    every: bool

    def concerns(self, application: str, destination: ApplicationDestination) -> bool:
        """Return whether the window concerns an Application."""
        clusters = [each for each in (destination.name, destination.server) if each]
        sorts = (
            (self.applications, [application]),
            (self.clusters, clusters),
            (self.namespaces, [destination.namespace]),
        )
        judged = [any(map(patterns.take, values)) for patterns, values in sorts if patterns is not None]
        return bool(judged) and (all(judged) if self.every else any(judged))


def reaches(project: Manifest) -> tuple[WindowScope, ...]:
    """Read the windows of a project."""
    return tuple(_reach(entry) for entry in at(project, ("spec", "syncWindows")) or ())


def gate(reached: Iterable[WindowScope], application: str, destination: ApplicationDestination, now: datetime) -> Gate:
    """Return what a project's windows say of an Application at `now`; `until` is None where no end is in sight."""
    return _gate(tuple(each.window for each in reached if each.concerns(application, destination)), now)


@lru_cache(maxsize=256)
def _gate(windows: tuple[Window, ...], now: datetime) -> Gate:
    faults = tuple(window.fault for window in windows if window.fault)
    if faults:
        return Gate(windows=windows, closed=True, manual=False, faults=faults)
    closing = _closing(windows, now)
    if not closing:
        return Gate(windows=windows)
    return Gate(
        windows=windows, closed=True, until=_opening(windows, now), manual=all(window.manual for window in closing)
    )


def _reach(entry: dict[str, Any]) -> WindowScope:
    window = Window(
        kind=str(entry.get("kind", "")),
        schedule=str(entry.get("schedule", "")),
        duration=str(entry.get("duration", "")),
        zone=str(entry.get("timeZone") or ""),
        manual=bool(entry.get("manualSync")),
        description=str(entry.get("description") or ""),
    )
    applications, clusters, namespaces = (
        _patterns(entry.get(key)) for key in ("applications", "clusters", "namespaces")
    )
    every = bool(entry.get("andOperator"))
    return WindowScope(window=window, applications=applications, clusters=clusters, namespaces=namespaces, every=every)


def _patterns(given: Any) -> Patterns | None:
    if not given:
        return None
    texts = [str(each) for each in given]
    return Patterns(frozenset(filter(is_literal, texts)), tuple(text for text in texts if not is_literal(text)))


def _closing(windows: Sequence[Window], moment: datetime) -> list[Window]:
    """Return the windows that keep an Application from syncing at a moment."""
    active = [window for window in windows if window.is_active(moment)]
    denying = [window for window in active if window.kind == "deny"]
    if denying or any(window.kind == "allow" for window in active):
        return denying
    return [window for window in windows if window.kind == "allow"]


def _opening(windows: Sequence[Window], now: datetime) -> datetime | None:
    """Return the first instant from `now` on right after which nothing closes."""
    moment = now
    for _ in range(_STEPS):
        if not _closing(windows, moment + _INSTANT):
            return moment
        changes = [change for window in windows if (change := window.next_change(moment)) is not None]
        if not changes or (moment := min(changes)) - now > _HORIZON:
            return None
    return None
