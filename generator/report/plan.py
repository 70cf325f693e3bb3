"""A plan as text and as data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.report.records import records_removed

if TYPE_CHECKING:
    from generator.plan.plan import Change, Plan

_WORDS = {"create": "create", "update": "update", "delete": "delete"}


def plan_text(plan: Plan, *, diff: bool, restyled: bool) -> str:
    """Give the plan as lines: findings with their places, then differences or a line per file, then lost records."""
    lines = [str(finding) for finding in (plan.drift() if diff else plan.strays)]
    shown = (*plan.changes, *plan.restyled) if restyled else plan.changes
    lines += [change.diff().rstrip("\n") if diff else f"{_verb(change)} {change.path}" for change in shown]
    lines += map(str, records_removed(plan.changes))
    return "".join(f"{line}\n" for line in lines)


def summary(plan: Plan, *, done: bool) -> str:
    """Give the last line: how many files are in which state."""
    verbs = [_verb(change) for change in plan.changes]
    counts = ", ".join(f"{verbs.count(verb)} to {verb}" for verb in _WORDS if verb in verbs)
    if done:
        counts = (
            counts.replace(" to create", " created").replace(" to update", " updated").replace(" to delete", " deleted")
        )
    styled = f", {len(plan.restyled)} record{'s' * (len(plan.restyled) > 1)} tidied" if plan.restyled and done else ""
    return f"{counts or 'nothing to do'}{styled}, {plan.unchanged} unchanged\n"


def plan_data(plan: Plan) -> dict[str, Any]:
    """Give the plan as plain values."""
    return {
        "changes": [_change_data(change) for change in plan.changes],
        "restyled": [change.path for change in plan.restyled],
        "recordsRemoved": list(records_removed(plan.changes)),
        "strays": list(plan.strays),
        "unchanged": plan.unchanged,
    }


def _change_data(change: Change) -> dict[str, Any]:
    return {"path": change.path, "action": _verb(change), "line": change.line, "diff": change.diff()}


def _verb(change: Change) -> str:
    if change.after is None:
        return "delete"
    return "create" if change.before is None else "update"
