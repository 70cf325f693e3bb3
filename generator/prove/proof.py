"""The proof of every overlay on disk: what is known from earlier runs, what has to be checked, and what it comes to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from generator.disk.cache import open_cache
from generator.disk.tree import read
from generator.findings.finding import Finding, Place, Severity
from generator.findings.verdict import Report, Verdict, sort_findings
from generator.inputs.cache_keys import Shelf
from generator.inputs.drafts import Drafts
from generator.paths import is_page
from generator.prove.aftermath import without_aftermath
from generator.prove.allowances import allowed_across, idle_allowances
from generator.prove.overlaps import overlaps
from generator.prove.owners import owned_twice

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from generator.disk.tree import Tree
    from generator.roots import BuildTarget

_PAGES = ("services/", "systems/", "gitops.yaml")


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

    def report(self, beside: Collection[Finding] = ()) -> Report:
        """Return the answer: the verdicts, what no overlay can say alone, and findings from `beside` them."""
        verdicts, drafts = [self._verdicts[overlay] for overlay in self._shelf.overlays], self.drafts.verdicts
        findings = [finding for verdict in (*verdicts, *drafts) for finding in verdict.findings]
        findings = without_aftermath(findings, beside)
        standing, allowed, used = allowed_across(_overlapping(self._verdicts.values(), self._tree))
        hints = idle_allowances(self._verdicts.values(), used)
        return Report(
            pages=sum(map(is_page, self._tree.files)),
            overlays=len(verdicts),
            compared=sum(verdict.compared for verdict in verdicts),
            checked=sum(verdict.checked for verdict in verdicts),
            skipped=sum(verdict.skipped for verdict in verdicts),
            rules=max((verdict.rules for verdict in (*verdicts, *drafts)), default=0),
            hits=self._cache.hits,
            misses=self._cache.misses,
            findings=sort_findings([*self._across(), *standing, *hints, *beside, *findings]),
            suppressed=(*(one for verdict in (*verdicts, *drafts) for one in verdict.suppressed), *allowed),
        )

    def _across(self) -> Iterator[Finding]:
        """Yield what no overlay can say alone: names that another one must provide, and a proof of nothing."""
        if not any(verdict.checked for verdict in self._verdicts.values()):
            yield _nothing_checked()
        provided: dict[str, set[tuple[str, str]]] = {}
        beside: dict[tuple[str, str], set[tuple[str, str]]] = {}
        for verdict in self._verdicts.values():
            provided.setdefault(verdict.cluster, set()).update(verdict.provides)
            beside.setdefault((verdict.cluster, verdict.environment), set()).update(verdict.provides)
        yield from owned_twice(self._tree, self._verdicts.values())
        yield from _named_twice(self._verdicts.values())
        yield from _unsupplied(self._verdicts.values())
        yield from _taken_twice(self._verdicts.values())
        for verdict in self._verdicts.values():
            there = provided[verdict.cluster], beside[verdict.cluster, verdict.environment]
            yield from _unmet(verdict, *there, self._tree)
            yield from _unread(verdict, self._tree)


def _named_twice(verdicts: Iterable[Verdict]) -> Iterator[Finding]:
    """Yield a finding for each Application whose name another one has, whichever Argo CD reads the two.

    Of a page and a person's own file it is the file that is told.
    """
    found = [(verdict, each) for verdict in verdicts for each in verdict.applications]
    places: dict[str, Place] = {}
    for verdict, application in sorted(found, key=lambda pair: not pair[1].place.file.startswith(_PAGES)):
        other = places.setdefault(application.name, application.place)
        if other is application.place:
            continue
        from generator.rules.applications import ARG001, collision  # 22 ms that a sound repository does not pay

        yield Finding(
            rule=ARG001.id,
            severity=ARG001.severity,
            place=application.place,
            message=collision(application.name, str(other)),
            remedy=ARG001.remedy,
            object=f"Application/{application.name}",
            environment=verdict.environment,
        )


def _unsupplied(verdicts: Collection[Verdict]) -> Iterator[Finding]:
    """Yield the findings that hang on objects which no overlay of the cluster brings."""
    supplied = {(verdict.cluster, *supply) for verdict in verdicts for supply in verdict.supplies}
    supplied |= {(verdict.cluster, "Service", *service) for verdict in verdicts for service in verdict.provides}
    for verdict in verdicts:
        for each in verdict.conditional:
            if (verdict.cluster, *each.unless) not in supplied:
                yield each.finding


def _taken_twice(verdicts: Collection[Verdict]) -> Iterator[Finding]:
    """Yield the findings about what several environments of one cluster take."""
    takers: dict[tuple[str, str], set[str]] = {}
    for verdict in verdicts:
        for each in verdict.shared:
            takers.setdefault((verdict.cluster, each.what), set()).add(verdict.environment)
    for verdict in verdicts:
        for each in verdict.shared:
            others = takers[verdict.cluster, each.what] - {verdict.environment}
            if others:
                from generator.rules.sharing import shared_by  # 22 ms that most repositories do not pay

                message = shared_by(each.finding.message, others)
                yield msgspec.structs.replace(each.finding, message=message)


def _unread(verdict: Verdict, tree: Tree) -> Iterator[Finding]:
    """Yield a finding for each folder that people tell Argo CD to read and that is not there."""
    for reading in verdict.reads:
        from generator.prove.presence import absence, nearest_path  # 5 ms that most repositories do not pay

        if state := absence(tree.root, reading):
            from generator.rules.sources import ARG006, Read, missing  # 22 ms that a sound repository does not pay

            near = nearest_path(tree.root, reading.what)
            violation = missing(Read((), reading.what, reading.kind), state, near, reading.revision)
            yield Finding(
                rule=ARG006.id,
                severity=ARG006.severity,
                place=reading.place,
                message=violation.message,
                remedy=violation.remedy,
                object=reading.object,
                environment=verdict.environment,
            )


def _overlapping(verdicts: Collection[Verdict], tree: Tree) -> Iterator[tuple[Verdict, Finding]]:
    """Yield each selector that picks the pods of another page; the same object twice is told elsewhere."""
    for one in overlaps(verdicts):
        if one.workload.object == one.picked.object:
            continue
        from generator.prove.overlays import place_of  # 100 ms that a sound repository does not pay
        from generator.rules.overlaps import REMEDY, overlap  # 22 ms that a sound repository does not pay

        what, *_, name = one.picked.object.split("/")
        of = one.workload.object.partition("/")[0]
        violation = overlap(f"{what} `{name}` (service {one.other.unit})", mild=of == "Service", of=of)
        finding = Finding(
            rule="WRK026",
            severity=violation.severity or Severity.ERROR,
            place=place_of(tree, one.verdict, one.workload.object, violation.path),
            message=violation.message,
            remedy=REMEDY,
            object=one.workload.object,
            environment=one.verdict.environment,
        )
        yield one.verdict, finding


def _unmet(
    verdict: Verdict, provided: set[tuple[str, str]], beside: set[tuple[str, str]], tree: Tree
) -> Iterator[Finding]:
    """Yield a finding for each Service that the cluster lacks; those `beside` it in the environment are suggested."""
    missing = [each for each in verdict.needed if (each.namespace, each.name) not in provided]
    if not missing:
        return
    from generator.prove.overlays import place_of  # 100 ms that a sound repository does not pay
    from generator.rules.references import unknown  # 22 ms that a sound repository does not pay
    from generator.rules.rule import Reference  # the same

    for needed in missing:
        reference = Reference(
            object=needed.object,
            path=needed.path,
            kind="Service",
            namespace=needed.namespace,
            name=needed.name,
            certain=needed.certain,
            meant=needed.meant,
        )
        for _, violation in unknown([reference], provided, verdict.external, beside):
            yield Finding(
                rule="WRK023",
                severity=violation.severity or Severity.ERROR,
                place=place_of(tree, verdict, needed.object, needed.path),
                message=violation.message,
                remedy=violation.remedy,
                object=needed.object,
                environment=verdict.environment,
            )


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
    finding = Finding(
        rule="KUS004",
        severity=Severity.ERROR,
        place=Place(target.path),
        message=message,
        remedy=remedy,
        environment=environment,
    )
    return Verdict(unit=unit, root=target.root.folder, environment=environment, cluster="", findings=(finding,))


def _nothing_checked() -> Finding:
    return Finding(
        rule="PRF003",
        severity=Severity.ERROR,
        place=Place("gitops.yaml"),
        message="no object was checked: there is no overlay, or none that builds",
        remedy="release a service first: `fairlead bump SERVICE --env ENV --tag TAG`",
    )
