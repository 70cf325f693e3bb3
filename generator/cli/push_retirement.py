"""What `retire --push` and `retire --pull-request` do: a retirement that becomes a commit on the remote."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from generator.cli.push import errand, landed, outcome, place_data
from generator.findings.answer import Answer, Part
from generator.report.retirement import done_text, left_text, plan_text, retirement_data
from generator.retire.retirer import Retirer

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from generator.cli.push import LandingTarget
    from generator.repo.push import Landing
    from generator.retire.confirmation import RetirementRequest
    from generator.retire.next_steps import Way
    from generator.retire.retirement import Retirement


def push_retirement(asked: RetirementRequest, *, pull_request: bool, options: Sequence[str], **where: Any) -> Answer:
    """Work a retirement out for the remote's newest state, or land what was confirmed; return the answer.

    `options` are those of the command line that say where to, `where` is what `errand` takes.
    """
    task, retirer = errand(**where), Retirer(asked)
    way: Way = "review" if pull_request else "push"
    if asked.token is None:
        landed(msgspec.structs.replace(task, dry_run=True), retirer)
        return _first_answer(task, retirer.plan, asked.reason, way, options)
    if pull_request:
        return _ask_for_review(task, asked, retirer)
    return _push(task, retirer)


def _first_answer(
    task: LandingTarget, plan: Retirement | None, reason: str, way: Way, options: Sequence[str]
) -> Answer:
    """Return the first step: what would go."""
    assert plan is not None  # noqa: S101  # only what was confirmed can be there already
    branch = task.remote.branch
    return Answer(
        text=lambda: [Part.of_text(plan_text(plan, branch, (), reason or None, way=way, options=options))],
        data=lambda: {**place_data(task), **retirement_data(plan, branch, way=way, options=options)},
    )


def _push(task: LandingTarget, retirer: Retirer) -> Answer:
    """Land the second step, or work it out; return the answer."""
    landing = landed(task, retirer)
    return Answer(text=lambda: _pushed_text(task, landing, retirer), data=lambda: _pushed_data(task, landing, retirer))


def _pushed_text(task: LandingTarget, landing: Landing, retirer: Retirer) -> Iterator[Part]:
    yield Part.of_lines(*outcome(task, landing, retirer.draft))
    if retirer.plan is not None and not task.dry_run:
        yield Part.of_text(done_text(retirer.plan, task.remote.branch, retirer.draft.changes, "push"))


def _pushed_data(task: LandingTarget, landing: Landing, retirer: Retirer) -> dict[str, Any]:
    plan, changes = retirer.plan, retirer.draft.changes
    told = {} if plan is None else retirement_data(plan, task.remote.branch, changes=changes, way="push")
    done = {"written": landing.commit is not None, "commit": landing.commit, "attempts": landing.attempts}
    return {**place_data(task), **told, **done}


def _ask_for_review(task: LandingTarget, asked: RetirementRequest, retirer: Retirer) -> Answer:
    """Push the second step to a branch and open its request; return the answer, with what is left to do."""
    from generator.cli.pull_request import ask_for_review  # for --pull-request alone

    answer = ask_for_review(task, "retire", asked.environment, {asked.service: retirer})
    plan = retirer.plan
    if plan is None or task.dry_run:
        return answer
    left = Part.of_text(left_text(plan, task.remote.branch, "review"))
    return msgspec.structs.replace(answer, text=lambda: [*answer.text(), left])
