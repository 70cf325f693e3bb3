"""A move: one image of a service goes from one release to another in one environment."""

from __future__ import annotations

import msgspec

from generator.layout.release import Release


class Move(msgspec.Struct, frozen=True, kw_only=True):
    """One image that moves: from which release (None: its first) to which."""

    service: str
    environment: str
    image: str
    before: Release | None
    after: Release

    def __str__(self) -> str:
        before = self.before.suffix.lstrip(":@") if self.before else "not released"
        return f"{self.environment}/{self.service}: {self.image} {before} -> {self.after.suffix.lstrip(':@')}"
