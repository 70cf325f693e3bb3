"""Where Fairlead keeps what it remembers of a repository: inside the git folder, where no commit can reach.

A pull request must not be able to bring verdicts or links of its own, so the folder is never part of the work tree.
Only a repository that is not in git keeps it beside its pages.
"""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path

OUTSIDE_GIT = ".fairlead"


def state_folder(root: Path) -> Path:
    """Give the folder of the repository at `root`; it need not exist."""
    for top in (root, *root.parents):
        git = _git_folder(top / ".git")
        if git is not None:
            name = root.relative_to(top).as_posix().replace("/", "%")
            return git / "fairlead" / ("top" if name == "." else name)
    return root / OUTSIDE_GIT


def _git_folder(dot_git: Path) -> Path | None:
    """Give the folder that `.git` is, or that it names (work trees, submodules)."""
    if dot_git.is_dir() and not dot_git.is_symlink():
        return dot_git
    if dot_git.is_file():
        label, _, target = dot_git.read_text(encoding="utf-8", errors="replace").partition(":")
        if label == "gitdir":
            return dot_git.parent / target.strip()
    return None


def made(folder: Path) -> Path:
    """Make a state folder where there is none; raises OSError, also for a link in its place."""
    folder.mkdir(parents=True, exist_ok=True)
    if folder.is_symlink():
        raise OSError(0, "a symbolic link", os.fspath(folder))
    if folder.name == OUTSIDE_GIT and not (folder / ".gitignore").exists():
        write_state(folder / ".gitignore", b"*\n")
    return folder


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
