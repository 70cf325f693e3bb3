"""The interrupts in small; scripts/soak does more of them."""

from __future__ import annotations

from tests.soak.interrupts import run_interrupts


def test_an_interrupted_run_says_one_line_and_leaves_nothing() -> None:
    """Each command is told to end three times, at random moments from its first instruction on."""
    assert run_interrupts(15, seed=1) == []
