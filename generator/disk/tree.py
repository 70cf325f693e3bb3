"""The files that matter, read once: everything after works on these bytes, so nothing changes under its feet."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from itertools import accumulate
from pathlib import Path

import msgspec

from generator.findings.errors import FairleadError, InputError, UsageError
from generator.findings.finding import Finding, Place
from generator.line_ends import CRLF, with_lf
from generator.roots import is_rendered_path, rendered_folders
from generator.rules.spec import SPC001

# People's folders; the rendered ones are in `roots`.
INPUTS = ("gitops.yaml", "systems", "services", "environments", "clusters", "retired", "schemas/crds")

# No page, no rendered file and no file of a person's own is larger; a definition of custom kinds may be (bytes).
LARGEST_FILE = 4 << 20
LARGEST_SCHEMA = 16 << 20
_SCHEMAS = "schemas/crds/"
# Ten thousand services have 300,000 files of a kilobyte in folders four deep; git keeps a million equal ones in a few
# bytes, so what a pull request brings is bounded as a whole (files, bytes, folders inside of each other).
MOST_FILES = 1_000_000
LARGEST_TREE = 1 << 30
DEEPEST_FOLDER = 32

# Prefix of files that a killed write left behind: never content, swept by the next write.
TEMPORARY = ".fairlead-"


class Tree(msgspec.Struct, frozen=True):
    """A snapshot of a repository: relative path (with `/`) -> bytes.

    Symbolic links are named, never followed; `leftovers` are temporary files of a write that was killed,
    `odd` the (shown) names of files that are no printable UTF-8; neither is read. Rendered files have LF at the end of
    their lines, `crlf` are those that have CRLF on the disk. `memory` is the folder with what is
    remembered of it, None for the one of its repository.
    """

    root: Path
    files: Mapping[str, bytes]
    links: tuple[str, ...] = ()
    leftovers: tuple[str, ...] = ()
    odd: tuple[str, ...] = ()
    memory: Path | None = None
    crlf: tuple[str, ...] = ()

    def under(self, folder: str) -> Iterator[str]:
        """Return the paths below `folder`, in order."""
        prefix = folder + "/"
        return (path for path in self.files if path.startswith(prefix))

    def after(self, changes: Iterable[tuple[str, str | None]]) -> Tree:
        """Return the tree as it is once `changes` (path, text or None for gone) are written."""
        files = dict(self.files)
        for path, text in changes:
            files.pop(path, None)
            if text is not None:
                files[path] = text.encode()
        return msgspec.structs.replace(self, files=dict(sorted(files.items())))

    def digest(self, paths: Iterable[str]) -> str:
        """Return one digest over names and bytes of `paths`."""
        return digest((path, self.files[path]) for path in paths)


def digest(entries: Iterable[tuple[str, bytes]]) -> str:
    """Return the BLAKE2b digest (128 bits, hex) of named byte strings, unambiguous about their borders."""
    state = hashlib.blake2b(digest_size=16)
    for name, data in entries:
        state.update(b"%d %s %d " % (len(name), os.fsencode(name), len(data)))
        state.update(data)
    return state.hexdigest()


def find_root(start: Path, shown: str = ".") -> Path:
    """Return the nearest folder at or above `start` (as a person sees it: `shown`) that holds `gitops.yaml`.

    Raises UsageError without one.
    """
    for folder in (start, *start.parents):
        if (folder / "gitops.yaml").is_file():
            return folder
    raise UsageError(f"{shown}: no gitops.yaml here or in any folder above; run fairlead inside a GitOps repository")


def read(root: Path, tops: Iterable[str] | None = None) -> Tree:
    """Read every input and every rendered file below `root`, or what stands at `tops` alone.

    Raises InputError, and reads none of them, for files that are larger than any file of theirs can be.
    """
    walk = _TreeWalk(os.fspath(root))
    for top in (*INPUTS, *rendered_folders()) if tops is None else tops:
        walk.top(top)
    if walk.oversize:
        raise InputError(sorted(walk.oversize, key=lambda found: found.place))
    crlf = tuple(sorted(path for path, data in walk.files.items() if CRLF in data and is_rendered_path(path)))
    files = walk.files | {path: with_lf(walk.files[path]) for path in crlf}
    return Tree(
        root,
        dict(sorted(files.items())),
        tuple(sorted(walk.links)),
        tuple(walk.leftovers),
        tuple(walk.odd),
        crlf=crlf,
    )


class _TreeWalk:
    """Collects what lies below a root."""

    def __init__(self, root: str) -> None:
        self._root = root
        self.files: dict[str, bytes] = {}
        self.links: list[str] = []
        self.leftovers: list[str] = []
        self.odd: list[str] = []
        self.oversize: list[Finding] = []
        self._bytes = 0

    def top(self, path: str) -> None:
        """Read what stands at `path`, unless a link leads there."""
        for part in accumulate(path.split("/"), "{}/{}".format):
            try:
                mode = os.lstat(f"{self._root}/{part}").st_mode
            except FileNotFoundError:
                return
            if stat.S_ISLNK(mode):
                self.links.append(part)
                return
        if stat.S_ISREG(mode):
            self._file(f"{self._root}/{path}", path)
        elif stat.S_ISDIR(mode):
            self._folders([path])

    def _folders(self, waiting: list[str]) -> None:
        while waiting:  # not by calling itself: a pull request can nest 2,000 folders
            self._folder(waiting.pop(), waiting)

    def _folder(self, path: str, waiting: list[str]) -> None:
        if path.count("/") >= DEEPEST_FOLDER:
            self.oversize.append(_too_much(path, f"a folder deeper than {DEEPEST_FOLDER}"))
            return
        with os.scandir(f"{self._root}/{path}") as entries:
            for entry in entries:
                inner = f"{path}/{entry.name}"
                if not entry.name.isprintable():  # bytes that are no UTF-8 come as surrogates
                    self.odd.append(inner.encode("utf-8", "backslashreplace").decode())
                elif entry.is_symlink():
                    self.links.append(inner)
                elif entry.is_dir(follow_symlinks=False):
                    waiting.append(inner)
                elif entry.name.startswith(TEMPORARY):
                    self.leftovers.append(inner)
                elif entry.is_file(follow_symlinks=False):
                    self._file(entry.path, inner)

    def _file(self, full: str, path: str) -> None:
        try:
            self.files[path] = data = read_file(full, largest(path))
            self._bytes += len(data)
        except OversizeError as error:
            self.oversize.append(error.finding(path))
        if len(self.files) > MOST_FILES or self._bytes > LARGEST_TREE:
            what = f"more than {MOST_FILES} files or {LARGEST_TREE >> 20} MiB in all, up to this file"
            raise InputError([*self.oversize, _too_much(path, what)])


def _too_much(path: str, what: str) -> Finding:
    remedy = "take out what is no page, no rendered file and no file of a page"
    return SPC001.finding(place=Place(path), message=what, remedy=remedy)


def largest(path: str) -> int:
    """Return how many bytes the file at `path` of a repository may have."""
    return LARGEST_SCHEMA if path.startswith(_SCHEMAS) else LARGEST_FILE


class OversizeError(FairleadError):
    """A file is too large to be what it should be; it was not read (exit 2)."""

    def __init__(self, path: str, size: int, limit: int) -> None:
        self._reason = f"{size} bytes; the limit is {limit} ({limit >> 20} MiB)"
        super().__init__(f"{path}: {self._reason}")

    def finding(self, path: str) -> Finding:
        """Return the finding about the file at `path`."""
        remedy = "take the file out, or split it"
        return SPC001.finding(place=Place(path), message=self._reason, remedy=remedy)


def read_file(path: str | Path, limit: int = LARGEST_FILE) -> bytes:
    """Return the bytes of a regular file; its size is asked first.

    Raises OversizeError for a larger one than `limit`, OSError for what cannot be read or is no file: a pipe would keep
    us waiting for ever.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    try:
        state = os.fstat(descriptor)
        if not stat.S_ISREG(state.st_mode):
            raise OSError(errno.EINVAL, "not a file", os.fspath(path))
        if state.st_size > limit:
            raise OversizeError(os.fspath(path), state.st_size, limit)
        return os.read(descriptor, state.st_size)
    finally:
        os.close(descriptor)
