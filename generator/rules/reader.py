"""What the YAML reader notices, as findings of the rules that it breaks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.findings.finding import Place
from generator.rules.spec import SPC001, SPC002, SPC003, SPC004, SPC005
from generator.yamlio.walk import ProblemKind

if TYPE_CHECKING:
    from generator.findings.finding import Finding
    from generator.rules.rule import Rule
    from generator.yamlio import Problem

_RULES = {
    ProblemKind.SYNTAX: SPC001,
    ProblemKind.ENDLESS: SPC002,
    ProblemKind.TAG: SPC003,
    ProblemKind.DUPLICATE: SPC004,
    ProblemKind.CHARACTER: SPC005,
}


def rule_of(problem: Problem) -> Rule:
    """Return the rule that a problem breaks."""
    if problem.kind is ProblemKind.AMBIGUOUS:
        from generator.rules.strings import WRK003  # 4 ms that a page without such a value does not pay

        return WRK003
    return _RULES[problem.kind]


def problem_complaint(problem: Problem, file: str) -> Finding:
    """Return the complaint of a problem."""
    place = Place(file, problem.line, problem.column)
    return rule_of(problem).complaint(place, problem.message, problem.remedy)
