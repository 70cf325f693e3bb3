"""Rendered files that somebody changed by hand and committed: no page says it, so rendering again would undo it.

A file that differs from what the pages render now is either older than they are, or edited. The commit that last wrote
it tells: if the pages of that commit render it, the pages have moved on since.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.errors import InputError
from generator.plan.handedit import only_the_record, rendered_by
from generator.repo.head import batch
from generator.tree import INPUTS, RENDERED, Tree

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from generator.plan.plan import Change
    from generator.repo.clone import Clone


def handwork(clone: Clone, changes: Iterable[Change]) -> Iterator[tuple[str, str]]:
    """Give path and commit of each file among `changes` that the pages of the commit that wrote it do not render.

    What cannot be told (a commit whose pages cannot be read) is given too.
    """
    for commit, written in _by_commit(clone, changes).items():
        try:
            rendered = rendered_by(_tree_at(clone, commit), written)
        except InputError:
            rendered = {}
        for change in written:
            if rendered.get(change.path, "").encode() != change.before:
                yield change.path, commit


def _by_commit(clone: Clone, changes: Iterable[Change]) -> dict[str, list[Change]]:
    """Sort the changes to existing files by the commit that last wrote them; a moved release is nobody's handwork."""
    found: dict[str, list[Change]] = {}
    for change in changes:
        if change.before is not None and not only_the_record(change):
            path = f"{clone.remote.prefix}{change.path}"
            commit = clone.git.local("log", "-1", "--format=%H", "HEAD", "--", path).text
            found.setdefault(commit, []).append(change)
    return found


def _tree_at(clone: Clone, commit: str) -> Tree:
    """Read the pages and rendered files of a commit."""
    prefix = clone.remote.prefix
    folders = [f"{prefix}{name}" for name in (*INPUTS, *RENDERED)]
    listed = clone.git.read("ls-tree", "-r", "-z", "--name-only", "--full-tree", commit, "--", *folders)
    paths = [path for path in listed.decode(errors="replace").split("\0") if path]
    names = "".join(f"{commit}:{path}\n" for path in paths).encode()
    files = dict(batch(paths, clone.git.read("cat-file", "--batch", stdin=names)))
    return Tree(clone.root, {path.removeprefix(prefix): data for path, data in files.items()})
