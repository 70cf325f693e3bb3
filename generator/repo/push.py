"""Land a commit on a branch that many write to: nothing lost, nothing twice, nothing by force.

Each attempt starts from the remote's newest state, works the change out anew, commits and pushes. A rebase conflicts
where services are neighbours in a file: measured with 16 writers, 9 failed by rebase and none by working it out anew.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec

from generator.change import Change
from generator.findings.errors import FairleadError
from generator.repo.clone import MARK, Clone, cloned
from generator.repo.failure import RETRIED, Kind, RemoteError
from generator.repo.git import Deadline

if TYPE_CHECKING:
    from tenacity import RetryCallState

    from generator.repo.remote import Remote

# Measured with 32 writers and a second of server time for each push: base 1 s and cap 30 s lost none, one of them
# needed 10 attempts; 5 quick attempts lost 9 of 16 writers.
DEADLINE_SECONDS = 180.0
ATTEMPTS = 15
BASE_SECONDS = 1.0
CAP_SECONDS = 30.0

# Kept of the time (at most a tenth of it) for finding out whether a push arrived that was not answered.
LAST_LOOK_SECONDS = 10.0


class NewCommit(msgspec.Struct, frozen=True, kw_only=True):
    """What is to land: `changes` to files, and the message; `trailers` are its last paragraph, in order."""

    changes: tuple[Change, ...]
    subject: str
    body: str = ""
    trailers: tuple[tuple[str, str], ...] = ()

    def message(self, identity: str) -> str:
        """Return the whole message, with our own trailer last."""
        lines = [f"{key}: {' '.join(value.split())}" for key, value in (*self.trailers, (MARK, identity))]
        parts = (self.subject, self.body, "\n".join(lines))
        return "\n\n".join(part for part in parts if part) + "\n"


class Landing(msgspec.Struct, frozen=True, kw_only=True):
    """How it went: the commit (None: there was nothing to commit), how often it was tried, what the server said.

    `stale` is the subject of what our branch for review proposes still, although nothing is to be done.
    """

    commit: str | None
    attempts: int
    server: str = ""
    stale: str | None = None


# Works the commit out from the clone's present state; None when there is nothing to do. Raises to give up.
Propose = Callable[[Clone], "NewCommit | None"]


def land(
    remote: Remote,
    propose: Propose,
    *,
    branch: str | None = None,
    seconds: float = DEADLINE_SECONDS,
    notice: Callable[[str], None] = lambda _: None,
) -> Landing:
    """Land what `propose` gives on `branch` (the remote's own, unless told) within `seconds`; `notice` hears of waits.

    Raises RemoteError when the remote refuses, cannot be reached, or others were faster until the end; and whatever
    `propose` raises.
    """
    from tenacity import Retrying, retry_if_exception, stop_after_attempt, stop_before_delay, wait_random_exponential

    retrying = Retrying(
        retry=retry_if_exception(_worth_another),
        stop=stop_after_attempt(ATTEMPTS) | stop_before_delay(seconds),
        wait=wait_random_exponential(multiplier=BASE_SECONDS, max=CAP_SECONDS),
        before_sleep=lambda state: notice(_wait_of(state)),
        sleep=time.sleep,
        reraise=True,
    )
    kept = min(LAST_LOOK_SECONDS, seconds / 10)
    with cloned(remote, branch or remote.branch, Deadline.after(seconds - kept)) as clone:
        clone.require_identity()
        work = _Work(clone, propose, Deadline.after(seconds))
        try:
            return retrying(work.attempt)
        except RemoteError as error:
            return work.last_look(error)


class _Work:
    """One piece of work to land, over all of its attempts: `identity` tells its commit from all others."""

    def __init__(self, clone: Clone, propose: Propose, end: Deadline) -> None:
        self._clone = clone
        self._propose = propose
        self._end = end
        self._identity = str(uuid.uuid4())
        self._attempts = 0
        self._pushed: set[str] = set()
        self._unanswered = False

    def attempt(self) -> Landing:
        """Work the commit out from the remote's newest state and push it, unless an earlier push brought it there."""
        self._attempts += 1
        if self._attempts == ATTEMPTS:
            self._clone.renew()
        self._clone.refresh()
        return self._landed() or self._tried()

    def last_look(self, error: RemoteError) -> Landing:
        """Return the landing after all, when a push arrived whose outcome we were never told; else raise `error`.

        A push can be done while its answer is lost: to report a failure then would have the work done twice.
        """
        if not self._pushed or error.kind is Kind.POLICY:
            raise error
        self._clone.git.deadline = self._end
        try:
            self._clone.refresh()
        except FairleadError:
            raise self._undecided(error) from error
        landing = self._landed(error.words)
        if landing is None:
            raise error
        return landing

    def _undecided(self, error: RemoteError) -> RemoteError:
        if not self._unanswered:
            return error
        where = f"{self._clone.branch} of {self._clone.remote}"
        hint = f"a push was never answered: look on {where} for '{MARK}: {self._identity}' before you do this again"
        return RemoteError(error.step, error.kind, f"{error.words}\n{hint}")

    def _landed(self, server: str = "") -> Landing | None:
        """Return the landing where the branch has a commit with our mark, and it is one that we pushed."""
        found = self._clone.landed(self._identity) if self._pushed else None
        return (
            None
            if found is None or found not in self._pushed
            else Landing(commit=found, attempts=self._attempts, server=server)
        )

    def _tried(self) -> Landing:
        nothing = Landing(commit=None, attempts=self._attempts)
        wanted = self._propose(self._clone)
        if wanted is None or not wanted.changes:
            return msgspec.structs.replace(nothing, stale=self._clone.stale())
        if self._clone.already(wanted.changes):
            return nothing
        commit = self._clone.commit(wanted.changes, wanted.message(self._identity))
        if commit is None:
            return nothing
        return Landing(commit=commit, attempts=self._attempts, server=self._push(commit))

    def _push(self, commit: str) -> str:
        self._pushed.add(commit)
        try:
            return self._clone.push()
        except RemoteError as error:
            self._unanswered |= error.kind in {Kind.TRANSIENT, Kind.UNKNOWN}
            raise


def _worth_another(error: BaseException) -> bool:
    return isinstance(error, RemoteError) and error.kind in RETRIED


def _wait_of(state: RetryCallState) -> str:
    """Return why an attempt failed and how long the next one waits."""
    error = state.outcome.exception() if state.outcome else None
    cause = error.cause if isinstance(error, RemoteError) else "failed"
    return f"attempt {state.attempt_number}: {cause}; next in {state.upcoming_sleep:.1f} s"
