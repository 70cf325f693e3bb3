"""How long work tells how far it is. The terminal side is in `cli/`; the rest of the program sees only this."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Receives the stages of a run."""

    def stage(self, title: str, total: int) -> None:
        """Begin a stage of `total` steps; it ends the one before."""

    def advance(self, steps: int = 1) -> None:
        """Count so many steps of the stage as done."""


class Silent:
    """Tells nothing."""

    def stage(self, title: str, total: int) -> None:
        """Ignore."""

    def advance(self, steps: int = 1) -> None:
        """Ignore."""
