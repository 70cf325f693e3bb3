"""What waits for review on a branch of its own: commits that the remote's own branch lacks, and whose they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.repo.failure import RefusedError
from generator.repo.fetcher import OTHER
from generator.repo.remote import NAME

if TYPE_CHECKING:
    from generator.repo.git import Git

# The trailer that tells our own commits: looked for when the outcome of a push is unknown.
MARK = "Promotion-Id"

# As many commits as help to find out whose they are.
_SHOWN = 5


def refuse_others(git: Git, place: str) -> None:
    """Raise RefusedError when the branch holds commits of others that its base does not: they would be buried."""
    form = f"--format=%h %(trailers:key={MARK},valueonly,separator=%x20)"
    listed = git.local("log", "--no-merges", form, f"HEAD..{OTHER}").text.splitlines()
    foreign = [line.strip() for line in listed if " " not in line.strip()]
    if foreign:
        commits = ", ".join(foreign[:_SHOWN])
        raise RefusedError(f"{place} has commits that fairlead did not make: {commits}; merge or delete it first")


def stale(git: Git) -> str | None:
    """Return the subject of our newest commit on the branch, if merging it would still change files; else None.

    A branch that was merged as one new commit has commits of its own, and changes nothing.
    """
    base = git.local("merge-base", "HEAD", OTHER).text
    if not _differing(git, base) & _differing(git, "HEAD"):
        return None
    ours = ("--fixed-strings", f"--grep={MARK}: ")
    return git.local("log", "-1", "--format=%s", *ours, f"HEAD..{OTHER}").text


def in_the_way(git: Git, branch: str) -> str | None:
    """Return the remote's branch whose name is a folder of `branch`, or the other way round: git cannot have both."""
    listed = git.remote("ls-remote", "--heads", NAME).text.splitlines()
    names = (line.partition("refs/heads/")[2] for line in listed)
    ours = f"{branch}/"
    return next((name for name in names if ours.startswith(f"{name}/") or name.startswith(ours)), None)


def _differing(git: Git, revision: str) -> set[str]:
    """Return the paths that the branch has otherwise than a revision."""
    listed = git.local("diff-tree", "-r", "-z", "--name-only", "--no-renames", revision, OTHER).text
    return {*listed.split("\0")} - {""}
