"""The page docs/adoption.md keeps what was measured between two marks; this writes that part."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from tests.adopt.adoption import PAGEABLE, PROMISED, measure, sets

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tests.adopt.adoption import Adoption, Measured

PAGE = Path(__file__).parents[2] / "docs" / "adoption.md"
BEGIN = "<!-- Written by scripts/adoption from here -->\n"
END = "<!-- to here -->\n"

_SHORT = {"HorizontalPodAutoscaler": "HPA", "PodDisruptionBudget": "PDB", "ServiceAccount": "Account"}
_SHOWN = 4


def page(text: str) -> str:
    """Return the page with what is measured now between its marks."""
    before, _, rest = text.partition(BEGIN)
    after = rest.partition(END)[2]
    return before + BEGIN + "\n" + measured([measure(name) for name in sets()]) + "\n" + END + after


def measured(adoptions: Sequence[Adoption]) -> str:
    """Return the two tables: how many objects are field-perfect by set and kind, and what the others miss."""
    return "\n".join([*_counts(adoptions), "", *_misses(adoptions), ""])


def perfect(objects: Sequence[Measured]) -> tuple[int, int]:
    """Return how many objects are field-perfect, and of how many."""
    return sum(each.difference.perfect for each in objects), len(objects)


def promised(adoptions: Sequence[Adoption], kind: str) -> list[Measured]:
    """Return the objects of a kind in all sets."""
    return [each for adoption in adoptions for each in adoption.of(kind)]


def _counts(adoptions: Sequence[Adoption]) -> Iterator[str]:
    yield f"| set | {' | '.join(_SHORT.get(kind, kind) for kind in PAGEABLE)} | no page holds |"
    yield "|---" * (len(PAGEABLE) + 2) + "|"
    for adoption in adoptions:
        cells = [_cell(adoption.of(kind)) for kind in PAGEABLE]
        yield f"| {adoption.name} | {' | '.join(cells)} | {_left_out(adoption.left_out)} |"
    sums = [_cell(promised(adoptions, kind)) for kind in PAGEABLE]
    left: Counter[str] = Counter()
    for adoption in adoptions:
        left.update(adoption.left_out)
    yield f"| **all** | {' | '.join(sums)} | {left.total()} |"
    whole = perfect([each for kind in PROMISED for each in promised(adoptions, kind)])
    yield ""
    yield f"Of the first five kinds {whole[0]} of {whole[1]} objects are field-perfect ({whole[0] / whole[1]:.0%})."


def _cell(objects: Sequence[Measured]) -> str:
    good, count = perfect(objects)
    return f"{good}/{count}" if count else ""


def _left_out(kinds: dict[str, int]) -> str:
    return ", ".join(kind if count == 1 else f"{count} {kind}" for kind, count in kinds.items())


def _misses(adoptions: Sequence[Adoption]) -> Iterator[str]:
    yield "| set | object | fields that differ |"
    yield "|---|---|---|"
    for adoption in adoptions:
        for each in adoption.objects:
            if not each.difference.perfect:
                yield f"| {adoption.name} | {each.kind} `{each.name}` | {_fields(each)} |"


def _fields(each: Measured) -> str:
    if not each.difference.built:
        return "not rendered"
    paths = [f"`{'.'.join(path)}`" for path in each.difference.missing]
    paths += [f"`{'.'.join(path)}` (added)" for path in each.difference.added]
    more = f", {len(paths) - _SHOWN} more" if len(paths) > _SHOWN else ""
    return ", ".join(paths[:_SHOWN]) + more
