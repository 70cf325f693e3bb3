"""Fetch a remote's branches into a repository of our own: all commits, and contents when somebody asks for them."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from generator.credentials.masking import secrets_in_answer
from generator.disk.tree import INPUTS
from generator.findings.errors import UsageError
from generator.findings.nearest import nearest
from generator.repo.failure import Kind, RemoteError
from generator.repo.git import Deadline, Git
from generator.repo.remote import NAME
from generator.roots import rendered_folders

if TYPE_CHECKING:
    from pathlib import Path

    from generator.git.configuration import Entries
    from generator.repo.remote import Remote

# Where the remote's own branch is fetched to, and the one that commits go to where that is another one.
BASE = f"refs/remotes/{NAME}/base"
OTHER = f"refs/remotes/{NAME}/other"

# Files have the bytes of their blobs.
_AS_STORED = (("core.autocrlf", "false"), ("core.eol", "lf"))

# Contents are left behind until they are needed.
_PARTIAL = ((f"remote.{NAME}.promisor", "true"), (f"remote.{NAME}.partialclonefilter", "blob:none"))

# As many names as help to find a misspelt one.
_SHOWN = 10

# What is committed is what was written, byte for byte, and no program of a filter runs: this file has the last word
# over every .gitattributes. `!` is "as if nobody had said anything"; git refuses `-` with an encoding.
_ATTRIBUTES = "* -text -ident -filter !working-tree-encoding !diff !merge !eol !crlf\n"


class Fetcher:
    """A repository in `folder`, made by the first `fetch`, for the remote's own branch and the one that we push to."""

    def __init__(self, remote: Remote, branch: str, folder: Path, deadline: Deadline) -> None:
        self._remote = remote
        self._branch = branch
        self._folder = folder
        # Never from a folder on this machine: git leaves nothing behind there either, and asks itself without end for
        # the commits that a shallow one lacks (seen with 2.39).
        self._partial = not remote.url.startswith(("/", "file://"))
        self._hash = "sha1"
        self.git = self._git(deadline)

    def _git(self, deadline: Deadline) -> Git:
        partial = _PARTIAL if self._partial else ()
        settings = (*_AS_STORED, *self._remote.settings, *_reached(self._remote), *partial)
        return Git(self._folder, settings, self._remote.secrets, deadline)

    def renew(self) -> None:
        """Forget everything that was fetched."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def fetch(self) -> bool:
        """Bring files and refs to the remote's state; False when it has no branch to start from, and begins with ours.

        Raises RemoteError; UsageError when there is no branch and it may not be begun.
        """
        try:
            return self._fetched()
        except RemoteError as error:
            if not self._can_adapt(error.words):
                raise
        self.git = self._git(self.git.deadline)
        self.renew()
        return self._fetched()

    def _can_adapt(self, words: str) -> bool:
        """Take from git's words what the remote is like; False when they say nothing that a new clone would mend."""
        if self._partial and "unadvertised object" in words:
            self._partial = False  # the server leaves contents out, and refuses to send them later
        elif self._hash == "sha1" and "mismatched algorithms" in words:
            self._hash = "sha256"
        else:
            return False
        return True

    def _fetched(self) -> bool:
        if not (self._folder / ".git").is_dir():
            self._make()
        if not self._has_branch():
            self.renew()
            self._make()
            return False
        self.git.remote("reset", "--quiet", "--hard", BASE)  # contents of files come now
        self.git.local("clean", "--quiet", "-ffd")
        return True

    def _make(self) -> None:
        self.renew()
        self._folder.mkdir(parents=True)
        self.git.local("init", "--quiet", "--initial-branch", "fairlead", f"--object-format={self._hash}")
        attributes = self._folder / ".git" / "info" / "attributes"
        attributes.parent.mkdir(exist_ok=True)  # a template of the user's may lack it
        attributes.write_text(_ATTRIBUTES, encoding="utf-8")
        for address in dict.fromkeys((self._remote.url, *self._remote.pushed)):
            self._learn(address)
        names = (name for name in (*INPUTS, *rendered_folders()) if not name.endswith(".yaml"))
        folders = [f"{self._remote.prefix}{name}" for name in names]
        self.git.local("sparse-checkout", "set", "--cone", "--skip-checks", *folders)

    def _learn(self, address: str) -> None:
        """Ask the user's credential helpers as git will: a server may print what it was sent."""
        if address.startswith("http"):
            asked = {"GIT_ASKPASS": ""}  # a person is not asked twice
            answer = self.git.run("credential", "fill", stdin=f"url={address}\n\n".encode(), environment=asked)
            self.git.hide(secrets_in_answer(answer.text))

    def _has_branch(self) -> bool:
        """Fetch the branches; say whether the remote's own one is there."""
        wanted = [f"+refs/heads/{self._remote.branch}:{BASE}"]
        if self._branch != self._remote.branch:
            wanted.append(f"+refs/heads/{self._branch}*:{OTHER}*")  # a pattern may match nothing, a name may not
        try:
            self.git.remote("fetch", "--quiet", "--no-tags", "--prune", "--update-shallow", NAME, *wanted)
        except RemoteError as error:
            if "couldn't find remote ref" not in error.words:
                raise
            self._require_empty(error.words)
            return False
        return True

    def _require_empty(self, words: str) -> None:
        """Raise UsageError unless the remote may be begun: where it has branches, a missing one is a misspelt one.

        Raises RemoteError when somebody has begun it since git looked.
        """
        listed = self.git.remote("ls-remote", "--heads", NAME).text.splitlines()
        names = [line.partition("refs/heads/")[2] for line in listed]
        if self._remote.branch in names:
            raise RemoteError("fetch", Kind.RACE, words)
        if names or not self._remote.begins:
            raise UsageError(self._no_branch(names))

    def _no_branch(self, names: list[str]) -> str:
        wanted = self._remote.branch
        if not names:
            return f"{self._remote} is empty: push a first commit to '{wanted}'"
        near = nearest(wanted, names)
        more = ", ..." if len(names) > _SHOWN else ""
        hint = f"did you mean '{near}'?" if near else f"it has: {', '.join(names[:_SHOWN])}{more}"
        return f"{self._remote} has no branch '{wanted}'; {hint}"


def _reached(remote: Remote) -> Entries:
    """Return the configuration that makes a repository one of `remote`.

    The addresses are final: a rule that would change one once more has to be longer than its own.
    """
    pushed = remote.pushed or (remote.url,)
    return (
        (f"remote.{NAME}.url", remote.url),
        *((f"remote.{NAME}.pushurl", address) for address in pushed),
        *((f"url.{address}.insteadOf", address) for address in dict.fromkeys((remote.url, *pushed))),
    )
