"""What `retire --push` and `retire --pull-request` do: a retirement that becomes a commit on the remote."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from generator.cli.push import errand, landed, outcome
from generator.findings.output import echo, echo_json, echo_text
from generator.report.retirement import done_text, left_text, plan_text, retirement_data
from generator.retire.retirer import Retirer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.cli.push import LandingTarget
    from generator.retire.confirmation import RetirementRequest
    from generator.retire.next_steps import Way
    from generator.retire.retirement import Retirement


def push_retirement(asked: RetirementRequest, *, pull_request: bool, options: Sequence[str], **where: Any) -> int:
    """Show a retirement as the remote's newest state has it, or land what was confirmed; give the exit code.

    `options` are those of the command line that say where to, `where` is what `errand` takes.
    """
    task, retirer = errand(**where), Retirer(asked)
    way: Way = "review" if pull_request else "push"
    if asked.token is None:
        landed(msgspec.structs.replace(task, dry_run=True), retirer)
        _show(task, retirer.plan, asked.reason, way, options)
        return 0
    if pull_request:
        return _ask_for_review(task, asked, retirer)
    return _push(task, retirer)


def _show(task: LandingTarget, plan: Retirement | None, reason: str, way: Way, options: Sequence[str]) -> None:
    """Print the first step."""
    assert plan is not None  # noqa: S101  # only what was confirmed can be there already
    if task.style == "json":
        data = retirement_data(plan, task.remote.branch, way=way, options=options)
        echo_json({**_place(task), **data})
    else:
        echo_text(plan_text(plan, task.remote.branch, (), reason or None, way=way, options=options))


def _push(task: LandingTarget, retirer: Retirer) -> int:
    """Land the second step, or show it; print the answer."""
    landing = landed(task, retirer)
    plan, changes, branch = retirer.plan, retirer.draft.changes, task.remote.branch
    if task.style == "json":
        told = {} if plan is None else retirement_data(plan, branch, changes=changes, way="push")
        written = landing.commit is not None
        echo_json({**_place(task), **told, "written": written, "commit": landing.commit, "attempts": landing.attempts})
        return 0
    echo(*outcome(task, landing, retirer.draft))
    if plan is not None and not task.dry_run:
        echo_text(done_text(plan, branch, changes, "push"))
    return 0


def _ask_for_review(task: LandingTarget, asked: RetirementRequest, retirer: Retirer) -> int:
    """Push the second step to a branch and open its request; print the answer and give the exit code."""
    from generator.cli.pull_request import ask_for_review  # for --pull-request alone

    code = ask_for_review(task, "retire", asked.environment, {asked.service: retirer})
    if retirer.plan is not None and task.style == "text" and not task.dry_run:
        echo_text(left_text(retirer.plan, task.remote.branch, "review"))
    return code


def _place(task: LandingTarget) -> dict[str, str]:
    return {"branch": task.remote.branch, "remote": str(task.remote)}
