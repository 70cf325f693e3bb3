"""A complaint: a finding about a page that stops the run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.findings.finding import Finding, Place, Severity

if TYPE_CHECKING:
    from generator.yamlio import Problem


def complaint(rule: str, place: Place, message: str, remedy: str = "") -> Finding:
    """Make a complaint."""
    return Finding(rule=rule, severity=Severity.ERROR, place=place, message=message, remedy=remedy)


def problem_complaint(problem: Problem, file: str) -> Finding:
    """Make the complaint of something that the YAML reader found."""
    place = Place(file, problem.line, problem.column)
    return complaint(problem.rule, place, problem.message, problem.remedy)
