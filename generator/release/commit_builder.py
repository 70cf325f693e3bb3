"""From a draft to a commit that is proven: worked out, built before and after, held against what it says."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache, partial
from typing import TYPE_CHECKING

from generator.findings.errors import UnprovenError
from generator.gates.external_gates import Guard
from generator.history.history_reader import Lineage
from generator.history.release_history import steps
from generator.inputs.load import load
from generator.prove.release_proof import MoveProver, Proven
from generator.release.context import Draft, ReleaseContext
from generator.repo.push import NewCommit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from generator.disk.tree import Tree
    from generator.findings.progress import Progress
    from generator.inputs.project import Project
    from generator.repo.clone import Clone


class Proposer:
    """Works drafts out for one state of the remote after the other; `draft` and `proven` are those of the last one."""

    def __init__(
        self, work: Callable[[ReleaseContext], Draft], names: Iterable[str] | None, progress: Progress, *, dry_run: bool
    ) -> None:
        self._work = work
        self._names = None if names is None else frozenset(names)
        self._guard = Guard(progress, dry_run=dry_run)
        self._prover = MoveProver(progress)
        self.draft = Draft()
        self.proven = Proven()

    def __call__(self, clone: Clone) -> NewCommit | None:
        """Return the commit for the clone's state, None when nothing is to be done; raises what the work raises."""
        tree = clone.tree()
        project = load(tree, only=self._names)
        self.draft = self._work(self._scene(clone, tree, project))
        self.proven = Proven()
        if not self.draft.changes:
            return None
        if self.draft.moves:
            self._prove(project, tree)
        return NewCommit(
            changes=self.draft.changes,
            subject=self.draft.subject,
            body="\n".join(map(str, self.draft.moves)),
            trailers=self.draft.trailers,
        )

    def _prove(self, project: Project, tree: Tree) -> None:
        after = tree.after((change.path, change.after) for change in self.draft.changes)
        self.proven = self._prover.prove(project, tree, after, self.draft.moves)
        if self.proven.findings:
            raise UnprovenError(self.proven.findings)

    def _scene(self, clone: Clone, tree: Tree, project: Project) -> ReleaseContext:
        now = datetime.now(UTC)
        return ReleaseContext(
            tree=tree,
            project=project,
            lineage=_lineages(clone, self._names),
            now=now,
            author=clone.author,
            guard=partial(self._guard.refusals, clone, project, now),
            comes_after=clone.comes_after,
            proposed=clone.proposed,
        )


def _lineages(clone: Clone, names: frozenset[str] | None) -> Callable[[str], Lineage]:
    """Return the commits of each environment, read from the clone when they are asked for; of services in `names`."""

    def wanted(_: str, service: str) -> bool:
        return names is None or service in names

    @cache
    def lineage(environment: str) -> Lineage:
        prefix = clone.remote.prefix
        return Lineage(steps(clone.git.read, prefix=prefix, environment=environment, wanted=wanted))

    return lineage
