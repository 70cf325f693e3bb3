"""A folder that holds a snapshot's files, for tools that read the disk while the snapshot is not there (yet)."""

from __future__ import annotations

import shutil
from contextlib import suppress
from typing import TYPE_CHECKING

from generator.disk.cache import PROVEN
from generator.disk.state import state_folder
from generator.disk.tree import Tree

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def lay_files(root: Path, files: Mapping[str, bytes]) -> None:
    """Write files of a snapshot below `root`, in folders that are made where they are missing."""
    for folder in {path.rpartition("/")[0] for path in files}:
        (root / folder).mkdir(parents=True, exist_ok=True)
    for path, data in files.items():
        (root / path).write_bytes(data)


class Scratch:
    """Holds one snapshot after the other below `folder`; between two of them only what differs is written.

    What the repository at `known` remembers of earlier proofs is taken over: its keys say what they are about.
    """

    def __init__(self, folder: Path, known: Path) -> None:
        self._folder = folder / "tree"
        self._memory = folder / "memory"
        self._held: dict[str, bytes] = {}
        for made in (self._folder, self._memory):
            made.mkdir(parents=True)
        with suppress(OSError):  # nothing remembered
            shutil.copyfile(state_folder(known) / PROVEN, self._memory / PROVEN)

    def hold(self, tree: Tree) -> Tree:
        """Bring the folder to the snapshot's files and give the snapshot as it lies there."""
        for path in self._held.keys() - tree.files.keys():
            (self._folder / path).unlink()
        lay_files(self._folder, {path: data for path, data in tree.files.items() if self._held.get(path) != data})
        self._held = dict(tree.files)
        return Tree(self._folder, tree.files, tree.links, odd=tree.odd, memory=self._memory)
