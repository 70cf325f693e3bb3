"""Where a checkout comes from: its remote `origin`, and which of its branches are known here, without asking it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.forge.address import address_of
from generator.repo.library import opened
from generator.sync.address import same_repository

if TYPE_CHECKING:
    from pathlib import Path

NAME = "origin"


def origin_of(root: Path) -> str | None:
    """Return the address that git fetches from, which may hold a login; None without such a remote, or without git."""
    with opened(root) as repo:
        if repo is None or NAME not in [remote.name for remote in repo.remotes]:
            return None
        return next(repo.remote(NAME).urls)


def knows_branch(root: Path, branch: str) -> bool:
    """Say whether `branch` was on the remote when somebody last fetched from it or pushed to it."""
    with opened(root) as repo:
        return repo is not None and f"{NAME}/{branch}" in [ref.name for ref in repo.remote(NAME).refs]


def leads_to_the_same(one: str, other: str) -> bool:
    """Say whether two addresses are those of one repository, be it by ssh or by https."""
    ours, theirs = address_of(one), address_of(other)
    if ours is None or theirs is None:
        return same_repository(one, other)
    return (ours.host, ours.path.lower()) == (theirs.host, theirs.path.lower())
