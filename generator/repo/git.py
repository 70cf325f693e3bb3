"""Run git in a repository that is ours to change, through GitPython's way to start it and nothing else of it.

`push()` of GitPython raises for neither a rejected ref nor a declining hook, and `index.commit()` leaves a commit
unsigned that should be signed (both measured with 3.2.1), so git itself is called: hooks, signing and credential
helpers work as on the command line.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, cast

import msgspec

from generator.errors import ToolError
from generator.repo.credential import mask
from generator.repo.failure import RemoteError, kind_of
from generator.repo.head import git_program

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

Settings = tuple[tuple[str, str], ...]

# A git hook hands its own repository down in GIT_DIR, GIT_INDEX_FILE and others: none of them may reach another
# repository, and no trace may print what was sent. What says who commits, and how to log in, may.
_INHERITED = frozenset(
    {
        "GIT_ASKPASS", "GIT_SSH", "GIT_SSH_COMMAND", "GIT_SSH_VARIANT", "GIT_PROXY_COMMAND", "GIT_EXEC_PATH",
        "GIT_SSL_CAINFO", "GIT_SSL_CAPATH", "GIT_SSL_NO_VERIFY", "GIT_SSL_CERT", "GIT_SSL_KEY", "GIT_SSL_VERSION",
        "GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL", "GIT_ALLOW_PROTOCOL",
        "GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM", "GIT_HTTP_PROXY_AUTHMETHOD",
        "GIT_PYTHON_REFRESH",
    }
)  # fmt: skip

# Nothing asks, paths are no patterns, and git speaks the language that failure.py reads.
_ALWAYS = {
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_LITERAL_PATHSPECS": "1",
    "GIT_HTTP_LOW_SPEED_LIMIT": "1024",
    "GIT_LFS_SKIP_SMUDGE": "1",
    "LC_ALL": "C.UTF-8",
}
# Nothing runs that a repository's content names, files have the bytes of their blobs, and no setting of the user's
# changes what git prints.
_SETTINGS: Settings = (
    ("protocol.ext.allow", "never"),
    ("protocol.version", "2"),  # older ones refuse to send the contents that were left behind
    ("submodule.recurse", "false"),
    ("fetch.recurseSubmodules", "false"),
    ("push.recurseSubmodules", "no"),
    ("core.autocrlf", "false"),
    ("core.eol", "lf"),
    ("core.fsmonitor", "false"),
    ("gc.auto", "0"),
    ("maintenance.auto", "false"),
    ("color.ui", "false"),
    ("log.showSignature", "false"),
    ("merge.verifySignatures", "false"),
    ("advice.detachedHead", "false"),
    ("advice.pushUpdateRejected", "false"),
)

# A transfer below 1024 bytes a second for this long is given up (seconds).
LOW_SPEED_SECONDS = 30.0

# No single git command takes longer than this (seconds).
LONGEST = 600.0

# How long the pipes of a killed git may stay open: only a grandchild that left its session can hold them (seconds).
_LAST_WORDS = 1.0
_KILLED = -signal.SIGKILL

# For the moment in which the environment of this process is that of the child.
_STARTING = threading.Lock()


class Deadline(msgspec.Struct, frozen=True):
    """A point in time (of `clock`, in seconds) after which nothing new is begun."""

    end: float
    clock: Callable[[], float] = time.monotonic

    @classmethod
    def after(cls, seconds: float) -> Deadline:
        """Give the deadline that many seconds from now."""
        return cls(time.monotonic() + seconds)

    def left(self) -> float:
        """Give the seconds that are left, at least one: a command that was begun may say what is wrong."""
        return max(1.0, self.end - self.clock())


class Answer(msgspec.Struct, frozen=True):
    """What git said, and its exit code."""

    code: int
    stdout: bytes
    stderr: str

    @property
    def text(self) -> str:
        """Give what it printed as text without the last newline."""
        return self.stdout.decode(errors="replace").rstrip("\n")


class Git:
    """git in the repository at `folder`, never in one above it.

    `settings` are its configuration beside the user's, `secrets` what its words must not show.
    """

    def __init__(self, folder: Path, settings: Settings, secrets: Iterable[str], deadline: Deadline) -> None:
        self.folder = folder
        self.deadline = deadline
        self._settings = (*_SETTINGS, *settings)
        self._secrets = frozenset(secrets)

    def run(self, *arguments: str, stdin: bytes = b"", environment: Mapping[str, str] | None = None) -> Answer:
        """Run git (with variables beside the usual ones) and give its answer, whatever that is.

        A git that is not done by the deadline is killed with all its children. Raises ToolError without a git to run.
        """
        limit = min(LONGEST, self.deadline.left())
        child = _started(self.folder, arguments, self._environment(limit) | dict(environment or {}))
        try:
            stdout, stderr = child.communicate(stdin, limit)
        except subprocess.TimeoutExpired:
            _kill(child)
            return Answer(_KILLED, b"", f"no answer after {limit:.0f} s, killed")
        except BaseException:
            _kill(child)
            raise
        return Answer(child.returncode, stdout, self.masked(stderr.decode(errors="replace")))

    def local(self, *arguments: str, stdin: bytes = b"") -> Answer:
        """Run a git command that touches this repository alone; raises ToolError with git's words when it fails."""
        answer = self.run(*arguments, stdin=stdin)
        if answer.code:
            raise ToolError(f"git {arguments[0]}: {self._words(answer)}")
        return answer

    def remote(self, *arguments: str, stdin: bytes = b"") -> Answer:
        """Run a git command that may go to the remote; raises RemoteError, of the kind that its words mean."""
        answer = self.run(*arguments, stdin=stdin)
        if answer.code:
            words = self._words(answer)
            raise RemoteError(arguments[0], kind_of(words), words)
        return answer

    def read(self, *arguments: str, stdin: bytes | None = None) -> bytes:
        """Give the output of a git command that only reads; blobs left behind are fetched on the way."""
        return self.remote(*arguments, stdin=stdin or b"").stdout

    def masked(self, text: str) -> str:
        """Give `text` without any credential."""
        return mask(text, self._secrets)

    def hide(self, secrets: Iterable[str]) -> None:
        """Never show `secrets`, either."""
        self._secrets |= frozenset(secrets)

    def _words(self, answer: Answer) -> str:
        """Give all that git said: `push --porcelain` says on its standard output which ref was refused."""
        return f"{answer.stderr.strip()}\n{self.masked(answer.text)}".strip()

    def _environment(self, limit: float) -> dict[str, str]:
        low_speed = str(int(min(LOW_SPEED_SECONDS, limit)))
        own = {"GIT_HTTP_LOW_SPEED_TIME": low_speed, "GIT_CEILING_DIRECTORIES": os.fspath(self.folder.parent)}
        return _ALWAYS | own | _configuration(self._settings)


