"""Where Fairlead keeps what it remembers of a repository: never in the work tree, where a commit could bring it along.

In a git repository that is the git folder, which no commit can reach. Of a folder that is in none, an unpacked archive
say, the user's own cache remembers by the folder's path.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from generator.folders.trust import make_private, require_private
from generator.git.repository import find_repository

_STATES = "state"
_KEPT_SECONDS = 30 * 24 * 3600.0


def state_folder(root: Path) -> Path:
    """Return the folder of the repository at `root`; it need not exist.

    Raises ToolError for a git repository that is damaged or not to be trusted, and for a cache that others may write.
    """
    found = find_repository(root)
    if found is not None:
        return found.git_dir / "fairlead" / (found.prefix.rstrip("/").replace("/", "%") or "top")
    return _cached(root)


def _cached(root: Path) -> Path:
    """Return the folder of the user's cache for a folder outside of git."""
    states = states_folder()
    require_private(states)
    return states / hashlib.blake2b(os.fsencode(root.resolve()), digest_size=16).hexdigest()


def states_folder() -> Path:
    """Return the folder of the user's cache that remembers folders outside of git."""
    from generator.folders.trust import cache_directory  # 10 ms, for a folder that is in no repository

    return cache_directory() / _STATES


def made(folder: Path) -> Path:
    """Make a state folder where there is none; raises OSError, also for a link in its place."""
    if folder.parent.name == _STATES and folder.parent == states_folder():
        make_private(folder)
        _forget_old(folder.parent)
    folder.mkdir(parents=True, exist_ok=True)
    if folder.is_symlink():
        raise OSError(0, "a symbolic link", os.fspath(folder))
    return folder


def _forget_old(states: Path) -> None:
    """Remove from the user's cache what was not changed for a month: folders outside of git come and go."""
    for each in states.iterdir():
        with suppress(OSError):
            if each.lstat().st_mtime < time.time() - _KEPT_SECONDS:
                shutil.rmtree(each)


def write_state(path: Path, data: bytes) -> None:
    """Write a file of a state folder whole, through a name that nobody can have put there; raises OSError."""
    descriptor, name = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
        Path(name).replace(path)
    except OSError:
        with suppress(OSError):
            Path(name).unlink()
        raise
