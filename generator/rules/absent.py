"""Folders and files of the repository that Argo CD is told to read and that are not there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.rules.world import RepositoryViolation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.findings.verdict import Reading
    from generator.rules.world import World

_NONE_MADE = "no Application is made of it, and a set that may delete takes away those that it made"


def absent(world: World) -> Iterator[RepositoryViolation]:
    """Yield a violation for each folder or pattern that finds nothing."""
    for each in world.absences:
        yield RepositoryViolation(
            verdict=each.verdict,
            object=each.reading.object,
            place=each.reading.place,
            message=_message(each.reading, each.state),
            remedy=f"nearest existing path: `{each.nearest}`",
        )


def _message(reading: Reading, state: str) -> str:
    """Return the words for a reading that finds nothing: `state` is a fault of a folder."""
    where = f"at revision `{reading.revision}`"
    if reading.kind == "folder":
        return f"the source path `{reading.what}` {state} {where}: Argo CD shows a ComparisonError and syncs nothing"
    return f"no {reading.kind.removesuffix('s')} is called `{reading.what}` {where}: {_NONE_MADE}"
