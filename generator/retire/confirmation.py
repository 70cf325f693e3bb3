"""The second step of a retirement: nothing goes but what was shown, and nothing that git cannot bring back unnamed."""

from __future__ import annotations

import shlex
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from generator.change import Change
from generator.findings.errors import FairleadError, UsageError
from generator.findings.nearest import nearest
from generator.records.record_file import require_readable
from generator.records.retirement import Tombstone, tombstone_path, tombstone_text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from generator.disk.tree import Tree
    from generator.retire.retirement import EnvironmentPart, Retirement


class RetireError(FairleadError):
    """What was confirmed is not what would go now, or data would go that nobody named (exit 5); nothing was written."""

    exit_code = 5


class RetirementRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What is to go: a service from an `environment` (None: altogether), with the data that is `named`.

    Without a `token` it is only shown; `reason` stays in the tombstone.
    """

    service: str
    environment: str | None
    named: tuple[str, ...] = ()
    token: str | None = None
    reason: str = ""


class Signature(msgspec.Struct, frozen=True, kw_only=True):
    """Who confirms a retirement, when (aware, UTC) and why; `commit` is the last one that holds what goes, if any."""

    by: str
    when: datetime
    reason: str
    commit: str | None


def refuse_unconfirmed(plan: Retirement, token: str, named: Collection[str]) -> None:
    """Raise RetireError unless `token` is the plan's and every object that git cannot bring back is `named`."""
    if token != plan.token:
        raise RetireError(
            f"'{token}' confirms another plan than that of now: what would go has changed since it was shown; "
            f"look at it again: {shlex.join(('fairlead', 'retire', *plan.asked))}"
        )
    unnamed = [one for one in plan.irreplaceable if one not in named]
    if unnamed:
        options = shlex.join(word for one in unnamed for word in ("--delete-data", one))
        raise RetireError(f"git cannot bring back what goes with {', '.join(unnamed)}; if you mean it, add {options}")


def refuse_misnamed(plan: Retirement, named: Iterable[str]) -> None:
    """Raise UsageError for a name that is no object which has to be named."""
    if plan.interrupted is not None:
        return  # named when it began
    for name in named:
        if name not in plan.irreplaceable:
            near = nearest(name, plan.irreplaceable)
            known = ", ".join(plan.irreplaceable) or "there is none"
            hint = f"did you mean '{near}'?" if near else f"to be named: {known}"
            raise UsageError(f"--delete-data {name}: no object that has to be named; {hint}")


def edits(plan: Retirement, tree: Tree, signature: Signature) -> list[Change]:
    """Return every edit of a confirmed retirement: tombstones, the page's entry, then what is deleted.

    In this order an interrupted retirement is told from one that nobody confirmed. Raises UsageError for a reason or a
    name that a tombstone could not be read with.
    """
    require_readable({"--reason": signature.reason, "the author's name in git's configuration": signature.by})
    stones = [_stone(plan, part, tree, signature) for part in plan.parts if not part.deleted]
    return [*stones, *plan.changes]


def _stone(plan: Retirement, part: EnvironmentPart, tree: Tree, signature: Signature) -> Change:
    stone = Tombstone(
        by=signature.by,
        when=signature.when,
        reason=signature.reason,
        record=part.record,
        objects=len(part.objects),
        page=plan.environment is not None,
        plan=plan.token,
        commit=signature.commit,
    )
    path = tombstone_path(part.environment, plan.service)
    return Change(path=path, before=tree.files.get(path), after=tombstone_text(stone))
