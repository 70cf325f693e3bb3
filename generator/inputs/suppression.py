"""Suppressions that could never suppress anything: a rule that does not exist, or one that no page may break."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.inputs.fault import Fault
from generator.model.page import is_suppressible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.model.page import Page


def idle_suppressions(page: Page) -> Iterator[Fault]:
    """Yield a fault for each suppression that names no rule which a page may break."""
    if not page.suppress:
        return
    from generator.rules.catalogue import BY_ID  # 22 ms, for pages with suppressions alone

    for number, entry in enumerate(page.suppress):
        path = ("suppress", number, "rule")
        if entry.rule not in BY_ID:
            yield Fault(path, f"there is no rule {entry.rule}", "`fairlead rules` lists them")
        elif not is_suppressible(entry.rule):
            yield Fault(
                path,
                f"{entry.rule} cannot be suppressed",
                "mend what it finds (for WRK023, list the name under `external:`)",
            )
