"""What a checkout has to be before something is published from it: committed, pushed, and as its pages render."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from generator.disk.tree import INPUTS, read
from generator.findings.errors import UsageError
from generator.line_ends import with_lf
from generator.pipeline import generate
from generator.publish.publication import PublishError, UnsoundError
from generator.publish.source import PublishedSource
from generator.repo.head import changed_files, head_files, head_tree
from generator.repo.library import files_in, head_commit, is_ancestor, unpushed_commits
from generator.roots import rendered_folders

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from generator.findings.progress import Progress


def committed(root: Path, repository: str, progress: Progress) -> PublishedSource:
    """Return the files of the checkout's last commit, for another repository; `repository` says where they come from.

    Raises UnsoundError when they are not what the pages of that commit render, UsageError without a commit, and
    PublishError when the checkout has a remote that lacks it: a trailer would name what nobody else can find.
    """
    commit = head_commit(root)
    if commit is None:
        raise UsageError("nothing is committed here; what is published comes from a commit")
    _refuse_unpushed(root, "so that others find what is published")
    tree = head_tree(root)
    drift = [*generate(tree, progress).drift()]
    if drift:
        raise UnsoundError(drift)
    return PublishedSource(
        tree=tree,
        commit=commit,
        repository=repository,
        is_ancestor=partial(is_ancestor, root),
        files_at=lambda revision: files_in(root, revision, rendered_folders()),
    )


def refuse_unpublished(root: Path, progress: Progress) -> None:
    """Refuse when this checkout has what publishing from the remote's branch would leave out; raises PublishError."""
    if head_commit(root) is None:
        return
    _refuse_unpushed(root, "or they are left out")
    dirty = changed_files(root, *INPUTS) or [*_edited_renderings(root, progress)]
    if dirty:
        others = f" and {len(dirty) - 1} more" if len(dirty) > 1 else ""
        raise PublishError(
            f"{dirty[0]}{others}: changed here and not committed, so publishing would leave it out; "
            "commit or restore it first"
        )


def _refuse_unpushed(root: Path, why: str) -> None:
    ahead = unpushed_commits(root)
    if ahead:
        raise PublishError(f"commits of HEAD that no remote branch has: {ahead}; push them first, {why}")


def _edited_renderings(root: Path, progress: Progress) -> Iterator[str]:
    """Yield the rendered files that neither the pages nor the last commit have so."""
    planned = generate(read(root), progress)
    changes = [change for change in (*planned.changes, *planned.restyled) if change.before is not None]
    had = {path: with_lf(data) for path, data in head_files(root, [change.path for change in changes]).items()}
    yield from (change.path for change in changes if had.get(change.path) != change.before)
