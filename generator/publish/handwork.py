"""Rendered files that somebody changed by hand and committed: no page says it, so rendering again would undo it.

A file that differs from what the pages render now is older than they are, rendered by another release of Fairlead, or
edited. The commits that wrote it tell: where the pages of a commit render what it wrote, everything later is known; a
commit that takes a file further away from what its pages render is an edit (docs/decisions/0018).
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import msgspec

from generator.disk.tree import INPUTS, Tree
from generator.findings.errors import InputError
from generator.paths import is_ours
from generator.plan.hand_edits import is_rendered, only_the_record, rendered_by, without_record
from generator.repo.blobs import Blobs
from generator.repo.log import pages
from generator.roots import rendered_folders

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from generator.change import Change
    from generator.repo.clone import Clone
    from generator.repo.log import Commit

# Commits whose pages are rendered (each takes about as long as `generate` for the services in question); what is not
# known by then cannot be told.
LIMIT = 50


class Handwork(msgspec.Struct, frozen=True):
    """Of files that are about to be replaced: (path, commit) of each edit by hand, and what another release rendered.

    What cannot be told (the pages of a commit cannot be read, history ends in a shallow clone) counts as an edit. The
    commit is "" where it is not here.
    """

    edits: tuple[tuple[str, str], ...] = ()
    older: tuple[str, ...] = ()


def find_handwork(clone: Clone, changes: Iterable[Change]) -> Handwork:
    """Sort the existing files among `changes` by who wrote them; a moved release is nobody's handwork."""
    open_ = {change.path: change for change in changes if change.before is not None and not only_the_record(change)}
    if not open_:
        return Handwork()
    history = _History(clone, open_)
    history.walk()
    return Handwork(tuple(sorted(history.edits.items())), tuple(sorted(history.older)))


class _History:
    """The way back through the commits that wrote the files in question, until each of them is known."""

    def __init__(self, clone: Clone, changes: Mapping[str, Change]) -> None:
        self._clone = clone
        self._open = dict(changes)
        self._blobs = Blobs(clone.git.read)
        self._rendered = 0
        self.edits: dict[str, str] = {}
        self.older: set[str] = set()

    def walk(self) -> None:
        """Go back from HEAD."""
        for page in pages(self._clone.git.read, "HEAD", self._clone.remote.prefix or "."):
            contents = self._contents(page)
            for commit in page:
                self._judge(commit, contents)
                if not self._open:
                    return
        for path in self._open:  # written by a commit that is not here
            self.edits[path] = ""
            self.older.discard(path)

    def _contents(self, page: Iterable[Commit]) -> dict[str, bytes]:
        """Read what the commits of a page wrote and replaced, all at once."""
        edits = [edit for commit in page for edit in commit.edits if self._path(edit.path) in self._open]
        ids = {id_ for edit in edits for id_ in (edit.before, edit.after) if id_ is not None}
        return self._blobs.read(sorted(ids))

    def _path(self, path: str) -> str:
        return path.removeprefix(self._clone.remote.prefix)

    def _judge(self, commit: Commit, contents: Mapping[str, bytes]) -> None:
        """Find out which files a commit settles."""
        written = {}
        for edit in commit.edits:
            before, after = contents.get(edit.before or ""), contents.get(edit.after or "", b"")
            if self._path(edit.path) in self._open and not _moves_a_release(before, after):
                written[self._path(edit.path)] = (before, after)
        rendered = self._render(commit, list(written)) if written else {}
        for path, (before, after) in written.items():
            text = None if rendered is None or commit.border else rendered.get(path, "")
            if text is not None and is_rendered(after, text):
                del self._open[path]
            elif text is None or _is_edit(before, after, text):
                self.edits[path] = commit.id
                self.older.discard(path)
                del self._open[path]
            else:
                self.older.add(path)
                if before is None:
                    del self._open[path]

    def _render(self, commit: Commit, paths: Iterable[str]) -> dict[str, str] | None:
        """Return what the pages of a commit render; None where that cannot be told."""
        self._rendered += 1
        if self._rendered > LIMIT:
            return None
        try:
            return rendered_by(self._tree_at(commit.id), [self._open[path] for path in paths])
        except InputError:
            return None

    def _tree_at(self, commit: str) -> Tree:
        """Read the pages and rendered files of a commit."""
        prefix = self._clone.remote.prefix
        folders = [f"{prefix}{name}" for name in (*INPUTS, *rendered_folders())]
        listed = self._clone.git.read("ls-tree", "-r", "-z", "--full-tree", commit, "--", *folders)
        ids = dict(_files(listed.decode(errors="replace").split("\0"), prefix))
        contents = self._blobs.read(dict.fromkeys(ids.values()))
        return Tree(self._clone.root, {path: contents[id_] for path, id_ in ids.items() if id_ in contents})


def _files(entries: Iterable[str], prefix: str) -> Iterator[tuple[str, str]]:
    """Read `git ls-tree`: give path and id of each regular file."""
    for entry in entries:
        about, _, path = entry.partition("\t")
        if path and about.startswith("100"):
            yield path.removeprefix(prefix), about.split(" ")[2]


def _moves_a_release(before: bytes | None, after: bytes) -> bool:
    """Return whether a commit changed nothing of a file but its release record."""
    return before is not None and without_record(before) == without_record(after)


def _is_edit(before: bytes | None, after: bytes, text: str) -> bool:
    """Return whether a commit took a file further away from what its pages render: new lines of its own, or lines less.

    A file that it made is one of another release where the header is ours.
    """
    if is_rendered(after, text):
        return False
    if before is None:
        return not is_ours(after)
    was, now, wanted = (Counter(data.splitlines()[_skipped(data) :]) for data in (before, after, text.encode()))
    return bool(((now - was) & (now - wanted)) or ((was - now) & (wanted - now)))


def _skipped(data: bytes) -> int:
    """Return the number of lines that the header takes."""
    return int(is_ours(data))
