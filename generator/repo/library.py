"""Open a repository with GitPython: refs, remotes, ancestry and trees, for commands that are not run at each commit.

Importing it takes 61 ms (measured), so what a hook runs asks `head.py` instead.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from generator.findings.errors import ToolError
from generator.findings.text import quote_words
from generator.git.environment import drop_foreign_variables, git_environment, git_program
from generator.git.repository import find_repository

if TYPE_CHECKING:
    from collections.abc import Iterator

    from git import Repo


@contextmanager
def opened(root: Path) -> Iterator[Repo | None]:
    """Return the repository around `root` for a `with` block, and end its processes after it; None where there is none.

    Raises ToolError for a repository that is damaged or not to be trusted, and for what git refuses inside the block.
    """
    found = find_repository(root)
    if found is None:
        yield None
        return
    drop_foreign_variables()
    os.environ["GIT_PYTHON_GIT_EXECUTABLE"] = git_program()  # it runs `git version` when it is imported
    from git import Repo  # 61 ms
    from git.exc import GitError, ODBError

    try:
        with Repo(found.work_tree, search_parent_directories=False, expand_vars=False) as repo:
            if Path(repo.git_dir).resolve() != found.git_dir:
                raise ToolError(f"{found.work_tree}: its repository is {found.git_dir}, not {repo.git_dir}")
            repo.git.update_environment(**git_environment(found.git_dir, found.work_tree))
            yield repo
    except (GitError, ODBError) as error:
        raise ToolError(f"git in {found.work_tree} fails", *quote_words(_reason(error))) from error


def head_commit(root: Path) -> str | None:
    """Return the id of the last commit; None outside of git and before the first one."""
    with opened(root) as repo:
        return repo.head.commit.hexsha if repo and repo.head.is_valid() else None


def unpushed_commits(root: Path) -> int:
    """Return how many commits of HEAD no branch of a remote has; 0 without a remote, and without a commit."""
    with opened(root) as repo:
        if repo is None or not repo.remotes or not repo.head.is_valid():
            return 0
        return int(repo.git.rev_list("HEAD", "--not", "--remotes", "--", count=True))


def is_ancestor(root: Path, one: str, other: str) -> bool | None:
    """Return whether the commit `one` is an ancestor of `other`; None where this repository does not know both."""
    with opened(root) as repo:
        if repo is None:
            return None
        from git.exc import ODBError  # opened() has imported it

        try:
            ancestor, commit = repo.commit(one), repo.commit(other)
        except (ODBError, ValueError):
            return None
        return repo.is_ancestor(ancestor, commit)


def files_in(root: Path, revision: str, folders: tuple[str, ...]) -> dict[str, str]:
    """Return the files that a commit holds below `folders`: the path as seen from `root` -> the id of the content."""
    found = find_repository(root)
    with opened(root) as repo:
        if repo is None or found is None:
            return {}
        from git import Blob  # opened() has imported it

        tops = tuple(f"{found.prefix}{folder}/" for folder in folders)
        items = [item for item in repo.commit(revision).tree.traverse() if isinstance(item, Blob)]
        return {
            str(item.path).removeprefix(found.prefix): item.hexsha for item in items if str(item.path).startswith(tops)
        }


def _reason(error: Exception) -> str:
    """Return git's own words, without the command that GitPython puts around them."""
    words = getattr(error, "stderr", "") or str(error)
    return str(words).strip().removeprefix("stderr: '").removesuffix("'").strip()
