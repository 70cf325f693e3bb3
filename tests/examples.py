"""How many examples of a property are tried: all of them at night, a quarter in every other run."""

from __future__ import annotations

from hypothesis import settings

_NIGHTLY = settings.get_profile("nightly").max_examples


def examples(nightly: int) -> int:
    """Return how many examples this run tries of a property that is tried with `nightly` examples at night."""
    return nightly * settings().max_examples // _NIGHTLY
