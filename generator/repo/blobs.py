"""Read contents by their ids, from a clone that was made without contents too."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from generator.repo.head import batch

if TYPE_CHECKING:
    from collections.abc import Iterable

    from generator.repo.log import Reader

# So many contents are read without asking whether the clone has them: to find out takes as long as to fetch one.
FEW = 2


class Blobs:
    """Reads contents by id, from a clone without contents too."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def read(self, ids: Iterable[str]) -> dict[str, bytes]:
        """Return id -> content; an id that the repository lacks is left out."""
        ids = list(ids)
        if not ids:
            return {}
        names = "".join(f"{id_}\n" for id_ in ids).encode()
        if len(ids) > FEW and self._is_partial:
            # cat-file fetches one by one what a clone lacks; pack-objects fetches all of it at once.
            self._reader("pack-objects", "-q", "--stdout", stdin=names)
        return dict(batch(ids, self._reader("cat-file", "--batch", stdin=names)))

    @cached_property
    def _is_partial(self) -> bool:
        listed = self._reader("config", "--list", "--null", "--name-only").decode(errors="replace").split("\0")
        return any(name.startswith("remote.") and name.endswith(".promisor") for name in listed)
