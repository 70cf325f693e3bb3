"""The repository as Argo CD checks it out: names of all its files and folders, and contents when they are asked for."""

from __future__ import annotations

from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class Checkout:
    """Files by their paths, and what lies where among them."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self.files = files

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The path of every file, in order."""
        return tuple(sorted(self.files))

    @cached_property
    def folders(self) -> frozenset[str]:
        """The path of every folder that holds a file, however deep."""
        parents = {name.rpartition("/")[0] for name in self.names}
        return frozenset(part for folder in parents for part in accumulate(folder.split("/"), "{}/{}".format) if part)

    @cached_property
    def visible_folders(self) -> tuple[str, ...]:
        """Every folder that Argo CD's git generator comes to, in its order; it leaves out what begins with a dot."""
        seen = (folder for folder in self.folders if not folder.startswith(".") and "/." not in folder)
        return tuple(sorted(seen, key=lambda folder: folder.split("/")))
