"""The part of `validate --api-server`: what is known from earlier runs, what has to be asked, and what it comes to."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import msgspec

from generator.apiserver.acceptance import Acceptance
from generator.apiserver.definitions import definition_files, definitions_digest
from generator.tools.program import seconds_installing

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from generator.apiserver.dry_run_batch import Case
    from generator.disk.tree import Tree
    from generator.findings.finding import Finding
    from generator.findings.progress import Progress
    from generator.findings.verdict import Report
    from generator.inputs.project import Project
    from generator.prove.check import Examined
    from generator.prove.check_stale import CheckedNow
    from generator.prove.proof import Proof
    from generator.roots import BuildTarget


class Inquiry:
    """Asks about a tree, and about the change to what `before` (of the base commit) had in its place."""

    def __init__(self, tree: Tree, before: Tree) -> None:
        self._tree, self._before = tree, before
        self._acceptance = Acceptance(tree, before, definitions_digest(definition_files(tree)))
        self._seconds = 0.0

    def stale(self) -> frozenset[BuildTarget]:
        """Return the target of every overlay about which something has to be asked."""
        return self._acceptance.stale()

    def ask(self, checked: CheckedNow, progress: Progress) -> None:
        """Ask about the stale overlays among those that were built, and remember the answers.

        Raises ToolError when there is no server to ask, or it goes away: nothing of this run is remembered then.
        """
        project, examined, _ = checked
        if project is None:
            return
        from generator.apiserver.dry_run import judge  # 15 ms that a run with nothing to ask does not pay

        start = time.monotonic() - seconds_installing()
        stale = self.stale()
        cases = self._cases(project, {key: examined[key] for key in stale if key in examined}, progress)
        answers = dict(zip(cases, judge(project, self._tree, list(cases.values()), progress), strict=True))
        self._acceptance.settle(
            {key: answers[key].accepted for key, case in cases.items() if case.fresh},
            {key: answers[key].kept for key in cases if self._acceptance.is_untried(key)},
            [key for key, case in cases.items() if case.examined.verdict.lasting],
        )
        self._seconds = time.monotonic() - seconds_installing() - start  # what was installed is no part of the answer

    def _cases(
        self, project: Project, examined: Mapping[BuildTarget, Examined], progress: Progress
    ) -> dict[BuildTarget, Case]:
        from generator.apiserver.base_objects import earlier  # with judge.py
        from generator.apiserver.dry_run_batch import Case  # the same

        untried = {key for key in examined if self._acceptance.is_untried(key)}
        ran = earlier(project, self._before, self._tree, {target.environment for target in untried}, progress)
        return {
            key: Case(
                each,
                fresh=self._acceptance.is_unasked(key),
                changes=ran.changes(each) if key in untried else (),
                notes=ran.notes(each) if key in untried else (),
            )
            for key, each in examined.items()
            if each.lines is not None
        }

    def report(self, proof: Proof, beside: Collection[Finding]) -> Report:
        """Return the answer of the proof, with what the server said."""
        report = proof.report([*self._acceptance.findings(), *beside])
        return msgspec.structs.replace(report, api_server=self._acceptance.asked(self._seconds))
