"""What `--pull-request` does: a branch for each service, and the request for review that it comes with."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Protocol

import msgspec

from generator.cli.push import draft_data, draft_text, landed
from generator.findings.answer import Answer, Part
from generator.findings.errors import FairleadError, ToolError
from generator.forge.pull_request import (
    Forge,
    Opened,
    Proposal,
    branch_of,
    compare_url,
    forge_of,
    opened_by_server,
    why_not,
)
from generator.prove.release_proof import Proven
from generator.release.context import Draft
from generator.repo.push import Landing, NewCommit
from generator.report.promotion import Review, body, title

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from generator.cli.push import LandingTarget
    from generator.gates.gate import GateRefusal
    from generator.repo.clone import Clone

# Characters of a body where no forge says how many it takes.
_LIMIT = 60_000


class UnopenedError(ToolError):
    """A branch is pushed, and its request could not be opened or updated (exit 3)."""

    def __init__(self, branch: str, error: FairleadError) -> None:
        super().__init__(*error.lines, f"{branch} is pushed; do this again, or open its request by hand")


class Worked(Protocol):
    """Works a commit out for one state of the remote after the other; `draft` and `proven` are those of the last."""

    draft: Draft
    proven: Proven

    def __call__(self, clone: Clone) -> NewCommit | None:
        """Return the commit for the clone's state."""


class Reviewed(msgspec.Struct, frozen=True, kw_only=True):
    """One service's part: what goes, its branch, what became of that, and the request.

    `address` is where to open one by hand, `error` why there is none.
    """

    service: str
    branch: str | None = None
    draft: Draft = Draft()
    proven: Proven = Proven()
    landing: Landing = Landing(commit=None, attempts=0)
    opened: Opened | None = None
    address: str | None = None
    error: FairleadError | None = None


def ask_for_review(
    task: LandingTarget,
    verb: str,
    environment: str | None,
    proposers: Mapping[str, Worked],
    waiting: Iterable[GateRefusal] = (),
) -> Answer:
    """Push one branch for each service and open or update its request; return the answer.

    Without an `environment` it is about all of them. One service keeps no other one from its request: what went wrong
    is told beside it, and the first such error decides the exit code. `waiting` is told along. Raises ToolError, before
    anything is pushed, when the host's API cannot be used as it is set up.
    """
    place = environment or "all environments"
    found = [Reviewed(service=refusal.service, draft=Draft(waiting=(refusal,))) for refusal in waiting]
    asked = [Reviewed(service=name, branch=branch_of(environment, [name], verb=verb)) for name in proposers]
    forge = None if task.dry_run else forge_of(_address(task), os.environ)
    asking = _Asking(task, verb, place, forge)
    found += [asking.reviewed(each, proposers[each.service]) for each in asked]
    if len(proposers) == 1 and (error := found[-1].error) is not None:
        raise error
    return Answer(
        text=lambda: _text(task, place, found),
        data=lambda: [_data(each) for each in found],
        exit_code=next((each.error.exit_code for each in found if each.error), 0),
    )


def _address(task: LandingTarget) -> str:
    """Return the address that branches are pushed to: requests are opened there."""
    return (task.remote.pushed or (task.remote.url,))[0]


class _Asking:
    """Asks for the review of what one command does to an environment, at a host with an API or without one (None)."""

    def __init__(self, task: LandingTarget, verb: str, environment: str, forge: Forge | None) -> None:
        self._task = task
        self._verb = verb
        self._environment = environment
        self._forge = forge

    def reviewed(self, asked: Reviewed, proposer: Worked) -> Reviewed:
        """Return what became of one service, as far as it came."""
        done = asked
        try:
            landing = landed(self._task, proposer, asked.branch)
            done = msgspec.structs.replace(asked, draft=proposer.draft, proven=proposer.proven, landing=landing)
            return self._asked(done) if done.draft.changes and not self._task.dry_run else done
        except FairleadError as error:
            return msgspec.structs.replace(done, error=error)

    def _asked(self, pushed: Reviewed) -> Reviewed:
        """Open or update the request for a branch, or give where a person can; raises UnopenedError."""
        base, branch = self._task.remote.branch, str(pushed.branch)
        if self._forge is None:
            address = opened_by_server(pushed.landing.server) or compare_url(_address(self._task), base, branch)
            return msgspec.structs.replace(pushed, address=address)
        review = self._review(pushed)
        text = body(review, min(self._forge.limit, _LIMIT))
        proposal = Proposal(branch=branch, base=base, title=title(review), body=text)
        try:
            return msgspec.structs.replace(pushed, opened=self._forge.propose(proposal))
        except FairleadError as error:
            raise UnopenedError(branch, error) from error

    def _review(self, pushed: Reviewed) -> Review:
        draft = pushed.draft
        return Review(
            verb=self._verb,
            environment=self._environment,
            moves=draft.moves,
            subject=draft.subject,
            files=tuple(change.path for change in draft.changes),
            trailers=draft.trailers,
            notes=draft.notes,
            difference=pushed.proven.difference,
        )


def _text(task: LandingTarget, environment: str, found: Sequence[Reviewed]) -> Iterator[Part]:
    """Yield what became of each service."""
    for each in found:
        yield from draft_text(each.draft)
        yield from _outcome(task, environment, each)
    if not any(each.draft.changes or each.error for each in found):
        yield Part.of_lines(f"nothing to do on {task.remote.branch} of {task.remote}")


def _outcome(task: LandingTarget, environment: str, each: Reviewed) -> Iterator[Part]:
    """Yield the last lines about a service: its request, or why there is none."""
    if each.error:
        yield Part.of_lines(f"{environment}/{each.service} gets no request:", *each.error.lines, err=True)
    elif each.draft.changes:
        yield Part.of_lines(_line(task, each))
        yield Part.of_diff(each.proven.difference if task.dry_run else "")
    elif each.landing.stale:
        stale = f"{each.branch} still proposes '{each.landing.stale}'; close the request or delete the branch"
        yield Part.of_lines(stale)


def _line(task: LandingTarget, reviewed: Reviewed) -> str:
    """Return the line that says where the request is."""
    if task.dry_run:
        return f"{reviewed.branch}: not pushed, as --dry-run asks"
    is_new = reviewed.landing.commit is not None
    if reviewed.opened is not None:
        done = "opened" if reviewed.opened.created else "updated" if is_new else "unchanged"
        return f"{done} {reviewed.opened.url}"
    at = f" at {reviewed.address}" if reviewed.address else ""
    done = "pushed" if is_new else "unchanged"
    why = why_not(_address(task), os.environ)
    return f"{done} {reviewed.branch}; open a request from it into {task.remote.branch}{at} ({why})"


def _data(reviewed: Reviewed) -> dict[str, Any]:
    error = reviewed.error
    return {
        "service": reviewed.service,
        **draft_data(reviewed.draft, reviewed.proven, reviewed.landing),
        "branch": reviewed.branch,
        "pullRequest": reviewed.opened,
        "address": reviewed.address,
        "stale": reviewed.landing.stale,
        "error": None if error is None else {"error": str(error), "exitCode": error.exit_code},
    }
