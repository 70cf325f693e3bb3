"""Work split into wrappers of an even size, a few of which are built at a time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from generator.folders.scratch import scratch_folder
from generator.tools.kustomize import WORKERS

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Hashable, Iterable, Iterator, Sequence

    from generator.layout.unit import Overlay

# Measured for 300 overlays of 7 objects on two cores: 10 a wrapper 2.05 s, 20 1.97 s, 50 2.3 s, 100 3.6 s.
WRAPPER_SIZE = 20

Member = TypeVar("Member")
Answer = TypeVar("Answer")


def split_overlays(members: Iterable[Member], overlay: Callable[[Member], Overlay]) -> Iterator[list[Member]]:
    """Split what has overlays into wrappers of one environment and cluster each, across which object ids collide."""
    return split_evenly(members, lambda member: _place(overlay(member)))


def split_evenly(members: Iterable[Member], group_of: Callable[[Member], Hashable]) -> Iterator[list[Member]]:
    """Split members into wrappers, evenly filled; those of different groups are not built together."""
    groups: dict[Hashable, list[Member]] = {}
    for member in members:
        groups.setdefault(group_of(member), []).append(member)
    for group in groups.values():
        count = -(-len(group) // WRAPPER_SIZE)
        yield from (group[number::count] for number in range(count))


def build_parts(prefix: str, parts: Sequence[Member], build: Callable[[Path, Member], Answer]) -> Generator[Answer]:
    """Build every part in a folder of its own, and yield the first answers while the others are built.

    The folders are not made yet. They lie in a scratch folder, whose name begins with `prefix`, and which is removed
    at the end, or when the generator is closed.
    """
    with scratch_folder(prefix) as scratch, ThreadPoolExecutor(WORKERS) as pool:
        folders = [Path(scratch, str(number)) for number in range(len(parts))]
        yield from pool.map(build, folders, parts)


def _place(overlay: Overlay) -> tuple[str, str]:
    return overlay.placement.environment, overlay.placement.cluster
