"""Set and end holds: edits of an overlay's hold file, and of nothing else."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from generator.change import Change
from generator.clock.instant import format_instant
from generator.disk.tree import Tree
from generator.findings.errors import UsageError
from generator.gates.gate import GateError, GateRefusal
from generator.plan.hand_edits import is_rendered
from generator.records.hold import Hold, described, held_record, hold_path, hold_text, is_active, read_hold
from generator.records.record_file import require_readable
from generator.release.context import Draft, ReleaseContext
from generator.release.newer import releases

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.layout.release import Record
    from generator.release.newer import Unchanged


class HoldRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What was asked for: a service stays as it is in an environment, why, and until when (None: until it is ended)."""

    service: str
    environment: str
    reason: str
    until: datetime | None = None
    replace: bool = False


def hold(asked: HoldRequest, unchanged: Unchanged, scene: ReleaseContext) -> Draft:
    """Return the edit that holds what an environment runs now; a draft without changes where it is held so already.

    Raises UsageError when it runs nothing, SupersededError when it runs something else than at the first attempt.
    """
    present = running(scene, asked.service, asked.environment, unchanged, "hold")
    there = _active(scene, asked)
    if there is not None and there.by != scene.author() and not asked.replace:
        message = f"{described(there, releases(present))}; to hold it otherwise: --replace"
        raise GateError(
            [GateRefusal(gate="hold", service=asked.service, environment=asked.environment, message=message)]
        )
    change = holding(scene, asked, present)
    if change is None:
        return Draft()
    reason = " ".join(asked.reason.split())
    return Draft(changes=(change,), subject=f"Hold {asked.service} in {asked.environment}: {reason}")


def running(scene: ReleaseContext, service: str, environment: str, unchanged: Unchanged, verb: str) -> Record:
    """Return what an environment runs of a service; `verb` is what is to be done to it.

    Raises UsageError when that is nothing, SupersededError when it is something else than at the first attempt.
    """
    page = scene.project.page(service)
    scene.project.require_environment(page, environment)
    present = scene.record(service, environment)
    if not present:
        raise UsageError(f"{service} is not released in {environment}: there is nothing to {verb}")
    here = releases(present)
    unchanged.require(here, lambda first: f"{environment}/{service} runs {here}, not {first}")
    return present


def unhold(service: str, environment: str, unchanged: Unchanged, scene: ReleaseContext) -> Draft:
    """Return the edit that ends a hold; a draft without changes where there is none.

    Raises SupersededError when it is another one than at the first attempt.
    """
    page = scene.project.page(service)
    scene.project.require_environment(page, environment)
    before = scene.tree.files.get(hold_path(environment, service))
    if before is None:
        return Draft()
    text = before.decode(errors="replace")
    unchanged.require(text, lambda _: f"the hold on {environment}/{service} is another one by now")
    change = Change(path=hold_path(environment, service), before=before, after=None)
    return Draft(changes=(change,), subject=f"Unhold {service} in {environment}")


def holding(scene: ReleaseContext, asked: HoldRequest, record: Record) -> Change | None:
    """Return the change that puts a hold on `record` into an overlay, None where it is held just so already.

    What asks for the same a second time keeps the time of the first: a request for review is then the same, too.
    Raises UsageError for an end in the past, and where there is no reason or one that could not be read.
    """
    if asked.until is not None and asked.until <= scene.now:
        raise UsageError(f"--until {format_instant(asked.until)} is over already; it is {format_instant(scene.now)}")
    if not asked.reason.strip():
        raise UsageError("a hold needs a reason: --reason TEXT; it is shown wherever the hold stops somebody")
    author = scene.author()
    require_readable({"--reason": asked.reason, "the author's name in git's configuration": author})
    found = Hold(by=author, reason=asked.reason, since=scene.now, until=asked.until, record=held_record(record))
    path = hold_path(asked.environment, asked.service)
    earlier = [known for known in _known(scene, asked) if msgspec.structs.replace(known, since=found.since) == found]
    after = hold_text(earlier[0] if earlier else found)
    before = scene.tree.files.get(path)
    same = before is not None and is_rendered(before, after)
    return None if same else Change(path=path, before=before, after=after)


def _active(scene: ReleaseContext, asked: HoldRequest) -> Hold | None:
    """Return the hold that is there and not over; one that cannot be read is none."""
    known, _ = read_hold(scene.tree, asked.environment, asked.service)
    return known if known is not None and is_active(known, scene.now) else None


def lengthened(scene: ReleaseContext, asked: HoldRequest) -> tuple[HoldRequest, str]:
    """Return a hold that ends no earlier than the one that is there, and the words on the one that it replaces."""
    there = _active(scene, asked)
    if there is None:
        return asked, ""
    words = f"replaces the hold of {there.by} ({' '.join(there.reason.split())})"
    if asked.until is None or (there.until is not None and there.until <= asked.until):
        return asked, words
    return msgspec.structs.replace(asked, until=there.until), f"{words} and keeps its end"


def _known(scene: ReleaseContext, asked: HoldRequest) -> Iterator[Hold]:
    """Yield the hold that is there, and the one that waits for review; what cannot be read is replaced."""
    path = hold_path(asked.environment, asked.service)
    for data in (scene.tree.files.get(path), scene.proposed(path)):
        if data is not None:
            known, _ = read_hold(Tree(scene.tree.root, {path: data}), asked.environment, asked.service)
            yield from [known] if known else []
