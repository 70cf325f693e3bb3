"""Find the git repository around a folder by our own walk, so that no file of a checkout can pass for one.

git takes a folder for a repository when it holds `HEAD`, `objects/` and `refs/`, and obeys the `config` beside them. A
pull request can commit all of that, but no path with a component `.git`: git refuses such paths. So only `.git` counts
here, and every git of ours is told where it is.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from generator.findings.errors import ToolError
from generator.findings.text import quote_words
from generator.git.environment import discovery_environment, git_program
from generator.tools import process

if TYPE_CHECKING:
    from collections.abc import Iterator

_DOT_GIT = ".git"
_POINTER = "gitdir:"

# No `.git` file of git's own is longer (bytes).
_LONGEST_POINTER = 8192


class Repository(msgspec.Struct, frozen=True):
    """A git repository with a work tree: `git_dir` is that of this work tree, `common_dir` that of all its work trees.

    `prefix` is the folder that was asked about, as seen from `work_tree`: empty, or ending in a slash.
    """

    work_tree: Path
    git_dir: Path
    common_dir: Path
    prefix: str = ""


def find_repository(folder: Path) -> Repository | None:
    """Return the repository whose work tree `folder` lies in; None where there is none.

    Raises ToolError for a `.git` that is damaged, and for one of another user that no `safe.directory` of git's
    configuration names.
    """
    start = folder.resolve()
    top = next((each for each in (start, *start.parents) if os.path.lexists(each / _DOT_GIT)), None)
    if top is None:
        return None
    git_dir = _git_dir(top / _DOT_GIT)
    common_dir = _common_dir(git_dir)
    inner = start.relative_to(top).as_posix()
    found = Repository(top, git_dir, common_dir, "" if inner == "." else f"{inner}/")
    _require_whole(found)
    if not all(_is_ours(path) for path in (top / _DOT_GIT, top, git_dir, common_dir)):
        _require_safe(found)
    return found


def _git_dir(dot_git: Path) -> Path:
    """Return the folder that `.git` is, or that it names: linked work trees and submodules have a file."""
    if dot_git.is_dir():
        return dot_git.resolve()
    try:
        with dot_git.open(encoding="utf-8", errors="surrogateescape") as stream:
            label, _, target = stream.read(_LONGEST_POINTER).rstrip("\n").partition(" ")
    except OSError as error:
        raise _damaged(dot_git, error.strerror or "it cannot be read") from error
    if label != _POINTER or not target:
        raise _damaged(dot_git, f"it does not begin with `{_POINTER} `")
    return (dot_git.parent / target).resolve()


def _common_dir(git_dir: Path) -> Path:
    """Return the folder with the objects and refs: a linked work tree names it in a file."""
    try:
        return (git_dir / (git_dir / "commondir").read_text(encoding="utf-8").rstrip("\n")).resolve()
    except OSError:
        return git_dir


def _require_whole(repository: Repository) -> None:
    """Raise ToolError unless git would take the folder for a repository: damage must not pass for "none"."""
    common_dir = repository.common_dir
    wanted = (repository.git_dir / "HEAD", common_dir / "objects", common_dir / "refs")
    lost = next((path for path in wanted if not os.path.lexists(path)), None)
    if lost is not None:
        raise _damaged(repository.work_tree / _DOT_GIT, f"{lost} is missing")


def _damaged(dot_git: Path, reason: str) -> ToolError:
    return ToolError(
        f"{dot_git}: damaged git repository: {reason}; mend it or clone anew "
        f"(or remove {_DOT_GIT} if this is not to be a repository)"
    )


def _is_ours(path: Path) -> bool:
    """Return whether git takes a path for the user's own: root may also stand for whoever called sudo."""
    return path.lstat().st_uid in set(_own_ids())


def _own_ids() -> Iterator[int]:
    yield os.geteuid()
    caller = os.environ.get("SUDO_UID", "")
    if os.geteuid() == 0 and caller.isdecimal():
        yield int(caller)


def _require_safe(repository: Repository) -> None:
    """Let git decide about a repository of somebody else: an explicit GIT_DIR, as we give it, skips that check.

    git knows every form of `safe.directory` in the user's and the system's configuration, and says the remedy. Raises
    ToolError with its words.
    """
    argv = [git_program(), "rev-parse", "--absolute-git-dir"]
    answer = process.run(argv, cwd=repository.work_tree, env=discovery_environment(repository.work_tree))
    if answer.returncode:
        raise ToolError(f"{repository.work_tree}: git does not trust it", *quote_words(answer.stderr))
    if Path(os.fsdecode(answer.stdout.removesuffix(b"\n"))).resolve() != repository.git_dir:
        raise ToolError(f"{repository.work_tree}: to git its repository is another folder than {repository.git_dir}")
