"""Is a file too much to be built? Asked of everything that a build reads beside rendered files, before it starts.

398 bytes of aliases made kustomize take 1.8 GB and half a minute, and a file of 100 MB 1.1 GB (measured, 5.8.1).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import yaml

from generator.yamlio.document import LOADER
from generator.yamlio.read import decoded, syntax_problem, too_deep_at
from generator.yamlio.walk import Problem, ProblemKind, Walk

if TYPE_CHECKING:
    from collections.abc import Iterator

# No API server takes an object of half that size (bytes).
OWN_BYTES = 4 << 20

# Values of such a file, counted by what stands between them; the largest definition of custom kinds has 60,000.
_MANY_VALUES = 300_000


def expansion_problems(data: bytes) -> list[Problem]:
    """Return what makes a stream of documents too much to build: its size, its depth, or what its aliases unfold to."""
    text, problems = decoded(data, OWN_BYTES)
    if text is None:
        return problems
    try:
        return list(_expansion(text))
    except yaml.MarkedYAMLError as error:
        return [syntax_problem(error)]
    except (yaml.YAMLError, ValueError) as error:
        return [Problem(ProblemKind.SYNTAX, 1, 1, f"not YAML: {error}", "mend the syntax")]


def _expansion(text: str) -> Iterator[Problem]:
    """Yield the problems of a text; what has no alias has few values, and is not composed for that."""
    if deep := too_deep_at(text):
        yield deep
    elif sum(map(text.count, (",", "\n", "- "))) > _MANY_VALUES:
        yield Problem(ProblemKind.ENDLESS, 1, 1, f"more than {_MANY_VALUES} values", "split the file")
    elif "*" in text and "&" in text:
        walk = Walk()
        for node in yaml.compose_all(text, Loader=LOADER):
            walk.value(node, 0)
        yield from (problem for problem in walk.problems if problem.kind is ProblemKind.ENDLESS)
