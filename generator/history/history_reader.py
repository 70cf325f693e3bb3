"""What an environment had, service by service: one stream of commits, read no further back than somebody asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.history.release_history import ReleaseStep


class Lineage:
    """Sorts a stream of steps (newest first) by service, and keeps what was read for the next who asks."""

    def __init__(self, stream: Iterator[ReleaseStep]) -> None:
        self._stream = stream
        self._read: dict[str, list[ReleaseStep]] = {}

    def of(self, service: str) -> Iterator[ReleaseStep]:
        """Yield the steps of one service, newest first."""
        known = self._read.setdefault(service, [])
        position = 0
        while position < len(known) or self._read_on(service):
            yield known[position]
            position += 1

    def _read_on(self, service: str) -> bool:
        """Read to the next step of a service; say whether there was one."""
        for step in self._stream:
            self._read.setdefault(step.service, []).append(step)
            if step.service == service:
                return True
        return False
