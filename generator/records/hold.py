"""A hold: one environment's release of one service stays as it is, by whom and why, until somebody ends it or it ends.

It lives beside the release record, in a file that no page renders and no kustomization reads, so that a hold comes
and goes by a commit like everything else.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from generator.change import Change
from generator.clock.instant import format_instant, moment_of
from generator.kubernetes.image import is_digest, is_tag
from generator.layout.release import recorded
from generator.paths import HOLD, HOLD_HEADER, overlay_folder
from generator.records.record import record_document
from generator.records.record_file import read_sidefile
from generator.rules.proof import REL002, REL005
from generator.rules.spec import SPC008
from generator.yamlio import Document, Quoted, dump

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.disk.tree import Tree
    from generator.findings.finding import Finding
    from generator.layout.release import Record, Release


class Hold(msgspec.Struct, frozen=True, kw_only=True):
    """What is held (`record`: image -> the text behind its name), by whom, why, since when and until when.

    Both times are aware and in UTC; without `until` it holds until somebody ends it.
    """

    by: str
    reason: str
    since: datetime
    until: datetime | None = None
    record: dict[str, str]


class _HoldFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A hold as the file has it, times being text."""

    by: str
    reason: str
    since: str
    until: str | None = None
    record: dict[str, str]


def hold_path(environment: str, service: str) -> str:
    """Return the path of an overlay's hold."""
    return f"{overlay_folder(environment, service)}/{HOLD}"


def held_text(release: Release) -> str:
    """Return a release as a hold names it: `1.4.1`, `1.4.1@sha256:...` or `sha256:...`."""
    return release.suffix.removeprefix(":").removeprefix("@")


def held_record(record: Record) -> dict[str, str]:
    """Return the `record` of a hold on everything in a release record."""
    return {image: held_text(release) for image, release in record.items()}


def is_active(hold: Hold, now: datetime) -> bool:
    """Return whether a hold has not ended at `now`.

    It holds from the moment it is there, whatever another clock says.
    """
    return hold.until is None or now < hold.until


def hold_text(hold: Hold) -> str:
    """Return the file of a hold."""
    until = {} if hold.until is None else {"until": Quoted(format_instant(hold.until))}
    record = {image: Quoted(text) for image, text in hold.record.items()}
    values = {
        "by": hold.by,
        "reason": hold.reason,
        "since": Quoted(format_instant(hold.since)),
        **until,
        "record": record,
    }
    return HOLD_HEADER + dump(values)


def read_hold(tree: Tree, environment: str, service: str) -> tuple[Hold | None, list[Finding]]:
    """Return the hold of an overlay (None: none, or none that can be read) and the complaints about it."""
    found, complaints = read_sidefile(tree, hold_path(environment, service), _HoldFile)
    if found is None:
        return None, complaints
    document, file = found
    if unfit := list(_unfit(document, file)):
        return None, unfit
    since, until = moment_of(file.since), moment_of(file.until or "")
    assert since is not None  # noqa: S101  # an unfit time was complained about
    return Hold(by=file.by, reason=file.reason, since=since, until=until, record=file.record), []


def _unfit(document: Document, file: _HoldFile) -> Iterator[Finding]:
    for key in ("since", "until"):
        text = getattr(file, key)
        if text is not None and moment_of(text) is None:
            message = f"'{key}' is '{text}', which is no time with its zone"
            yield SPC008.complaint(document.place((key,)), message, f'write {key}: "2026-11-21T03:00:00Z"')
    for image, text in file.record.items():
        if not (is_tag(text) or is_digest(text)):
            message = f"'{text}' is no tag and no digest"
            yield REL002.complaint(document.place(("record", image)), message, 'e.g. "1.4.2"')


def moved_over_hold(tree: Tree, environment: str, service: str, now: datetime) -> Iterator[Finding]:
    """Yield a finding for each image whose recorded release is not the one that an active hold keeps (REL005)."""
    hold, unfit = read_hold(tree, environment, service)
    yield from unfit
    document, _ = record_document(tree, service, environment)
    if hold is None or document is None or not is_active(hold, now):
        return
    entries = {name: (number, held_text(release)) for number, name, release in recorded(document.value)}
    for image, held in hold.record.items():
        number, found = entries.get(image, (None, "nothing"))
        if found != held:
            place = document.place(("images",) if number is None else ("images", number, "newTag"))
            message = f"{environment}/{service} is {described(hold, held)}; the record says {found} for {image}"
            remedy = f"put {held} back, or end the hold: `fairlead unhold {service} --env {environment}`"
            yield REL005.complaint(place, message, remedy)


def ended(tree: Tree, environment: str, service: str) -> tuple[Change, ...]:
    """Return the change that takes a hold away; nothing where there is none."""
    path = hold_path(environment, service)
    return (Change(path=path, before=tree.files[path], after=None),) if path in tree.files else ()


def described(hold: Hold, held: str) -> str:
    """Return at what something is held, by whom, until when and why."""
    end = "" if hold.until is None else f" until {format_instant(hold.until)}"
    return f"held at {held} by {hold.by}{end} ({' '.join(hold.reason.split())})"
