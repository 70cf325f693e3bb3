"""Read the log of a branch: which commits changed files of a folder, newest first, no further back than somebody asks.

The walk follows first parents, so a merge is one commit, made when it was merged. It goes a page at a time, each longer
than the one before: who stops early pays for little, and who reads on for few processes (45,000 commits a second).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

import msgspec

from generator.git.repository import find_repository
from generator.repo.head import git_output

if TYPE_CHECKING:
    from pathlib import Path

# Runs git with the given arguments (and `stdin`) at the top of a work tree and gives what it printed; paths may be
# patterns to it, or be taken literally.
Reader = Callable[..., bytes]

# Commits in the first page, and in the longest: a tenth of the time after which a silent git is given up.
FIRST_PAGE = 100
LONGEST_PAGE = 25_600

# Everything that a user's configuration could change is said; nothing is abbreviated, followed or read from a file.
_FIELDS = ("%H", "%P", "%ct", "%an", "%s", "%(trailers:only,unfold)")
_LOG = (
    *("log", "-z", "--raw", "--root", "--sparse", "--no-abbrev", "--no-renames", "--no-color", "--no-mailmap"),
    *("--no-show-signature", "--encoding=UTF-8", f"--format={'%x00'.join(_FIELDS)}"),
)
_LAST_SECOND = 253_402_300_799  # of the year 9999, where datetime ends


class Edit(msgspec.Struct, frozen=True):
    """One file that a commit changed: the ids of its contents before and after, None for no (regular) file."""

    path: str
    before: str | None
    after: str | None


class Commit(msgspec.Struct, frozen=True, kw_only=True):
    """A commit as the log shows it; `when` is the committer's time in UTC.

    Values of a repeated trailer are joined by newlines. `border`: the clone is shallow and ends here, so every file
    looks new.
    """

    id: str
    parents: tuple[str, ...]
    when: datetime
    author: str
    subject: str
    trailers: Mapping[str, str]
    edits: tuple[Edit, ...]
    border: bool = False


class WorkTree(msgspec.Struct, frozen=True):
    """A work tree of git: its reader, and the folder in it (empty, or ending in a slash) that was asked about."""

    reader: Reader
    prefix: str


def checkout(root: Path) -> WorkTree | None:
    """Return the work tree around `root`; None where there is none."""
    found = find_repository(root)
    return None if found is None else WorkTree(partial(git_output, found.work_tree), found.prefix)


def resolved(reader: Reader, revision: str) -> str | None:
    """Return the id of the commit that a revision names; None when there is no such commit."""
    answer = reader("cat-file", "--batch-check", stdin=f"{revision}^{{commit}}\n".encode()).split()
    return answer[0].decode() if answer[1:2] == [b"commit"] else None


def pages(reader: Reader, revision: str, folder: str) -> Iterator[list[Commit]]:
    """Yield the commits from `revision` back along first parents, page by page, with their edits below `folder`.

    Each commit is compared with its first parent. Gives nothing where there is no such revision.
    """
    start, size = resolved(reader, revision), FIRST_PAGE
    while start is not None:
        mode = ("--first-parent", "--diff-merges=first-parent", f"--max-count={size}")
        page = _listed(reader, *mode, start, "--", folder)
        older = [parent for commit in page[-1:] for parent in commit.parents[:1]]
        if page and not older:
            page[-1] = msgspec.structs.replace(page[-1], border=_has_parents(reader, page[-1].id))
        yield page
        start = older[0] if older else None
        size = min(size * 4, LONGEST_PAGE)


def merged(reader: Reader, merges: Iterable[Commit], folder: str) -> dict[str, list[Commit]]:
    """Return what each of `merges` (newest first, on one line of first parents) brought in: its id -> those commits."""
    merges = list(merges)
    if not merges:
        return {}
    limits = (merges[0].id, f"^{merges[-1].parents[0]}")
    commits = {
        commit.id: commit for commit in _listed(reader, "--full-history", "--diff-merges=off", *limits, "--", folder)
    }
    line = dict.fromkeys(_line(commits, merges[0].id))
    left = {id_: commit for id_, commit in commits.items() if id_ not in line}
    return {id_: list(_taken(left, commits[id_].parents[1:])) for id_ in reversed(line)}


def _line(commits: Mapping[str, Commit], id_: str) -> Iterator[str]:
    """Yield a commit and its first parents, as far as they are among `commits`."""
    while id_ in commits:
        yield id_
        id_ = next(iter(commits[id_].parents), "")


def _taken(left: dict[str, Commit], tips: Iterable[str]) -> Iterator[Commit]:
    """Take `tips` and all their ancestors out of `left`."""
    waiting = list(tips)
    while waiting:
        commit = left.pop(waiting.pop(), None)
        if commit is not None:
            yield commit
            waiting += commit.parents


def _has_parents(reader: Reader, id_: str) -> bool:
    """Return whether a commit that seems to be the first has parents in truth: the log hides what a clone lacks."""
    head, _, _ = reader("cat-file", "commit", id_).partition(b"\n\n")
    return b"\nparent " in head


def _listed(reader: Reader, *arguments: str) -> list[Commit]:
    return list(_commits(reader(*_LOG, *arguments).split(b"\0")))


def _commits(parts: list[bytes]) -> Iterator[Commit]:
    """Read the log: the fields of a commit, then two parts for each edit, of which the first begins with a colon."""
    position, length = 0, len(_FIELDS)
    while position + length <= len(parts):
        fields = [part.decode("utf-8", "replace") for part in parts[position : position + length]]
        position += length
        first = position
        while parts[position].lstrip(b"\n").startswith(b":"):
            position += 2
        yield _commit(fields, [_edit(*parts[at : at + 2]) for at in range(first, position, 2)])


def _commit(fields: list[str], edits: list[Edit]) -> Commit:
    id_, parents, seconds, author, subject, trailers = fields
    return Commit(
        id=id_,
        parents=tuple(parents.split()),
        when=datetime.fromtimestamp(min(int(seconds or 0), _LAST_SECOND), UTC),
        author=author,
        subject=subject,
        trailers=_trailers(trailers),
        edits=tuple(edits),
    )


def _trailers(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in filter(None, text.split("\n")):
        key, _, value = line.partition(":")
        found[key] = f"{found[key]}\n{value.strip()}" if key in found else value.strip()
    return found


def _edit(head: bytes, path: bytes) -> Edit:
    """Read an edit: `:<mode before> <mode after> <id before> <id after> <letter>`."""
    mode_before, mode_after, before, after, _ = head.decode().lstrip("\n:").split()
    return Edit(os.fsdecode(path), _file(mode_before, before), _file(mode_after, after))


def _file(mode: str, id_: str) -> str | None:
    return id_ if mode.startswith("100") else None  # neither links nor submodules
