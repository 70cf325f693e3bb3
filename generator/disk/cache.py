"""What was proven before, under a key that holds everything the proof depends on.

One file per repository, checked against its own digest: a damaged, truncated or foreign file counts as empty.
Only verdicts are kept (small values), never rendered text.
"""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from functools import cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from generator import __version__
from generator.disk.state import made, state_folder, write_state
from generator.disk.tree import OversizeError, digest, read_file
from generator.kubernetes.packs import schema_folder

if TYPE_CHECKING:
    from collections.abc import Iterator

_DIGEST_SIZE = 16

# As many older verdicts are kept for each of a run: a branch to and fro, and the run before a change.
_OLDER = 3

# Verdicts of 30,000 overlays, three times over (bytes).
_LARGEST = 512 << 20

# The file of verdicts on overlays.
PROVEN = "proven.cache"


class Cache:
    """Verdicts by key, with the hits and misses of this run.

    Keys not asked for in this run are kept for a while: another branch, or the run before the last, may ask again.
    """

    def __init__(self, folder: Path, name: str) -> None:
        self._path = folder / f"{name}.cache"
        self._known = _load(self._path)
        self._used: dict[str, msgspec.Raw] = {}
        self.hits = 0
        self.misses = 0

    def get(self, key: str, kind: type[Any]) -> Any:
        """Return the verdict under `key` as a `kind`, None when it is not known."""
        raw = self._known.get(key)
        if raw is None:
            self.misses += 1
            return None
        self.hits += 1
        self._used[key] = raw
        return msgspec.msgpack.decode(raw, type=kind)

    def put(self, key: str, verdict: Any) -> None:
        """Remember a verdict."""
        self._used[key] = msgspec.Raw(msgspec.msgpack.encode(verdict))

    def save(self) -> None:
        """Write the verdicts of this run, unless nothing is new; a disk that refuses only costs the next run time."""
        if self._used.keys() <= self._known.keys():
            return
        older = {key: raw for key, raw in self._known.items() if key not in self._used}
        kept = dict(islice(older.items(), _OLDER * len(self._used)))
        data = msgspec.msgpack.encode(self._used | kept)
        with suppress(OSError):
            made(self._path.parent)
            write_state(self._path, hashlib.blake2b(data, digest_size=_DIGEST_SIZE).digest() + data)


def _load(path: Path) -> dict[str, msgspec.Raw]:
    try:
        content = read_file(path, _LARGEST)
    except (OSError, OversizeError):
        return {}
    data = content[_DIGEST_SIZE:]
    if hashlib.blake2b(data, digest_size=_DIGEST_SIZE).digest() != content[:_DIGEST_SIZE]:
        return {}
    try:
        return msgspec.msgpack.decode(data, type=dict[str, msgspec.Raw])
    except msgspec.DecodeError:
        return {}


def open_cache(root: Path, name: str, folder: Path | None = None) -> Cache:
    """Return the cache of one kind of verdict for the repository at `root`, or the one in `folder`."""
    return Cache(folder or state_folder(root), name)


@cache
def fingerprint() -> str:
    """Return what stands for this very program, wherever it is installed: its version, modules and schemas (6 ms)."""
    package = os.fspath(Path(__file__).parents[1])
    modules = {path[len(package) :]: path for path in _modules(package)}
    locks = {name: f"{schema_folder()}/{name}/lock.json" for name in ("kubernetes", "kustomize", "crds")}
    files = ((name, read_file(path)) for name, path in sorted((locks | modules).items()))
    return digest([("version", __version__.encode()), *files])


def _modules(package: str) -> Iterator[str]:
    """Find what the program consists of; with names as text, as pathlib takes three times as long for 500 files."""
    for folder, folders, names in os.walk(package):
        folders[:] = [name for name in folders if name != "__pycache__"]
        yield from (f"{folder}/{name}" for name in names if name.endswith((".py", ".yaml")))
