"""Where a checkout stands against a branch of its remote: how many commits it has alone, and how many it lacks."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

import msgspec

from generator.repo.head import changed_files, git_output, has_commit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """The current `branch` ("" for none), the `upstream` that it follows (`origin/main`, "" for none).

    `ahead` and `behind` count commits; `behind` is None where the other side has commits that were never fetched.
    """

    branch: str
    upstream: str
    ahead: int = 0
    behind: int | None = 0

    def notes(self, other: str) -> Iterator[str]:
        """Say of each direction how far the checkout is from `other`."""
        if self.behind is None:
            yield f"this checkout is behind {other}: what came last was never fetched"
        elif self.behind:
            yield f"this checkout is {_counted(self.behind)} behind {other}"
        if self.ahead:
            yield f"this checkout is {_counted(self.ahead)} ahead of {other}: git push"


def standing_against_upstream(root: Path) -> Standing | None:
    """Return where HEAD stands against what was last fetched of its upstream; None without a commit."""
    if not has_commit(root):
        return None
    branch, upstream = _followed(root)
    if not upstream:
        return Standing(branch=branch, upstream="")
    ahead, behind = _apart(root, f"refs/remotes/{upstream}")
    return Standing(branch=branch, upstream=upstream, ahead=ahead, behind=behind)


def standing_against(root: Path, tip: str) -> Standing | None:
    """Return where HEAD stands against the commit `tip`, which may not be here; None without a commit."""
    if not has_commit(root):
        return None
    branch, upstream = _followed(root)
    known = git_output(root, "cat-file", "--batch-check", stdin=f"{tip}\n".encode()).split()[1:2] == [b"commit"]
    if not known:
        unpushed = git_output(root, "rev-list", "--count", "HEAD", "--not", "--remotes")
        return Standing(branch=branch, upstream=upstream, ahead=int(unpushed), behind=None)
    ahead, behind = _apart(root, tip)
    return Standing(branch=branch, upstream=upstream, ahead=ahead, behind=behind)


def way_here(root: Path, remote: str, branch: str, paths: Iterable[str]) -> str:
    """Return the command that brings a commit on `branch` of `remote`, which changed `paths`, to the checkout.

    `git pull` works on a branch that follows that one, without commits of its own, and where those paths are as in
    HEAD.
    """
    fetch = shlex.join(["git", "fetch", remote, branch])
    standing = standing_against_upstream(root)
    if standing is None or standing.upstream != f"{remote}/{branch}":
        where = f"the branch {standing.branch}" if standing and standing.branch else "no branch that follows it"
        return f"{fetch} (this checkout is on {where})"
    pull = "git pull --rebase" if standing.ahead else "git pull"
    dirty = changed_files(root, *paths)
    return f"{pull}, once {dirty[0]} is committed or restored" if dirty else pull


def _followed(root: Path) -> tuple[str, str]:
    """Return the current branch and its upstream, "" for what there is none of."""
    branch = git_output(root, "rev-parse", "--abbrev-ref", "HEAD").decode(errors="replace").strip()
    if branch == "HEAD":
        return "", ""
    form = "--format=%(upstream)%00%(upstream:track,nobracket)"
    found = git_output(root, "for-each-ref", form, f"refs/heads/{branch}").decode(errors="replace").strip("\n")
    upstream, _, track = found.partition("\0")
    return branch, "" if track == "gone" else upstream.removeprefix("refs/remotes/")


def _apart(root: Path, other: str) -> tuple[int, int]:
    ahead, behind = git_output(root, "rev-list", "--left-right", "--count", f"HEAD...{other}").split()
    return int(ahead), int(behind)


def _counted(number: int) -> str:
    return "1 commit" if number == 1 else f"{number} commits"
