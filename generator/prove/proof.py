"""The proof of every overlay on disk: what is known from earlier runs, what has to be checked, and what it comes to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from generator.disk.cache import open_cache
from generator.disk.tree import read
from generator.findings.finding import Finding, Place
from generator.findings.verdict import Report, Verdict, sort_findings
from generator.inputs.cache_keys import Shelf
from generator.inputs.drafts import Drafts
from generator.paths import is_page
from generator.rules.across import AFTERWARDS, repository_violations
from generator.rules.aftermath import without_aftermath
from generator.rules.allowances import allowed_across
from generator.rules.conditions import settled
from generator.rules.kustomization import KUS004
from generator.rules.world import Absence, World

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from generator.disk.tree import Tree
    from generator.roots import BuildTarget
    from generator.rules.rule import Rule
    from generator.rules.world import RepositoryViolation


class Proof:
    """Verdicts of all overlays on disk, by target; `drafts` are those of pages that have none."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._shelf = Shelf(tree)
        self.drafts = Drafts(tree, self._shelf)
        self._cache = open_cache(tree.root, "proven", tree.memory)
        self._verdicts: dict[BuildTarget, Verdict] = {}

        for overlay in self._shelf.overlays:
            verdict = self._cache.get(self._shelf.overlay_key(overlay), Verdict)
            if verdict is not None:
                self._verdicts[overlay] = verdict

    def stale(self) -> list[BuildTarget]:
        """Return the overlays that have to be checked."""
        return [overlay for overlay in self._shelf.overlays if overlay not in self._verdicts]

    def settle(self, found: Mapping[BuildTarget, Verdict]) -> None:
        """Take the verdicts of the stale overlays; one that no page renders gets a finding.

        Remembered is what lasts, and only if the files are still those that were read: kustomize read them later.
        """
        now = Shelf(read(self._tree.root))
        for target in self.stale():
            verdict = found.get(target) or _unknown_overlay(target)
            self._verdicts[target] = verdict
            name = self._shelf.overlay_key(target)
            if verdict.lasting and now.overlay_key(target) == name:
                self._cache.put(name, verdict)
        self._cache.save()

    @property
    def overlays(self) -> int:
        """Number of overlays on disk."""
        return len(self._shelf.overlays)

    def _world(self) -> World:
        verdicts = tuple(self._verdicts.values())
        return World(verdicts=verdicts, files=self._tree.files, absences=tuple(_absences(self._tree, verdicts)))

    def report(self, beside: Collection[Finding] = ()) -> Report:
        """Return the answer: the verdicts, what no overlay can say alone, and findings from `beside` them."""
        verdicts, drafts = [self._verdicts[overlay] for overlay in self._shelf.overlays], self.drafts.verdicts
        findings = [finding for verdict in (*verdicts, *drafts) for finding in verdict.findings]
        findings = without_aftermath(findings, beside)
        world = self._world()
        seen = ((one.verdict, _finding(self._tree, rule, one)) for rule, one in repository_violations(world))
        standing, allowed, used = allowed_across(seen)
        left = repository_violations(msgspec.structs.replace(world, used=frozenset(used)), AFTERWARDS)
        hints = [_finding(self._tree, rule, one) for rule, one in left]
        return Report(
            pages=sum(map(is_page, self._tree.files)),
            overlays=len(verdicts),
            compared=sum(verdict.compared for verdict in verdicts),
            checked=sum(verdict.checked for verdict in verdicts),
            skipped=sum(verdict.skipped for verdict in verdicts),
            rules=max((verdict.rules for verdict in (*verdicts, *drafts)), default=0),
            hits=self._cache.hits,
            misses=self._cache.misses,
            findings=sort_findings([*settled(world), *standing, *hints, *beside, *findings]),
            suppressed=(*(one for verdict in (*verdicts, *drafts) for one in verdict.suppressed), *allowed),
        )


def _absences(tree: Tree, verdicts: Iterable[Verdict]) -> Iterator[Absence]:
    """Yield what overlays tell Argo CD to read and what is not there."""
    for verdict in verdicts:
        for reading in verdict.reads:
            from generator.prove.presence import absence, nearest_path  # 5 ms that most repositories do not pay

            if state := absence(tree.root, reading):
                yield Absence(verdict, reading, state, nearest_path(tree.root, reading.what))


def _finding(tree: Tree, rule: Rule, violation: RepositoryViolation) -> Finding:
    """Return the finding of a violation, at the line that a person wrote."""
    return rule.finding(
        place=violation.place or _place_of(tree, violation),
        message=violation.message,
        remedy=violation.remedy,
        severity=violation.severity,
        object=violation.object,
        environment=violation.verdict.environment if violation.verdict else "",
    )


def _place_of(tree: Tree, violation: RepositoryViolation) -> Place:
    from generator.prove.overlays import place_of  # 100 ms that a sound repository does not pay

    assert violation.verdict is not None  # noqa: S101  # what has no place has an overlay
    return place_of(tree, violation.verdict, violation.object, violation.path)


def _unknown_overlay(target: BuildTarget) -> Verdict:
    unit, environment = target.unit, target.environment
    message = "no page renders this overlay, and Argo CD would sync it"
    remedy = f"run `fairlead generate` to remove it, or restore services/{unit}.yaml"
    if target.root.reader == "argocd":
        message = "no instance of gitops.yaml renders this folder"
        remedy = (
            "run `fairlead generate` to remove what is rendered there and take out the rest yourself, "
            f"or bring `{unit}` back under `argocd.instances`"
        )
    finding = KUS004.finding(
        place=Place(target.path),
        message=message,
        remedy=remedy,
        environment=environment,
    )
    return Verdict(unit=unit, root=target.root.folder, environment=environment, cluster="", findings=(finding,))
