"""A throw-away clone: full history without old file contents, and of the files only those that fairlead reads.

Nothing that a release does touches the caller's own checkout: no stale lock, no dirty file and no hook of it can be in
the way, and nothing of it can be lost.
"""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

from generator.errors import ToolError, UsageError
from generator.plan.writer import write
from generator.repo.credential import secrets_in_answer
from generator.repo.failure import RefusedError, RemoteError
from generator.repo.git import Deadline, Git
from generator.repo.remote import NAME
from generator.repo.throwaway import throwaway
from generator.tree import INPUTS, RENDERED, Tree, read

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from generator.plan.plan import Change
    from generator.repo.configuration import Entries
    from generator.repo.remote import Remote

# The trailer that tells our own commits: looked for when the outcome of a push is unknown.
MARK = "Promotion-Id"

_BASE = f"refs/remotes/{NAME}/base"
_HEAD = f"refs/remotes/{NAME}/head"

_FOLDERS = tuple(name for name in (*INPUTS, *RENDERED) if not name.endswith(".yaml"))

# As many names as help to find a misspelt one.
_SHOWN = 10


@contextmanager
def cloned(remote: Remote, branch: str, deadline: Deadline) -> Iterator[Clone]:
    """Give a clone for work on `branch` of the remote (its own branch, or one for a pull request), and remove it."""
    with throwaway() as folder:
        yield Clone(remote, branch, folder / "repository", deadline)


