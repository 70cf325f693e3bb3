"""Run git in a repository that is ours to change, or ask one for more than `head.py` reads.

`push()` of GitPython raises for neither a rejected ref nor a declining hook, and `index.commit()` leaves a commit
unsigned that should be signed (both measured with 3.2.1), so git itself is called: hooks, signing and credential
helpers work as on the command line.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec

from generator.credentials.masking import mask
from generator.findings.errors import ToolError
from generator.git.environment import git_environment, git_program
from generator.git.repository import find_repository
from generator.repo.failure import RemoteError, kind_of
from generator.tools import process

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from generator.git.configuration import Entries

# A transfer below 1024 bytes a second for this long is given up (seconds).
LOW_SPEED_SECONDS = 30.0

# No single git command takes longer than this (seconds).
LONGEST = 600.0

_KILLED = -signal.SIGKILL


class Deadline(msgspec.Struct, frozen=True):
    """A point in time (of `clock`, in seconds) after which nothing new is begun."""

    end: float
    clock: Callable[[], float] = time.monotonic

    @classmethod
    def after(cls, seconds: float) -> Deadline:
        """Return the deadline that many seconds from now."""
        return cls(time.monotonic() + seconds)

    def left(self) -> float:
        """Return the seconds that are left, at least one: a command that was begun may say what is wrong."""
        return max(1.0, self.end - self.clock())


class GitAnswer(msgspec.Struct, frozen=True):
    """What git said, and its exit code."""

    code: int
    stdout: bytes
    stderr: str

    @property
    def text(self) -> str:
        """Return what it printed as text without the last newline."""
        return self.stdout.decode(errors="replace").rstrip("\n")


class Git:
    """git in the work tree at `folder`, whose repository is `git_dir` (by default its `.git`), never in another one.

    Where there is no repository, commands work that need none. `settings` are its configuration beside the user's,
    `secrets` what its words must not show.
    """

    def __init__(
        self, folder: Path, settings: Entries, secrets: Iterable[str], deadline: Deadline, git_dir: Path | None = None
    ) -> None:
        self.folder = folder
        self.deadline = deadline
        self._git_dir = git_dir or folder / ".git"
        self._settings = settings
        self._secrets = frozenset(secrets)

    def run(self, *arguments: str, stdin: bytes = b"", environment: Mapping[str, str] | None = None) -> GitAnswer:
        """Run git (with variables beside the usual ones) and give its answer, whatever that is.

        A git that is not done by the deadline is killed with all its children. Raises ToolError without a git to run.
        """
        limit = min(LONGEST, self.deadline.left())
        # -C makes git refuse a folder that is gone.
        argv = [git_program(), "-C", os.fspath(self.folder), *arguments]
        env = self._environment(limit) | dict(environment or {})
        try:
            ended = process.run(argv, stdin=stdin, env=env, timeout=limit)
        except process.UnansweredError:
            return GitAnswer(_KILLED, b"", f"no answer after {limit:.0f} s, killed")
        return GitAnswer(ended.returncode, ended.stdout, self.masked(ended.stderr))

    def local(self, *arguments: str, stdin: bytes = b"") -> GitAnswer:
        """Run a git command that touches this repository alone; raises ToolError with git's words when it fails."""
        answer = self.run(*arguments, stdin=stdin)
        if answer.code:
            raise ToolError(f"git {arguments[0]}: {self._words(answer)}")
        return answer

    def remote(self, *arguments: str, stdin: bytes = b"") -> GitAnswer:
        """Run a git command that may go to the remote; raises RemoteError, of the kind that its words mean."""
        answer = self.run(*arguments, stdin=stdin)
        if answer.code:
            words = self._words(answer)
            raise RemoteError(arguments[0], kind_of(words), words)
        return answer

    def read(self, *arguments: str, stdin: bytes | None = None) -> bytes:
        """Return the output of a git command that only reads; blobs left behind are fetched on the way."""
        return self.remote(*arguments, stdin=stdin or b"").stdout

    def masked(self, text: str) -> str:
        """Return `text` without any credential."""
        return mask(text, self._secrets)

    def hide(self, secrets: Iterable[str]) -> None:
        """Never show `secrets`, either."""
        self._secrets |= frozenset(secrets)

    def _words(self, answer: GitAnswer) -> str:
        """Return all that git said: `push --porcelain` says on its standard output which ref was refused."""
        return f"{answer.stderr.strip()}\n{self.masked(answer.text)}".strip()

    def _environment(self, limit: float) -> dict[str, str]:
        low_speed = {"GIT_HTTP_LOW_SPEED_TIME": str(int(min(LOW_SPEED_SECONDS, limit)))}
        return git_environment(self._git_dir, self.folder, self._settings) | low_speed


def git_around(root: Path, deadline: Deadline) -> Git:
    """Return git in the whole work tree that the folder `root` lies in; outside of one, git without a repository.

    Raises ToolError for a repository that git does not trust.
    """
    found = find_repository(root)
    return Git(root, (), (), deadline) if found is None else Git(found.work_tree, (), (), deadline, found.git_dir)
