"""What is published into another repository, and which commit there published last.

A commit of the other repository says by a trailer which commit it came from, and anybody who may push there can write
one. So it is believed only where the files bear it out: a publication holds every rendered file of its source as that
has it, and none goes back to an older source than the one before.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import msgspec

from generator.disk.tree import Tree
from generator.paths import is_hold
from generator.roots import rendered_folders

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.repo.git import Git

SOURCE_COMMIT = "Source-Commit"
SOURCE_REPOSITORY = "Source-Repository"


class PublishedSource(msgspec.Struct, frozen=True, kw_only=True):
    """What is published into another repository: the files of one commit, and what its repository knows of others.

    `is_ancestor(a, b)` is None when the repository at hand does not know; `files_at` gives the files in the rendered
    folders of a commit: path -> the id that git gives their content.
    """

    tree: Tree
    commit: str
    repository: str
    is_ancestor: Callable[[str, str], bool | None]
    files_at: Callable[[str], Mapping[str, str]]


class Published(msgspec.Struct, frozen=True, kw_only=True):
    """A publication in the other repository: its commit there, and the one that it came from."""

    commit: str
    source: str


def last_published(git: Git, source: PublishedSource) -> Published | None:
    """Return the newest publication in the other repository, where `git` runs; None where there is none.

    One that names a commit which the source's repository does not know is given as it is: nobody can tell.
    """
    newest = None
    for claim in _claims(git):
        if not _knows(source, claim.source):
            return newest or claim
        if not is_borne_out(source.files_at(claim.source), files_at(git, claim.commit)):
            continue
        if newest is not None and not _is_older(source, newest.source, claim.source):
            return newest
        newest = claim
    return newest


def _claims(git: Git) -> Iterator[Published]:
    """Yield the commits that say of themselves that they published something, newest first."""
    form = f"--format=%H %(trailers:key={SOURCE_COMMIT},valueonly,separator=%x20)"
    grep = ("--extended-regexp", f"--grep=^{SOURCE_COMMIT}: [0-9a-f]+$")
    for line in git.local("log", form, *grep).text.splitlines():
        commit, *sources = line.split()
        if sources:  # some commit may only speak of such a line
            yield Published(commit=commit, source=sources[0])


def _knows(source: PublishedSource, commit: str) -> bool:
    return commit == source.commit or source.is_ancestor(commit, source.commit) is not None


def _is_older(source: PublishedSource, one: str, other: str) -> bool:
    return one != other and bool(source.is_ancestor(one, other))


def is_borne_out(rendered: Mapping[str, str], found: Mapping[str, str]) -> bool:
    """Return whether a commit whose files are `found` published what its source had `rendered`; holds stay behind."""
    wanted = {path: id_ for path, id_ in rendered.items() if not is_hold(path)}
    return bool(wanted) and all(found.get(path) == id_ for path, id_ in wanted.items())


def files_at(git: Git, commit: str) -> dict[str, str]:
    """Return the rendered files of a commit in the other repository: path -> the id of the content."""
    return listed(git.local("ls-tree", "-r", "-z", "--full-tree", commit, "--", *rendered_folders()).stdout)


def listed(output: bytes) -> dict[str, str]:
    """Read `git ls-tree -r -z`: `<mode> <type> <id>`, a tab, the path."""
    found = {}
    for line in output.decode(errors="replace").split("\0"):
        words, tab, path = line.partition("\t")
        if tab:
            found[path] = words.split()[2]
    return found
