"""What `--pull-request` does: a branch for each service, and the request for review that it comes with."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import click
import msgspec

from generator.cli.common import echo_json
from generator.cli.landing import draft_data, landed, show_draft
from generator.errors import FairleadError
from generator.prove.moves import Proven
from generator.release.scene import Draft
from generator.repo.publish import Landing
from generator.repo.pull_request import Opened, Proposal, branch_of, compare_url, forge_of, opened_by_server, why_not
from generator.report.promotion import Review, body, title

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from generator.cli.landing import Errand
    from generator.release.gates import Refusal
    from generator.release.proposal import Proposer

# Characters of a body where no forge says how many it takes.
_LIMIT = 60_000


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
    task: Errand, verb: str, environment: str, proposers: Mapping[str, Proposer], waiting: Iterable[Refusal] = ()
) -> int:
    """Push one branch for each service and open or update its request; print the answer and give the exit code.

    One service keeps no other one from its request: what went wrong is told at the end, and the first such error
    decides the exit code. `waiting` is told along.
    """
    found = [Reviewed(service=refusal.service, draft=Draft(waiting=(refusal,))) for refusal in waiting]
    for service, proposer in proposers.items():
        try:
            found.append(_reviewed(task, verb, environment, service, proposer))
        except FairleadError as error:
            if len(proposers) == 1:
                raise
            found.append(Reviewed(service=service, error=error))
    if task.style == "json":
        echo_json([_data(each) for each in found])
    else:
        _show(task, environment, found)
    return next((each.error.exit_code for each in found if each.error), 0)


def _reviewed(task: Errand, verb: str, environment: str, service: str, proposer: Proposer) -> Reviewed:
    branch = branch_of(environment, [service])
    landing = landed(task, proposer, branch)
    draft, proven, remote = proposer.draft, proposer.proven, task.remote
    done = Reviewed(service=service, branch=branch, draft=draft, proven=proven, landing=landing)
    if not draft.moves or task.dry_run:
        return done
    forge = forge_of(remote.url, os.environ)
    if forge is None:
        address = opened_by_server(landing.server) or compare_url(remote.url, remote.branch, branch)
        return msgspec.structs.replace(done, address=address)
    review = Review(
        verb=verb,
        environment=environment,
        moves=draft.moves,
        trailers=draft.trailers,
        notes=draft.notes,
        difference=proven.difference,
    )
    text = body(review, min(forge.limit, _LIMIT))
    proposal = Proposal(branch=branch, base=remote.branch, title=title(review), body=text)
    return msgspec.structs.replace(done, opened=forge.propose(proposal))


def _show(task: Errand, environment: str, found: Sequence[Reviewed]) -> None:
    """Print what became of each service."""
    for each in found:
        show_draft(each.draft)
        if each.error:
            click.echo(f"{environment}/{each.service}: {each.error}", err=True)
        elif each.draft.moves:
            click.echo(_line(task, each))
    if not any(each.draft.moves or each.error for each in found):
        click.echo(f"nothing to do on {task.remote.branch} of {task.remote}")


def _line(task: Errand, reviewed: Reviewed) -> str:
    """Give the line that says where the request is."""
    if task.dry_run:
        return f"{reviewed.branch}: not pushed, as --dry-run asks\n{reviewed.proven.difference}".rstrip("\n")
    if reviewed.opened is not None:
        return f"{'opened' if reviewed.opened.created else 'updated'} {reviewed.opened.url}"
    why = why_not(task.remote.url, os.environ)
    return f"pushed {reviewed.branch}; {why}" + (f"; open it at {reviewed.address}" if reviewed.address else "")


def _data(reviewed: Reviewed) -> dict[str, Any]:
    error = reviewed.error
    return {
        "service": reviewed.service,
        **draft_data(reviewed.draft, reviewed.proven, reviewed.landing),
        "branch": reviewed.branch,
        "pullRequest": reviewed.opened,
        "address": reviewed.address,
        "error": None if error is None else {"error": str(error), "exitCode": error.exit_code},
    }
