"""What happened to a cluster's objects, in order, from the API server's own audit log."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import msgspec

from tests.e2e.api import Object

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


_CREATED = 201
_GOOD = range(200, 300)


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """One change that was made: `time` in RFC 3339 with microseconds, so that texts compare as moments do.

    `what` is "made", "changed" or "deleted"; `resource` is Kubernetes' plural with its subresource: `jobs/status`.
    `body` is the object as it was stored, of the kinds that the audit policy keeps whole.
    """

    time: str
    what: str
    resource: str
    name: str
    body: Object

    def about(self, resource: str, name: str) -> bool:
        """Return whether this happened to that object."""
        return (self.resource, self.name) == (resource, name)

    def says(self, condition: str) -> bool:
        """Return whether the object had this condition then."""
        conditions = self.body.get("status", {}).get("conditions") or []
        return any(each["type"] == condition and each["status"] == "True" for each in conditions)


def events(log: Path, namespace: str) -> list[Event]:
    """Return all changes in a namespace in their order."""
    return sorted(_read(log, namespace), key=lambda event: event.time)


def made(found: list[Event], resource: str, name: str) -> Event:
    """Return the first time that an object was made; raises AssertionError when it never was."""
    for event in found:
        if event.what == "made" and event.about(resource, name):
            return event
    raise AssertionError(f"{resource} {name} was never made")


def became(found: list[Event], resource: str, name: str, condition: str) -> Event:
    """Return the first time that an object had a condition; raises AssertionError when it never had."""
    for event in found:
        if event.about(f"{resource}/status", name) and event.says(condition):
            return event
    raise AssertionError(f"{resource} {name} never became {condition}")


def _read(log: Path, namespace: str) -> Iterator[Event]:
    with log.open(encoding="utf-8") as lines:
        for line in lines:
            said = json.loads(line)
            about, code = said.get("objectRef", {}), said.get("responseStatus", {}).get("code", 0)
            if about.get("namespace") == namespace and code in _GOOD and "dryRun=" not in said["requestURI"]:
                yield _event(said, about, code)


def _event(said: Object, about: Object, code: int) -> Event:
    changed = "deleted" if said["verb"] == "delete" else "changed"
    return Event(
        time=said["stageTimestamp"],
        what="made" if code == _CREATED else changed,
        resource=f"{about['resource']}/{about['subresource']}" if "subresource" in about else about["resource"],
        name=about.get("name", ""),
        body=said.get("responseObject", {}),
    )
