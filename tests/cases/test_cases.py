"""Every case folder, compared exactly; `scripts/golden` rewrites them and the review reads the diff."""

from __future__ import annotations

import pytest

from tests.cases.case import CASES, answer, error_cases, golden, golden_cases, kept


@pytest.mark.parametrize("case", golden_cases())
def test_rendered_and_built(case: str) -> None:
    """Every generated file, whole, and what the real kustomize makes of each overlay."""
    assert golden(case) == kept(case), "run scripts/golden and read its diff"


@pytest.mark.parametrize("case", error_cases())
def test_refused(case: str) -> None:
    """The exact message and exit code; nothing is written, and no traceback is shown."""
    assert answer(case) == (CASES / case / "expected.txt").read_text(encoding="utf-8")


def test_there_are_enough_refusals() -> None:
    """A refusal without a case is a promise without a proof."""
    assert len(error_cases()) >= 35
