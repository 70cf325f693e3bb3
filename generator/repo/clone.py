"""A throw-away clone: full history without old file contents, and of the files only those that fairlead reads.

Nothing that a release does touches the caller's own checkout: no stale lock, no dirty file and no hook of it can be in
the way, and nothing of it can be lost.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from generator.disk.tree import Tree, read
from generator.disk.writer import write
from generator.findings.errors import ToolError
from generator.findings.text import quote_words
from generator.folders.throwaway import throwaway
from generator.repo.failure import RefusedError, RemoteError, is_in_the_way
from generator.repo.fetcher import BASE, OTHER, Fetcher
from generator.repo.git import Git
from generator.repo.identity import identity, require_identity
from generator.repo.remote import NAME
from generator.repo.waiting import MARK, in_the_way, refuse_others, stale

__all__ = ["MARK", "Clone", "cloned"]

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from generator.change import Change
    from generator.repo.git import Deadline
    from generator.repo.remote import Remote


@contextmanager
def cloned(remote: Remote, branch: str, deadline: Deadline) -> Iterator[Clone]:
    """Return a clone for work on `branch` of the remote (its own branch, or one for a pull request), and remove it."""
    with throwaway() as folder:
        yield Clone(remote, branch, folder / "repository", deadline)


class Clone:
    """A clone of `remote` whose commits go to `branch`; nothing is fetched before `refresh`."""

    def __init__(self, remote: Remote, branch: str, folder: Path, deadline: Deadline) -> None:
        self.remote = remote
        self.branch = branch
        self.folder = folder
        self.merges = False
        self.begins = False
        self._fetcher = Fetcher(remote, branch, folder, deadline)
        self._since: tuple[str, ...] | None = None

    @property
    def git(self) -> Git:
        """What runs git in the clone."""
        return self._fetcher.git

    @property
    def root(self) -> Path:
        """The GitOps repository inside the clone."""
        return self.folder / self.remote.prefix

    def renew(self) -> None:
        """Forget everything that was fetched: the last attempt must not fail for a clone that went bad."""
        self._fetcher.renew()

    def refresh(self) -> None:
        """Bring the clone to the remote's state: what was not pushed is gone.

        The files are those of the remote's own branch. Where work goes to another branch that exists, the next commit
        becomes a merge on top of it, so that it is never pushed by force. Raises RemoteError; UsageError when there is
        no such branch and the remote may not be begun; RefusedError when the other branch has commits of others.
        """
        self.begins = not self._fetcher.fetch()
        if self._since is None:
            self._since = () if self.begins else ("--not", self.git.local("rev-parse", "HEAD").text)
        self.merges = not self.begins and self._on_top()

    def _id(self, revision: str) -> str | None:
        return self.git.run("rev-parse", "--quiet", "--verify", revision).text or None

    def _on_top(self) -> bool:
        """Return whether the other branch has commits of its own; raises RefusedError when they are not all ours."""
        if self.branch == self.remote.branch or self._id(OTHER) is None:
            return False
        if self.git.run("merge-base", "--is-ancestor", OTHER, "HEAD").code == 0:
            return False
        refuse_others(self.git, f"branch '{self.branch}' of {self.remote}")
        return True

    def tree(self) -> Tree:
        """Read the pages and rendered files of the clone."""
        return read(self.root)

    def author(self) -> str:
        """Return who commits here, as `Name <address>`; raises ToolError when git does not know."""
        return identity(self.git, "AUTHOR")

    def require_identity(self) -> None:
        """Raise ToolError when git does not know who commits; nothing needs to be fetched for that."""
        settings = self.remote.settings
        require_identity(Git(self.folder.parent, settings, self.remote.secrets, self.git.deadline))

    def whole(self) -> None:
        """Check every file out, not only fairlead's: a gate's command may be one of the repository's own scripts."""
        self.git.remote("sparse-checkout", "disable")

    def commit(self, changes: Iterable[Change], message: str) -> str | None:
        """Write and commit `changes`, and only those; give the commit's id, None if to git they are none.

        Raises ToolError with git's words, RefusedError with those of a commit hook of the user's.
        """
        changes = tuple(changes)
        self._forget_staged()
        write(self.root, changes)
        names = "\0".join(f"{self.remote.prefix}{change.path}" for change in changes).encode()
        self.git.local(
            "add", "--all", "--force", "--sparse", "--pathspec-from-file=-", "--pathspec-file-nul", stdin=names
        )
        if not self.merges and self.git.run("diff", "--cached", "--quiet").code == 0:
            return None
        answer = self.git.run("commit", "--quiet", "--cleanup=whitespace", "--file=-", stdin=message.encode())
        if answer.code == 1:
            raise RefusedError("a commit hook of yours refuses; nothing was pushed", *quote_words(answer.stderr))
        if answer.code:
            said, *more = quote_words(answer.stderr) or [f"exit {answer.code}"]
            raise ToolError(f"git commit: {said.strip()}", *more)
        return self._id("HEAD")

    def _forget_staged(self) -> None:
        """Start from what was fetched: a gate's command may have staged files of its own, or committed them."""
        if self.begins:
            self.git.local("read-tree", "--empty")
            return
        self.git.local("reset", "--quiet", "--mixed", BASE)
        if self.merges:
            self.git.local("merge", "--quiet", "--no-commit", "--no-ff", "--strategy=ours", OTHER)

    def push(self) -> str:
        """Push the commit to the branch, never by force; give what the server said.

        Raises RemoteError; RefusedError when there cannot be such a branch beside another one of the remote.
        """
        try:
            return self.git.remote("push", "--porcelain", NAME, f"HEAD:refs/heads/{self.branch}").stderr
        except RemoteError as error:
            if is_in_the_way(error.words) and (other := in_the_way(self.git, self.branch)):
                raise RefusedError(
                    f"{self.remote} has a branch '{other}', and git keeps no branch '{self.branch}' beside it: "
                    "rename or delete that one first"
                ) from error
            raise

    def landed(self, identity: str) -> str | None:
        """Return the id of the commit on the remote's branch that carries our `identity`, of those since our start."""
        tip = BASE if self.branch == self.remote.branch else OTHER
        if self._id(tip) is None:
            return None
        grep = ("--fixed-strings", f"--grep={MARK}: {identity}")
        since = self._since or ()
        return self.git.local("log", "-1", "--format=%H", *grep, "--ignore-missing", tip, *since).text or None

    def already(self, changes: Iterable[Change]) -> bool:
        """Return whether the other branch holds every change already, so that another push would say nothing."""
        if not self.merges:
            return False
        wanted = {change.path: None if change.after is None else change.after.encode() for change in changes}
        return all(self.proposed(path) == data for path, data in wanted.items())

    def stale(self) -> str | None:
        """Return the subject of what the other branch proposes, if that would still change something; else None."""
        return stale(self.git) if self.merges else None

    def comes_after(self, one: str, other: str) -> bool:
        """Return whether a commit is a descendant of another one."""
        return one != other and self.git.run("merge-base", "--is-ancestor", other, one).code == 0

    def proposed(self, path: str) -> bytes | None:
        """Return what the other branch has at a path, where it has commits of its own; None: nothing."""
        if not self.merges:
            return None
        answer = self.git.run("cat-file", "blob", f"{OTHER}:{self.remote.prefix}{path}")
        return None if answer.code else answer.stdout
