"""Take the whole repository as Argo CD would check it out: from the working tree, or from a commit."""

from __future__ import annotations

import os
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import takewhile
from typing import TYPE_CHECKING

from generator.controller.checkout import Checkout
from generator.disk.tree import Tree, largest, read_file
from generator.findings.errors import UsageError
from generator.repo.head import files_at, git_output

if TYPE_CHECKING:
    from pathlib import Path

Read = Callable[[Sequence[str]], dict[str, bytes]]

# What is read of a commit at once: nearly every plan needs it.
_AT_ONCE = ("argocd/", "base/", "overlays/")
_FILE = "100"


class _Files(Mapping[str, bytes]):
    """Contents by path, each read when it is first asked for."""

    def __init__(self, names: Sequence[str], read: Read) -> None:
        self.names = sorted(names)
        self._known = dict.fromkeys(self.names)
        self._contents: dict[str, bytes] = {}
        self._read = read

    def fetch(self, names: Sequence[str]) -> None:
        """Read several files at once."""
        self._contents |= self._read(names)

    def __getitem__(self, name: str) -> bytes:
        if name not in self._known:
            raise KeyError(name)
        if name not in self._contents:
            self.fetch([name])
        return self._contents[name]

    def __contains__(self, name: object) -> bool:
        return name in self._known

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    def __len__(self) -> int:
        return len(self.names)


class WholeTree(Tree, frozen=True):
    """Every file of a repository, in order, which makes it quick to say what lies below a folder."""

    def under(self, folder: str) -> Iterator[str]:
        """Return the paths below `folder`, in order."""
        files = self.files
        assert isinstance(files, _Files)  # noqa: S101  # nothing else makes one
        prefix = folder + "/"
        names, start = files.names, bisect_left(files.names, prefix)
        return takewhile(lambda name: name.startswith(prefix), (names[at] for at in range(start, len(names))))


class TreeCheckout(Checkout):
    """A checkout with the tree that it was made of."""

    def __init__(self, tree: Tree) -> None:
        super().__init__(tree.files)
        self.tree = tree


def working_tree(root: Path) -> WholeTree:
    """Take what the next commit of everything would hold; outside git every file that is not in a hidden folder."""
    listed = git_output(root, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    names = set(listed.decode(errors="replace").split("\0")) - {""} if listed else set(_walked(root))
    found = [name for name in names if _is_file(root / name)]
    return WholeTree(root, _Files(found, partial(_read, root)))


def _read(root: Path, names: Sequence[str]) -> dict[str, bytes]:
    return {name: read_file(root / name, largest(name)) for name in names}


def tree_at(root: Path, revision: str) -> WholeTree:
    """Take what a commit holds below `root`, maybe nothing; raises ToolError when there is no such commit here."""
    listed = git_output(root, "ls-tree", "-r", "-z", revision)
    names = [name for mode, name in _entries(listed) if mode.startswith(_FILE)]
    files = _Files(names, lambda wanted: files_at(root, revision, wanted))
    files.fetch([name for name in names if name.startswith(_AT_ONCE)])
    return WholeTree(root, files)


def find_root_at(start: Path, revision: str) -> Path:
    """Return the nearest folder at or above `start` that holds `gitops.yaml` in a commit; raises UsageError without."""
    prefix = git_output(start, "rev-parse", "--show-prefix").decode(errors="surrogateescape").strip("\n").rstrip("/")
    above = len(prefix.split("/")) if prefix else 0
    folders = [start, *start.parents][: above + 1]
    names = [f"{'../' * steps}gitops.yaml" for steps in range(len(folders))]
    listed = git_output(start, "ls-tree", "-z", "--name-only", revision, "--", *names).decode(errors="replace")
    found = set(listed.split("\0"))
    for folder, name in zip(folders, names, strict=True):
        if name in found:
            return folder
    raise UsageError(f"commit {revision[:12]} has no gitops.yaml in this folder or in any above it")


def _entries(listed: bytes) -> Iterator[tuple[str, str]]:
    for entry in listed.decode(errors="replace").split("\0"):
        about, _, name = entry.partition("\t")
        if name:
            yield about.split(" ")[0], name


def _walked(root: Path) -> Iterator[str]:
    for folder, inner, names in os.walk(root):
        inner[:] = [name for name in inner if not name.startswith(".")]
        yield from (os.path.relpath(os.path.join(folder, name), root) for name in names)  # noqa: PTH118  # a third of the time


def _is_file(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()
