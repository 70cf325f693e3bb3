"""A finding takes its rule from the rule itself: nobody outside `rules/` writes an id by hand."""

from __future__ import annotations

import ast
import re

import pytest

from generator.rules.catalogue import BY_ID

from .test_order import MODULES, room

# Ids, and families of ids such as `PRF`.
_ID = re.compile(r"[A-Z]{3}\d{3}")

# The page model lies below the rules: it names two that no page may suppress.
_BELOW = {"generator.model.page": {"WRK002", "WRK023"}}


def ids_in(module: str) -> set[str]:
    """Return the rule ids that stand in a module as texts of their own."""
    tree = ast.parse(MODULES[module].read_text(encoding="utf-8"))
    texts = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    return {text for text in texts if _ID.fullmatch(text)}


@pytest.mark.parametrize("module", [name for name in MODULES if room(name) != "rules"])
def test_no_rule_id_is_written_by_hand(module: str) -> None:
    """Import the rule and call its `finding` or `complaint`: id, severity and remedy come from it then."""
    assert ids_in(module) - _BELOW.get(module, set()) == set()


def test_ids_that_lie_below_the_rules_exist() -> None:
    """A rule that goes takes its mention along."""
    assert all(id_ in BY_ID for ids in _BELOW.values() for id_ in ids)


@pytest.mark.parametrize("module", [name for name in MODULES if room(name) not in {"rules", "findings"}])
def test_no_finding_is_made_without_a_rule(module: str) -> None:
    """`Finding(...)` would take any id and any severity."""
    calls = [
        node.func
        for node in ast.walk(ast.parse(MODULES[module].read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
    ]
    assert [func.lineno for func in calls if isinstance(func, ast.Name) and func.id == "Finding"] == []
