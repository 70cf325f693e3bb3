"""The rules over the repository and their runner.

It runs even where nothing is new, so it imports the checks alone, and a rule only once that has something to say.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from generator.rules.absent import absent
from generator.rules.allowances import idle_allowances
from generator.rules.overlapping import overlapping
from generator.rules.owners import owned_twice
from generator.rules.proof import nothing_checked
from generator.rules.taken_names import named_twice
from generator.rules.unprovided import unprovided

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from generator.rules.rule import Across, Rule
    from generator.rules.world import RepositoryViolation, World

# Module and id of each rule, with its check; it is the `across` of the rule.
ACROSS: Mapping[tuple[str, str], Across] = {
    ("applications", "ARG001"): named_twice,
    ("proof", "ARG002"): owned_twice,
    ("sources", "ARG006"): absent,
    ("proof", "PRF003"): nothing_checked,
    ("references", "WRK023"): unprovided,
    ("overlaps", "WRK026"): overlapping,
}
# Those that look at what the others left over.
AFTERWARDS: Mapping[tuple[str, str], Across] = {("spec", "SPC013"): idle_allowances}


def repository_violations(
    world: World, checks: Mapping[tuple[str, str], Across] = ACROSS
) -> Iterator[tuple[Rule, RepositoryViolation]]:
    """Yield what the rules over the repository say, rule by rule."""
    for (module, id_), check in checks.items():
        for violation in check(world):
            rule: Rule = getattr(import_module(f"generator.rules.{module}"), id_)
            yield rule, violation
