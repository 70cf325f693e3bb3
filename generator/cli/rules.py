"""`fairlead rules`: the catalogue on the terminal."""

from __future__ import annotations

from textwrap import fill, indent
from typing import TYPE_CHECKING, Any

import click

from generator.cli.common import format_option
from generator.cli.completion_names import rule_ids
from generator.findings.answer import Answer, Part
from generator.findings.errors import UsageError
from generator.findings.nearest import nearest
from generator.model.page import is_suppressible
from generator.rules.catalogue import BY_ID, RULES
from generator.rules.page import visible

if TYPE_CHECKING:
    from generator.rules.rule import Rule

_WIDTH = 100
# The families that a page may suppress: a page that cannot be read, and a gate with exceptions, would be none.


@click.command("rules", epilog="Example: fairlead rules WRK011")
@click.argument("rule_id", metavar="[ID]", required=False, shell_complete=rule_ids)
@format_option
def command(rule_id: str | None) -> Answer:
    """List the rules, or explain one.

    One rule is shown whole: why it hurts, what to do, an example of either kind, and how to accept it on a page.
    """
    if rule_id is None:
        lines = (f"{rule.id}  {rule.severity:<7}  {rule.title}" for rule in RULES)
        return Answer(text=lambda: [Part.of_lines(*lines)], data=lambda: [_brief(rule) for rule in RULES])
    rule = _find(rule_id)
    return Answer(text=lambda: [Part.of_text(_text(rule))], data=lambda: _whole(rule))


def _find(rule_id: str) -> Rule:
    rule = BY_ID.get(rule_id.upper())
    if rule is None:
        near = nearest(rule_id.upper(), BY_ID)
        hint = f"did you mean '{near}'?" if near else "`fairlead rules` lists them"
        raise UsageError(f"no rule '{rule_id}'; {hint}")
    return rule


def _brief(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "severity": rule.severity,
        "title": rule.title,
        "stage": rule.stage,
        "productionOnly": rule.production_only,
    }


def _whole(rule: Rule) -> dict[str, Any]:
    return {
        **_brief(rule),
        "why": " ".join(rule.why.split()),
        "remedy": rule.remedy,
        "bad": rule.bad,
        "good": rule.good,
        "suppress": _suppression(rule),
    }


def _text(rule: Rule) -> str:
    where = ", in production environments only" if rule.production_only else ""
    parts = [
        f"{rule.id} {rule.severity}{where}: {rule.title}",
        fill(" ".join(rule.why.split()), _WIDTH, break_on_hyphens=False),
        fill(f"Do: {rule.remedy}.", _WIDTH, break_on_hyphens=False),
        f"Bad:\n{indent(visible(rule.bad), '  ').rstrip()}",
        f"Good:\n{indent(visible(rule.good), '  ').rstrip()}",
        _how_to_suppress(rule),
    ]
    return "\n\n".join(parts) + "\n"


def _suppression(rule: Rule) -> str | None:
    """Return what a page has to say to break this rule; None when no page may."""
    if not is_suppressible(rule.id):
        return None
    return f"suppress:\n- rule: {rule.id}\n  reason: why this service may, in a sentence\n"


def _how_to_suppress(rule: Rule) -> str:
    suppression = _suppression(rule)
    if suppression is None:
        return "It cannot be suppressed."
    return f"To accept it, on the service's page:\n{indent(suppression, '  ').rstrip()}"
