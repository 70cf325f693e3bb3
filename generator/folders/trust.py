"""Files and folders that nobody else can change, so that what lies in them may be believed.

Caches hold programs that are run and verdicts that are taken for true. `require_private` refuses one that another
user of the machine could have written; `make_private` makes a folder that passes.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING

from generator.findings.errors import ToolError

if TYPE_CHECKING:
    from collections.abc import Iterator


_OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH
_ROOT = 0
# As many links in a row as Linux follows.
_MOST_LINKS = 40
_ELSEWHERE = "or set XDG_CACHE_HOME to a folder of your own"


def require_private(path: Path, elsewhere: str = _ELSEWHERE) -> None:
    """Raise ToolError when another user could change `path`, a file or folder, or put another one in its place.

    It must belong to the user or to root, and be writable by nobody else; so must each folder above it, up to the
    home folder or else the root, and all of this holds for what a link on the way leads to. A folder above may be
    writable by all where nobody can rename what is another's (`/tmp`). What is not there is fine. `elsewhere` ends
    the remedy of the message.
    """
    for place in dict.fromkeys(_places(path.absolute(), _MOST_LINKS)):
        try:
            status = place.lstat()
        except OSError:  # not there, or out of reach: nothing can be read or run from it either
            continue
        _refuse_foreign(place, status, elsewhere)
        if not _is_kept_apart(status, is_above=place != path):
            mode = f"{stat.S_IMODE(status.st_mode):04o}"
            raise ToolError(f"{place}: other users may write to it (mode {mode}); run: chmod go-w {place}, {elsewhere}")


def make_private(folder: Path, elsewhere: str = _ELSEWHERE) -> None:
    """Make a folder, with those above it, that its owner alone can open; raise ToolError where one is not private.

    Raises OSError when it cannot be made.
    """
    require_private(folder, elsewhere)
    for place in reversed([folder, *folder.parents]):
        if not place.is_dir():
            place.mkdir(mode=0o700, exist_ok=True)
    require_private(folder, elsewhere)  # what another made meanwhile


def _refuse_foreign(place: Path, status: os.stat_result, elsewhere: str) -> None:
    if status.st_uid not in {os.geteuid(), _ROOT}:
        raise ToolError(
            f"{place}: belongs to another user (uid {status.st_uid}), who could change what is run; "
            f"run: chown {os.geteuid()} {place}, {elsewhere}"
        )


def _is_kept_apart(status: os.stat_result, *, is_above: bool) -> bool:
    """Return whether nobody but the owner can change a file, or rename what is in a folder."""
    if stat.S_ISLNK(status.st_mode) or not status.st_mode & _OTHERS_WRITE:
        return True
    return is_above and stat.S_ISDIR(status.st_mode) and bool(status.st_mode & stat.S_ISVTX)


def _places(path: Path, links: int) -> Iterator[Path]:
    """Yield everything that decides what `path` is: itself, the folders above, and the same for links on the way."""
    ends = _ends()
    for place in (path, *path.parents):
        if place in ends:
            return
        yield place
        if links and place.is_symlink():
            target = place.parent / place.readlink()
            yield from _places(Path(os.path.abspath(target)), links - 1)  # noqa: PTH100 - a link is looked at itself
            yield from _places(Path(os.path.realpath(place)), 0)


def _ends() -> set[Path]:
    """Return the folders in which no one but the user is at home: whoever can write there needs no cache."""
    try:
        home = Path.home()
    except RuntimeError:  # a user whom the machine does not know
        return set()
    return {home, Path(os.path.realpath(home))} - {Path(home.anchor)}


def cache_directory() -> Path:
    """Return the folder for what can be made again: FAIRLEAD_CACHE_DIR, else the user's cache folder."""
    chosen = os.environ.get("FAIRLEAD_CACHE_DIR")
    if chosen:
        return Path(chosen).absolute()
    import platformdirs  # 2 ms that a run in a git repository does not pay

    return platformdirs.user_cache_path("fairlead")
