"""Where a checkout comes from: its remote `origin`, and which of its branches are known here, without asking it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.forge.address import address_of
from generator.repo.head import git_output
from generator.sync.address import same_repository

if TYPE_CHECKING:
    from pathlib import Path

NAME = "origin"


def origin_of(root: Path) -> str | None:
    """Give the address that git fetches from, which may hold a login; None without such a remote, or without git."""
    if NAME not in git_output(root, "remote").decode().split():
        return None
    return git_output(root, "remote", "get-url", NAME).decode().strip()


def knows_branch(root: Path, branch: str) -> bool:
    """Say whether `branch` was on the remote when somebody last fetched from it or pushed to it."""
    return bool(git_output(root, "for-each-ref", f"refs/remotes/{NAME}/{branch}").strip())


def leads_to_the_same(one: str, other: str) -> bool:
    """Say whether two addresses are those of one repository, be it by ssh or by https."""
    ours, theirs = address_of(one), address_of(other)
    if ours is None or theirs is None:
        return same_repository(one, other)
    return (ours.host, ours.path.lower()) == (theirs.host, theirs.path.lower())
