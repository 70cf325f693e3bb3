"""A plan as text and as data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.findings.text import escape_diff, escape_lines
from generator.report.records import records_removed

if TYPE_CHECKING:
    from generator.change import Change
    from generator.plan.plan import Plan

_PAST = {"create": "created", "update": "updated", "delete": "deleted"}


def plan_text(plan: Plan, *, diff: bool, restyled: bool) -> str:
    """Return the plan as lines: findings with their places, differences or a line per file, what goes with it.

    That is records which are lost, and hints.
    """
    shown = (*plan.changes, *plan.restyled) if restyled else plan.changes
    parts = [escape_lines(str(finding) for finding in (plan.drift() if diff else plan.strays))]
    parts += [_change_text(change, diff=diff) for change in shown]
    return "".join([*parts, escape_lines([*map(str, records_removed(plan.changes)), *map(str, plan.hints)])])


def _change_text(change: Change, *, diff: bool) -> str:
    return escape_diff(change.diff()) if diff else escape_lines([f"{_verb(change)} {change.path}"])


def summary(plan: Plan, *, done: bool) -> str:
    """Return the last line: how many files are in which state."""
    verbs = [_verb(change) for change in plan.changes]
    parts = [f"{verbs.count(verb)} {past if done else 'to ' + verb}" for verb, past in _PAST.items() if verb in verbs]
    if plan.restyled and done:
        parts.append(f"{len(plan.restyled)} record{'s' * (len(plan.restyled) > 1)} tidied")
    if not parts:
        parts.append("nothing written" if plan.strays or plan.untracked else "nothing to do")
    return ", ".join([*parts, f"{plan.unchanged} unchanged"]) + "\n"


def plan_data(plan: Plan) -> dict[str, Any]:
    """Return the plan as plain values."""
    return {
        "changes": [_change_data(change, plan) for change in plan.changes],
        "restyled": [change.path for change in plan.restyled],
        "recordsRemoved": list(records_removed(plan.changes)),
        "strays": list(plan.strays),
        "untracked": list(plan.untracked),
        "hints": list(plan.hints),
        "unchanged": plan.unchanged,
    }


def _change_data(change: Change, plan: Plan) -> dict[str, Any]:
    origin = {"origin": plan.origins[change.path]} if change.path in plan.origins else {}
    return {"path": change.path, "action": _verb(change), "line": change.line, "diff": change.diff(), **origin}


def _verb(change: Change) -> str:
    if change.after is None:
        return "delete"
    return "create" if change.before is None else "update"
