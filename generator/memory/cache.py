"""What was proven before, under a key that holds everything the proof depends on.

One file per repository, checked against its own digest: a damaged, truncated or foreign file counts as empty.
Only verdicts are kept (small values), never rendered text.
"""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from generator import __version__
from generator.packs import schema_folder
from generator.state import made, state_folder, write_state
from generator.tree import digest

_DIGEST_SIZE = 16

# The file of verdicts on overlays.
PROVEN = "proven.cache"


class Cache:
    """Verdicts by key, with the hits and misses of this run. Keys not asked for in this run are dropped on save."""

    def __init__(self, folder: Path, name: str) -> None:
        self._path = folder / f"{name}.cache"
        self._known = _load(self._path)
        self._used: dict[str, msgspec.Raw] = {}
        self.hits = 0
        self.misses = 0

    def get(self, key: str, kind: type[Any]) -> Any:
        """Give the verdict under `key` as a `kind`, None when it is not known."""
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
        """Write the verdicts of this run, unless nothing changed; a disk that refuses only costs the next run time."""
        if self._used.keys() == self._known.keys():
            return
        data = msgspec.msgpack.encode(self._used)
        with suppress(OSError):
            made(self._path.parent)
            write_state(self._path, hashlib.blake2b(data, digest_size=_DIGEST_SIZE).digest() + data)


def _load(path: Path) -> dict[str, msgspec.Raw]:
    try:
        content = path.read_bytes()
    except OSError:
        return {}
    data = content[_DIGEST_SIZE:]
    if hashlib.blake2b(data, digest_size=_DIGEST_SIZE).digest() != content[:_DIGEST_SIZE]:
        return {}
    try:
        return msgspec.msgpack.decode(data, type=dict[str, msgspec.Raw])
    except msgspec.DecodeError:
        return {}


def open_cache(root: Path, name: str) -> Cache:
    """Open a repository's cache of one kind of verdict."""
    return Cache(state_folder(root), name)


@cache
def fingerprint() -> str:
    """Give what stands for this very program: its version, size and time of its modules, its schemas and its tools."""
    package = Path(__file__).parents[1]
    files = [path for path in package.rglob("*") if path.suffix in {".py", ".yaml"}]
    files += [schema_folder() / name / "lock.json" for name in ("kubernetes", "kustomize", "crds")]
    stats = [(os.fspath(path), path.stat()) for path in sorted(files)]
    entries = [(path, b"%d %d" % (stat.st_size, stat.st_mtime_ns)) for path, stat in stats]
    return digest([("version", __version__.encode()), *entries])
