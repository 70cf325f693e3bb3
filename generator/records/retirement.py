"""A tombstone: what stays of a service that was taken out of an environment, so that its loss is never silent.

`retired/<env>/<service>.yaml` says who retired it, when and why, and which releases ran there last. A record that the
base commit had may only be missing where a tombstone came with its loss; the next first release takes it away.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from generator.change import Change
from generator.clock.instant import format_instant, moment_of
from generator.layout.release import Record, Release
from generator.records.record_file import read_sidefile
from generator.rules.spec import SPC008
from generator.yamlio import Quoted, dump

if TYPE_CHECKING:
    from generator.disk.tree import Tree
    from generator.findings.finding import Finding
    from generator.yamlio import Document

FOLDER = "retired"
_HEADER = "# Written by `fairlead retire`; the next first release to this environment takes it away.\n"


class Tombstone(msgspec.Struct, frozen=True, kw_only=True):
    """Who retired a service from an environment, when and why, and what ran there.

    `objects` is how many Kubernetes objects Argo CD is left with, `page` says whether the page stayed, `plan` is the
    token that was confirmed, `commit` the id of the last commit that holds what was taken away (None outside git).
    `when` is aware and in UTC.
    """

    by: str
    when: datetime
    reason: str
    record: Record
    objects: int
    page: bool
    plan: str
    commit: str | None = None


class _RetirementFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A tombstone as the file has it, the time being text."""

    by: str
    when: str
    reason: str
    record: dict[str, Release]
    objects: int
    page: bool
    plan: str
    commit: str | None = None


def tombstone_path(environment: str, service: str) -> str:
    """Return the path of the tombstone of a service in an environment."""
    return f"{FOLDER}/{environment}/{service}.yaml"


def tombstone_text(tombstone: Tombstone) -> str:
    """Return the file of a tombstone."""
    values = msgspec.to_builtins(tombstone)
    values["when"] = Quoted(format_instant(tombstone.when))
    values["plan"] = Quoted(tombstone.plan)
    values["record"] = {
        image: {key: Quoted(text) for key, text in msgspec.to_builtins(release).items() if text is not None}
        for image, release in tombstone.record.items()
    }
    if tombstone.commit is None:
        del values["commit"]
    else:
        values["commit"] = Quoted(tombstone.commit)  # some ids read as numbers, and would be quoted alone
    return _HEADER + dump(values)


def read_tombstone(tree: Tree, environment: str, service: str) -> tuple[Tombstone | None, list[Finding]]:
    """Return the tombstone of a service in an environment (None: none, or none to be read) and the complaints."""
    found, complaints = read_sidefile(tree, tombstone_path(environment, service), _RetirementFile)
    return (None, complaints) if found is None else _dated(*found)


def _dated(document: Document, file: _RetirementFile) -> tuple[Tombstone | None, list[Finding]]:
    when = moment_of(file.when)
    if when is None:
        message = f"'when' is '{file.when}', which is no time with its zone"
        return None, [SPC008.complaint(document.place(("when",)), message, 'write when: "2026-11-21T03:00:00Z"')]
    return (
        Tombstone(
            by=file.by,
            when=when,
            reason=file.reason,
            record=file.record,
            objects=file.objects,
            page=file.page,
            plan=file.plan,
            commit=file.commit,
        ),
        [],
    )


def without_tombstone(tree: Tree, environment: str, service: str) -> tuple[Change, ...]:
    """Return the change that a first release brings along: the tombstone goes. None where there is none."""
    path = tombstone_path(environment, service)
    return (Change(path=path, before=tree.files[path], after=None),) if path in tree.files else ()
