"""Where a checkout comes from: its remote `origin`, and which of its branches are known here, without asking it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.repo.library import opened

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
    """Return whether `branch` was on the remote when somebody last fetched from it or pushed to it."""
    with opened(root) as repo:
        return repo is not None and f"{NAME}/{branch}" in [ref.name for ref in repo.remote(NAME).refs]
