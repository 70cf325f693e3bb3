"""A retirement on its way to the remote: worked out anew from its newest state, and nothing goes but what was shown."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import msgspec

from generator.disk.tree import Tree
from generator.inputs.load import load
from generator.paths import overlay_folder
from generator.prove.build_as_is import plain_build
from generator.prove.release_proof import Proven
from generator.records.retirement import FOLDER, read_tombstone, tombstone_path
from generator.release.context import Draft
from generator.repo.push import NewCommit
from generator.retire.confirmation import Signature, edits, refuse_misnamed, refuse_unconfirmed
from generator.retire.next_steps import subject
from generator.retire.retirement import Retirement, RetirementInputs, retirement, stones

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.repo.clone import Clone
    from generator.retire.confirmation import RetirementRequest


class Retirer:
    """Works one retirement out for one state of the remote after the other; `plan` and `draft` are the last ones.

    `plan` is None where this very retirement is on the branch already.
    """

    def __init__(self, asked: RetirementRequest) -> None:
        self._asked = asked
        self.plan: Retirement | None = None
        self.draft = Draft()
        self.proven = Proven()

    def __call__(self, clone: Clone) -> NewCommit | None:
        """Return the commit for the clone's state, None when nothing is to be done, or only to be shown.

        Raises RetireError when what was confirmed is not what would go now, UsageError for what is not there.
        """
        asked, tree = self._asked, clone.tree()
        self.plan, self.draft = None, Draft()
        if asked.token is not None and _is_retired(tree, asked, asked.token):
            return None
        plan = self.plan = _planned(tree, asked)
        if asked.token is None:
            return None
        refuse_unconfirmed(plan, asked.token, asked.named)
        changes = tuple(edits(plan, tree, _signature(clone, plan, asked.reason)))
        self.draft = Draft(changes=changes, subject=subject(plan), notes=tuple(_notes(plan)))
        return NewCommit(changes=changes, subject=self.draft.subject, body=" ".join(asked.reason.split()))


def _planned(tree: Tree, asked: RetirementRequest) -> Retirement:
    """Work out what would go from a tree that is all committed."""
    project = load(tree, only={asked.service})
    stock = RetirementInputs(
        tree=tree,
        project=project,
        committed={path: tree.files[path] for path in tree.under(FOLDER)},
        build=lambda folder: plain_build(tree, project.gitops, folder),
    )
    plan = retirement(stock, asked.service, asked.environment)
    refuse_misnamed(plan, asked.named)
    return plan


def _is_retired(tree: Tree, asked: RetirementRequest, token: str) -> bool:
    """Return whether a tombstone tells of the retirement that `token` confirms, and nothing came back since."""
    for place in stones(tree, asked.service):
        stone, _ = read_tombstone(tree, place, asked.service)
        is_it = asked.environment in {None, place} and stone is not None and stone.plan == token
        if is_it and not any(tree.under(overlay_folder(place, asked.service))):
            return True
    return False


def _signature(clone: Clone, plan: Retirement, reason: str) -> Signature:
    """Return who confirms it, when; a request that waits for review and says the same keeps its time."""
    commit = clone.git.local("rev-parse", "HEAD").text or None
    signature = Signature(by=clone.author(), when=datetime.now(UTC), reason=reason, commit=commit)
    for part in plan.parts:
        path = tombstone_path(part.environment, plan.service)
        data = clone.proposed(path)
        stone = read_tombstone(Tree(clone.root, {path: data}), part.environment, plan.service)[0] if data else None
        if stone is not None and (stone.by, stone.reason, stone.plan) == (signature.by, reason, plan.token):
            return msgspec.structs.replace(signature, when=stone.when, commit=stone.commit)
    return signature


def _notes(plan: Retirement) -> Iterator[str]:
    """Yield what a reviewer should know: how much goes where, and what is lost with it."""
    for part in plan.parts:
        yield f"{part.environment}: {len(part.objects)} objects of Application {part.application} are left to delete"
        yield from (f"{part.environment}: {each.object}: {each.loss}" for each in part.objects if each.loss)
