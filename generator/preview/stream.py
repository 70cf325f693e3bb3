"""YAML files of several documents, read as they stand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

from generator.findings.errors import InputError
from generator.findings.finding import Place
from generator.rules.reader import problem_complaint
from generator.rules.spec import SPC001
from generator.yamlio.document import LOADER, position
from generator.yamlio.read import decoded, syntax_problem, too_deep_at
from generator.yamlio.walk import Walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.yamlio import Problem

# What a repository server reads at most of one file, by default.
_LIMIT = 10 << 20


def documents(data: bytes, file: str) -> Iterator[tuple[Any, int]]:
    """Yield the value of each document and the line where it begins; raises InputError for what is no YAML.

    A value that YAML readers disagree about is refused where Argo CD's own objects hold it.
    """
    text, problems = decoded(data, _LIMIT)
    if text is None:
        raise InputError([problem_complaint(problem, file) for problem in problems])
    for node in _composed(text, file):
        walk = Walk()
        value = walk.value(node, 0)
        if walk.endless or (walk.problems and _is_argocd(value)):
            raise InputError([problem_complaint(problem, file) for problem in walk.problems])
        yield value, position(node)[0]


def _composed(text: str, file: str) -> list[yaml.Node]:
    try:
        if deep := too_deep_at(text):
            raise InputError([problem_complaint(deep, file)])
        return [node for node in yaml.compose_all(text, Loader=LOADER) if node is not None]
    except yaml.MarkedYAMLError as error:
        problem: Problem = syntax_problem(error)
        raise InputError([problem_complaint(problem, file)]) from error
    except (yaml.YAMLError, ValueError) as error:
        raise InputError([SPC001.complaint(Place(file), f"not YAML: {error}", "mend the syntax")]) from error


def _is_argocd(value: Any) -> bool:
    return isinstance(value, dict) and str(value.get("apiVersion", "")).startswith("argoproj.io/")