class Clone:
    """A clone of `remote` whose commits go to `branch`; nothing is fetched before `refresh`."""

    def __init__(self, remote: Remote, branch: str, folder: Path, deadline: Deadline) -> None:
        self.remote = remote
        self.branch = branch
        self.folder = folder
        self.git = Git(folder, (*remote.settings, *_reached(remote)), remote.secrets, deadline)
        self.merges = False
        self.begins = False
        self._began: str | None = None

    @property
    def root(self) -> Path:
        """The GitOps repository inside the clone."""
        return self.folder / self.remote.prefix

    def renew(self) -> None:
        """Forget everything that was fetched: the last attempt must not fail for a clone that went bad."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def refresh(self) -> None:
        """Bring the clone to the remote's state: what was not pushed is gone.

        The files are those of the remote's own branch. Where work goes to another branch that exists, the next commit
        becomes a merge on top of it, so that it is never pushed by force. Raises RemoteError; UsageError when there is
        no such branch and the remote does not say that it begins; RefusedError when the other branch has commits of
        others.
        """
        if not (self.folder / ".git").is_dir():
            self._make()
        self.begins = not self._fetch()
        if self.begins:
            self._make()  # nothing to start from
            return
        self.git.remote("reset", "--quiet", "--hard", _BASE)  # file contents come now
        self.git.local("clean", "--quiet", "-ffd")
        self._began = self._began or self._id("HEAD")
        self.merges = self._on_top()

    def _make(self) -> None:
        self.renew()
        self.folder.mkdir(parents=True)
        self.git.local("init", "--quiet", "--initial-branch", "fairlead")
        for address in dict.fromkeys((self.remote.url, *self.remote.pushed)):
            self._learn(address)
        self.git.local(
            "sparse-checkout", "set", "--cone", "--skip-checks", *(f"{self.remote.prefix}{name}" for name in _FOLDERS)
        )

    def _learn(self, address: str) -> None:
        """Ask the user's credential helpers as git will: a server may print what it was sent."""
        if address.startswith("http"):
            asked = {"GIT_ASKPASS": ""}  # a person is not asked twice
            answer = self.git.run("credential", "fill", stdin=f"url={address}\n\n".encode(), environment=asked)
            self.git.hide(secrets_in_answer(answer.text))

    def _fetch(self) -> bool:
        """Fetch the branches; say whether there is one to start from."""
        wanted = [f"+refs/heads/{self.remote.branch}:{_BASE}"]
        if self.branch != self.remote.branch:
            wanted.append(f"+refs/heads/{self.branch}*:{_HEAD}*")  # a pattern may match nothing, a name may not
        try:
            self.git.remote("fetch", "--quiet", "--no-tags", "--prune", "--update-shallow", NAME, *wanted)
        except RemoteError as error:
            if "couldn't find remote ref" not in error.words:
                raise
            if self.remote.begins:
                return False
            raise UsageError(self._no_branch()) from error
        return True

    def _no_branch(self) -> str:
        listed = self.git.remote("ls-remote", "--heads", NAME).text.splitlines()
        names = [line.partition("refs/heads/")[2] for line in listed]
        if not names:
            return f"{self.remote} is empty: push a first commit to '{self.remote.branch}'"
        more = ", ..." if len(names) > _SHOWN else ""
        return f"{self.remote} has no branch '{self.remote.branch}'; it has: {', '.join(names[:_SHOWN])}{more}"

    def _id(self, revision: str) -> str | None:
        return self.git.run("rev-parse", "--quiet", "--verify", revision).text or None

    def _on_top(self) -> bool:
        """Say whether the other branch has commits of its own; if so, begin a merge that keeps our files."""
        if self.branch == self.remote.branch or self._id(_HEAD) is None:
            return False
        if self.git.run("merge-base", "--is-ancestor", _HEAD, "HEAD").code == 0:
            return False
        self._refuse_others()
        self.git.local("merge", "--quiet", "--no-commit", "--no-ff", "--strategy=ours", _HEAD)
        return True

    def _refuse_others(self) -> None:
        """Refuse to bury commits of others that the other branch holds and its base does not."""
        form = f"--format=%h %(trailers:key={MARK},valueonly,separator=%x20)"
        listed = self.git.local("log", "--no-merges", form, f"HEAD..{_HEAD}").text.splitlines()
        foreign = [line.strip() for line in listed if " " not in line.strip()]
        if foreign:
            commits = ", ".join(foreign[:_SHOWN])
            raise RefusedError(
                f"branch '{self.branch}' of {self.remote} has commits that fairlead did not make: {commits}; "
                "merge or delete it first"
            )

    def tree(self) -> Tree:
        """Read the pages and rendered files of the clone."""
        return read(self.root)

    def author(self) -> str:
        """Give who commits here, as `Name <address>`; raises ToolError when git does not know."""
        answer = self.git.run("var", "GIT_AUTHOR_IDENT")
        if answer.code:
            raise ToolError(
                f"git does not know who commits: set user.name and user.email, or GIT_AUTHOR_NAME, GIT_AUTHOR_EMAIL, "
                f"GIT_COMMITTER_NAME and GIT_COMMITTER_EMAIL\n{answer.stderr.strip()}"
            )
        return answer.text.rsplit(" ", 2)[0]  # behind it are time and zone

    def whole(self) -> None:
        """Check every file out, not only fairlead's: a gate's command may be one of the repository's own scripts."""
        self.git.remote("sparse-checkout", "disable")

    def commit(self, changes: Iterable[Change], message: str) -> str | None:
        """Write and commit `changes`, and only those; give the commit's id, None if to git they are none.

        Raises ToolError with git's words, RefusedError with those of a commit hook of the user's.
        """
        changes = tuple(changes)
        write(self.root, changes)
        names = "\0".join(f"{self.remote.prefix}{change.path}" for change in changes).encode()
        self.git.local(
            "add", "--all", "--force", "--sparse", "--pathspec-from-file=-", "--pathspec-file-nul", stdin=names
        )
        if not self.merges and self.git.run("diff", "--cached", "--quiet").code == 0:
            return None
        answer = self.git.run("commit", "--quiet", "--cleanup=whitespace", "--file=-", stdin=message.encode())
        if answer.code == 1:
            raise RefusedError(f"a commit hook of yours refuses; nothing was pushed\n{answer.stderr}")
        if answer.code:
            raise ToolError(f"git commit: {answer.stderr}")
        return self._id("HEAD")

    def push(self) -> str:
        """Push the commit to the branch, never by force; give what the server said. Raises RemoteError."""
        return self.git.remote("push", "--porcelain", NAME, f"HEAD:refs/heads/{self.branch}").stderr

    def landed(self, identity: str) -> str | None:
        """Give the id of the commit on the remote's branch that carries our `identity`, of those since our start."""
        tip = _BASE if self.branch == self.remote.branch else _HEAD
        if self._id(tip) is None:
            return None
        older = ["--not", self._began] if self._began else []
        grep = ("--fixed-strings", f"--grep={MARK}: {identity}")
        return self.git.local("log", "-1", "--format=%H", *grep, "--ignore-missing", tip, *older).text or None

    def already(self, changes: Iterable[Change]) -> bool:
        """Say whether the other branch holds every change already, so that pushing it once more would say nothing."""
        if not self.merges:
            return False
        wanted = {change.path: None if change.after is None else change.after.encode() for change in changes}
        return all(self.proposed(path) == data for path, data in wanted.items())

    def proposed(self, path: str) -> bytes | None:
        """Give what the other branch has at a path, where it has commits of its own; None: nothing."""
        if not self.merges:
            return None
        answer = self.git.run("cat-file", "--filters", f"{_HEAD}:{self.remote.prefix}{path}")
        return None if answer.code else answer.stdout


def _reached(remote: Remote) -> Entries:
    """Give the configuration that makes a repository a clone of `remote`.

    Contents of old files are left behind, but not in a folder on this machine: git leaves nothing behind there either,
    and asks itself without end for the commits that a shallow one lacks (seen with 2.39). The addresses are final: a
    rule that would change one once more has to be longer than its own.
    """
    pushed = remote.pushed or (remote.url,)
    partial = ((f"remote.{NAME}.promisor", "true"), (f"remote.{NAME}.partialclonefilter", "blob:none"))
    return (
        (f"remote.{NAME}.url", remote.url),
        *(() if remote.url.startswith(("/", "file://")) else partial),
        *((f"remote.{NAME}.pushurl", address) for address in pushed),
        *((f"url.{address}.insteadOf", address) for address in dict.fromkeys((remote.url, *pushed))),
    )