def _configuration(settings: Settings) -> dict[str, str]:
    """Give configuration as environment variables: an argument would show credentials to everybody on the machine."""
    variables = {"GIT_CONFIG_COUNT": str(len(settings))}
    for number, (key, value) in enumerate(settings):
        variables |= {f"GIT_CONFIG_KEY_{number}": key, f"GIT_CONFIG_VALUE_{number}": value}
    return variables


def _started(folder: Path, arguments: Iterable[str], environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """Start git in `folder`, in a session of its own: nothing can ask at the terminal, and all of it can be killed."""
    program = git_program()
    os.environ.setdefault("GIT_PYTHON_REFRESH", "quiet")  # it would run `git version` when it is imported
    from git.cmd import Git as Porcelain  # 61 ms, for a run that goes to a remote

    # GitPython runs in the current folder where there is none of that name; -C makes git refuse instead.
    argv = [os.path.abspath(program), "-C", os.fspath(folder), *arguments]  # noqa: PTH100 - a link stays one
    start = partial(Porcelain(folder).execute, argv, istream=subprocess.PIPE, as_process=True, start_new_session=True)
    try:
        with _STARTING, _without_foreign_variables():
            running = start(env=environment)
    except OSError as error:
        raise ToolError(f"git cannot be started: {error.strerror}") from error
    child = cast("subprocess.Popen[bytes]", running.proc)  # None only once GitPython has ended it
    running.proc = None  # it would do so in its own way
    return child


@contextlib.contextmanager
def _without_foreign_variables() -> Iterator[None]:
    """Take git's variables out of this process: GitPython hands its environment down and can only add to it."""
    foreign = {name: os.environ[name] for name in os.environ if name.startswith("GIT_") and name not in _INHERITED}
    for name in foreign:
        del os.environ[name]
    try:
        yield
    finally:
        os.environ.update(foreign)


def _kill(child: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)
    with contextlib.suppress(subprocess.TimeoutExpired):
        child.communicate(timeout=_LAST_WORDS)
    for pipe in filter(None, (child.stdin, child.stdout, child.stderr)):
        with contextlib.suppress(OSError):
            pipe.close()
    child.wait()
