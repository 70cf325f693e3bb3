"""Branches to read: commits with exact times, authors, files and parents, made by the real git."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from generator.repo.head import git_output

if TYPE_CHECKING:
    from pathlib import Path

START = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)

Files = Mapping[str, str | bytes | None]  # path -> content, None to delete it


class Story:
    """A repository whose commits come one hour after another, from `START` on; one at a given time counts as none."""

    def __init__(self, root: Path) -> None:
        self.root = root
        root.mkdir(parents=True, exist_ok=True)
        self._git("init", "--quiet", "--initial-branch=main")
        self._told = 0

    def commit(  # noqa: PLR0913  # a commit is made of these
        self,
        files: Files,
        message: str = "Change",
        *,
        branch: str = "main",
        merges: str | None = None,
        author: bytes = b"Dev <dev@example.com>",
        seconds: int | None = None,
        zone: str = "+0000",
        encoding: str | None = None,
    ) -> str:
        """Commit to a branch (one that is not there starts at main), merging another's files; give the commit's id."""
        at = self._next() if seconds is None else seconds
        who = author + f" {at} {zone}\n".encode()
        stream = [f"commit refs/heads/{branch}\n".encode(), b"author ", who, b"committer ", who]
        stream += [f"encoding {encoding}\n".encode()] if encoding else []
        stream.append(_data(message.encode()))
        tips = self._git("for-each-ref", "--format=%(refname:short)", "refs/heads").decode().split()
        if tips:
            stream.append(f"from refs/heads/{branch if branch in tips else 'main'}^0\n".encode())
        if merges is not None:
            stream.append(f"merge refs/heads/{merges}^0\n".encode())
        stream += [_file(path, content) for path, content in files.items()]
        self._import(stream)
        return self._git("rev-parse", f"refs/heads/{branch}").decode().strip()

    def commits(self, changes: Iterable[Files]) -> None:
        """Commit many changes to main, which has a commit already, one after the other."""
        stream: list[bytes] = []
        for files in changes:
            stream.append(f"commit refs/heads/main\ncommitter <dev@example.com> {self._next()} +0000\n".encode())
            stream += [_data(b"Change"), b"" if len(stream) > 1 else b"from refs/heads/main^0\n"]
            stream += [_file(path, content) for path, content in files.items()]
        self._import(stream)

    def _next(self) -> int:
        self._told += 1
        return int(self.moment(self._told - 1).timestamp())

    def _import(self, stream: Iterable[bytes]) -> None:
        self._git("fast-import", "--quiet", "--date-format=raw-permissive", stdin=b"".join(stream))

    @staticmethod
    def moment(number: int) -> datetime:
        """Return the time of a commit by its number in the story, from 0."""
        return START + number * HOUR

    def reader(self) -> Counting:
        """Return a reader of the repository, as the program reads it."""
        return Counting(self.root)

    def check_out(self) -> None:
        """Bring the working tree to the branch."""
        self._git("reset", "--quiet", "--hard", "main")

    def _git(self, *arguments: str, stdin: bytes = b"") -> bytes:
        return run_git(self.root, *arguments, stdin=stdin)


class Counting:
    """Reads a repository and remembers which git commands that took."""

    def __init__(self, root: Path) -> None:
        self._read = partial(git_output, root)
        self.commands: list[str] = []

    def __call__(self, *arguments: str, stdin: bytes | None = None) -> bytes:
        """Run git."""
        self.commands.append(arguments[0])
        return self._read(*arguments, stdin=stdin)


def run_git(root: Path, *arguments: str, stdin: bytes = b"") -> bytes:
    """Run git without the settings of the machine."""
    program = shutil.which("git")
    assert program is not None
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    env = inherited | {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    return subprocess.run(
        [program, "-C", os.fspath(root), *arguments], env=env, check=True, capture_output=True, input=stdin
    ).stdout


def cloned(story: Story, target: Path, *options: str) -> Path:
    """Clone a story through git's own protocol, as from a server."""
    for name in ("uploadpack.allowFilter", "uploadpack.allowAnySHA1InWant"):
        run_git(story.root, "config", name, "true")
    run_git(story.root, "clone", "--quiet", *options, story.root.as_uri(), os.fspath(target))
    return target


def left_behind(clone: Path) -> int:
    """Return how many contents a clone lacks."""
    listed = run_git(clone, "rev-list", "--objects", "--all", "--missing=print").decode()
    return sum(line.startswith("?") for line in listed.splitlines())


def _data(content: bytes) -> bytes:
    return b"data %d\n%s\n" % (len(content), content)


def _file(path: str, content: str | bytes | None) -> bytes:
    if content is None:
        return f'D "{path}"\n'.encode()
    return f'M 100644 inline "{path}"\n'.encode() + _data(content.encode() if isinstance(content, str) else content)
