"""Reading case files: what the head of a file expects, and what the rules say about its objects."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import yaml

from generator.rules import violations
from generator.rules.objects import kind, name, namespace
from generator.rules.references import references, unknown
from generator.rules.rule import View

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.rules.rule import Rule, Violation

# The head of a case file: which environment, what is external, and every finding in full.
_SETTING = re.compile(r"# (environment|external): (.*)")


def view(text: str) -> View:
    """Give the objects of a stream as a view; production unless the head says otherwise."""
    settings = {found[1]: found[2] for found in map(_SETTING.fullmatch, text.splitlines()) if found}
    environment = settings.get("environment", "prod")
    return View(
        objects=tuple(yaml.safe_load_all(text)),
        environment=environment,
        production=environment == "prod",
        service="web",
        external=frozenset(settings.get("external", "").split()),
    )


def said(rule: Rule, seen: View) -> list[Violation]:
    """Give what one rule over objects, or over the objects of all overlays, says about a view."""
    if rule.id == "WRK023":
        provided = [(namespace(one), name(one)) for one in seen.objects if kind(one) == "Service"]
        return [violation for _, violation in unknown(references(seen.objects), provided, seen.external)]
    return [violation for _, _, violation in violations(seen, [rule])]


def expected(text: str) -> list[str]:
    """Give the expectations in the head of a case file."""
    return re.findall(r"^# (?:expect|remedy|severity): .*$", text, re.MULTILINE)


def written(rule: Rule, found: list[Violation]) -> list[str]:
    """Give violations the way the head of a case file writes them."""
    return [line for violation in found for line in _lines(rule, violation)]


def _lines(rule: Rule, violation: Violation) -> Iterator[str]:
    yield f"# expect: {violation.message}"
    yield f"# remedy: {violation.remedy or rule.remedy}"
    if violation.severity not in {None, rule.severity}:
        yield f"# severity: {violation.severity}"
