"""Check overlays: the gate, the real build against the model, the Kubernetes schemas, the rules. Findings come out.

Each overlay ends in one `Verdict` that depends on nothing but the inputs in its cache key.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import TYPE_CHECKING

import msgspec

from generator.disk.tree import Tree
from generator.findings.finding import Finding, Place, Severity
from generator.findings.verdict import Allowance, Conditional, Shared, Verdict, sort_findings
from generator.kubernetes.manifest import ObjectId, Path, identity, show
from generator.layout.unit import Overlay
from generator.model.base import Manifest
from generator.plan.plan import change_of, drift_of, restyles
from generator.prove.applications import applications, readings
from generator.prove.build import Builder
from generator.prove.compare import compare, narrow, show_both
from generator.prove.failure import MEND, unbuildable
from generator.prove.kubernetes import Judge
from generator.prove.kustomization_gate import reach
from generator.prove.placing import needed, placed_in
from generator.prove.rule_context import Surroundings
from generator.prove.rule_view import view_of
from generator.prove.source import LineSource
from generator.prove.suppression import explained, is_used, suppress
from generator.prove.user_files import OwnFiles
from generator.rules.catalogue import RULES
from generator.rules.kustomization import KUS004
from generator.rules.overlaps import workloads
from generator.rules.proof import ARG010, PRF001
from generator.rules.runner import violations
from generator.rules.spec import SPC001
from generator.rules.supplies import supplies

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from generator.prove.build import Built
    from generator.prove.kubernetes import Checked
    from generator.rules.rule import Rule, Violation
    from generator.rules.supplies import Supply

# How many rules look at the objects of an overlay.
_LOOKING = sum(rule.stage in {"object", "repository"} for rule in RULES)


class Checker(msgspec.Struct, frozen=True):
    """The tools and the tree behind a check.

    `source` gives, for an overlay, the finder of its lines; `rendered` is what the pages render: unit -> path -> text.
    `page` gives, for an overlay, what there is to say about its page itself, `entry` the place of an entry under the
    page's `suppress`, and `awaited` the environments that the page runs in once it is released to all of them.
    """

    tree: Tree
    builder: Builder
    judge: Judge
    source: Callable[[Overlay], LineSource]
    rendered: Mapping[str, Mapping[str, str]]
    surroundings: Surroundings
    page: Callable[[Overlay], Iterable[Finding]] = lambda _overlay: ()
    entry: Callable[[Overlay, int], Place] = lambda overlay, _number: Place(overlay.page)
    awaited: Callable[[Overlay], tuple[str, ...]] = lambda _overlay: ()

    def check(self, overlays: Sequence[Overlay]) -> list[Verdict]:
        """Check overlays and give a verdict for each, in their order, see `examine`."""
        return [each.verdict for each in self.examine(overlays)]

    def examine(self, overlays: Sequence[Overlay]) -> list[Examined]:
        """Check overlays and give for each its verdict and what was built, in their order.

        What is not as rendered is drift and passes the gate before kustomize may read it; only what is as rendered is
        built together with others, and only its verdict lasts.
        """
        drift = {overlay.folder: self._drift(overlay) for overlay in overlays}
        reached = {folder: reach(self.tree, folder).findings for folder, changes in drift.items() if changes}
        refused = {folder: findings for folder, findings in reached.items() if findings}
        sound = [overlay for overlay in overlays if overlay.folder not in refused]
        rendered = frozenset(folder for folder, changes in drift.items() if not changes)
        examined = {each.overlay.folder: each for each in self._built_and_judged(sound, rendered, drift)}
        return [
            examined.get(overlay.folder) or Examined(overlay, _refused(overlay, refused[overlay.folder]))
            for overlay in overlays
        ]

    def _drift(self, overlay: Overlay) -> list[Finding]:
        """Return the files of an overlay and its base that are not as rendered, but for the style of records."""
        folders = (f"base/{overlay.unit}/", f"{overlay.folder}/")
        files = self.rendered.get(overlay.target.rendered_with, {}).items()
        changes = (change_of(self.tree, path, text) for path, text in files if path.startswith(folders))
        return [drift_of(change) for change in changes if change is not None and not restyles(change)]

    def _built_and_judged(
        self, overlays: Sequence[Overlay], rendered: frozenset[str], drift: Mapping[str, Sequence[Finding]]
    ) -> Iterator[Examined]:
        """Build overlays while kubeconform looks at their models; where the two differ it looks at what was built.

        The rules look at the first overlays while kustomize builds the others: 100 services take a tenth less time.
        """
        others = []
        with ThreadPoolExecutor(1) as aside, closing(self.builder.build(overlays, rendered)) as answers:
            early = aside.submit(self._judged, [(overlay, overlay.objects) for overlay in overlays])
            for built in answers:
                folder = built.overlay.folder
                if built.equal:
                    yield self._examined(built, early.result().get(folder), drift[folder])
                else:
                    others.append(built)
            early.result()  # it may have failed
        judged = self._judged([(built.overlay, built.objects) for built in others if not built.error])
        for built in others:
            yield self._examined(built, judged.get(built.overlay.folder), drift[built.overlay.folder])

    def _judged(self, overlays: Iterable[tuple[Overlay, Sequence[Manifest]]]) -> dict[str, Checked]:
        by_version: dict[str, dict[str, Sequence[Manifest]]] = {}
        for overlay, objects in overlays:
            by_version.setdefault(overlay.placement.kubernetes_version, {})[overlay.folder] = objects
        return {
            folder: checked
            for version, objects in by_version.items()
            for folder, checked in self.judge.judge(objects, version).items()
        }

    def _examined(self, built: Built, checked: Checked | None, drift: Sequence[Finding]) -> Examined:
        overlay = built.overlay
        lines = Lines(overlay, OwnFiles(self.tree, overlay), self.source)
        if checked is None or built.error:
            broken = [each for each in lines.own.problems if each.rule == SPC001.id]  # says more than kustomize does
            return Examined(overlay, _refused(overlay, [*(broken or [_unbuildable(overlay, built.error)]), *drift]))
        return Examined(overlay, self._verdict(built, checked, drift, lines), built.objects, lines)

    def _verdict(self, built: Built, checked: Checked, drift: Sequence[Finding], lines: Lines) -> Verdict:
        overlay = built.overlay
        found = [*drift, *self.page(overlay), *self._differences(built, lines), *lines.own.problems]
        found += [*map(_unnamed, overlay.unnamed), *lines.own.absent(built.objects)]
        found += lines.own.changes(overlay, built.alone, built.objects) if built.alone is not built.objects else ()
        found += [lines.finding(rule, identity(manifest), fault) for rule, manifest, fault in checked.faults]
        ruled = list(_ruled(overlay, built.objects, lines, self.surroundings))
        found += [finding for violation, finding in ruled if violation.unless is None and not violation.shared]
        findings, suppressed = suppress(overlay, sort_findings(found))
        waiting = {finding: violation.unless for violation, finding in ruled if violation.unless is not None}
        open_, allowed = suppress(overlay, sort_findings(waiting))
        taken = {finding: violation.shared for violation, finding in ruled if violation.shared}
        common, agreed = suppress(overlay, sort_findings(taken))
        allowed = (*suppressed, *allowed, *agreed)
        repository = self.surroundings.repository_of(overlay)
        default, limits = self.surroundings.default_of(overlay), self.surroundings.limits_of(overlay)
        objects = [placed_in(manifest, default, limits) for manifest in built.objects]
        renamed = dict.fromkeys(overlay.placement.renamed, "") | dict(self.surroundings.renamed_in(overlay))
        return Verdict(
            unit=overlay.unit,
            root=overlay.target.root.folder,
            environment=overlay.target.environment,
            cluster=overlay.placement.cluster,
            lasting=not drift,
            compared=len(built.alone),
            checked=checked.checked,
            skipped=checked.skipped,
            rules=_LOOKING,
            findings=tuple(explained(findings)),
            suppressed=allowed,
            allowances=tuple(
                Allowance(entry.rule, entry.object, entry.reason, self.entry(overlay, number), is_used(entry, allowed))
                for number, entry in enumerate(overlay.suppress)
            ),
            awaited=self.awaited(overlay),
            objects=tuple(str(identity(manifest)) for manifest in objects),
            provides=tuple(_services(objects)),
            needed=tuple(needed(built.objects, set(_services(objects)), default, renamed)),
            external=overlay.external,
            applications=tuple(applications(self.tree, overlay, built.objects, repository, lines.own.place)),
            reads=tuple(readings(built.objects, repository, lines.own.place)),
            supplies=tuple(_supplied(objects)),
            shared=tuple(Shared(finding, taken[finding]) for finding in common),
            conditional=tuple(Conditional(finding, waiting[finding]) for finding in open_),
            workloads=tuple(workloads(built.objects)),
        )

    def _differences(self, built: Built, lines: Lines) -> Iterator[Finding]:
        if built.equal:
            return
        for difference in compare(built.overlay.objects, built.alone):
            path, *values, others = narrow(difference.wanted, difference.found)
            field = show((*difference.path, *path)) or "the object"
            wanted, found = show_both(*values)
            more = f" ({others} more {'place differs' if others == 1 else 'places differ'})" if others else ""
            message = f"{field}: the page says {wanted}, kustomize builds {found}{more}"
            fault = ObjectFault(path=difference.path, message=message, remedy="run `fairlead generate`")
            yield lines.finding(PRF001, difference.id, fault)


class ObjectFault(msgspec.Struct, frozen=True):
    """A fault at a path of an object, before it has a line."""

    path: Path
    message: str
    remedy: str


class Lines:
    """Turns (object, path) into findings with the line that a person wrote."""

    def __init__(self, overlay: Overlay, own: OwnFiles, source: Callable[[Overlay], LineSource]) -> None:
        self.overlay = overlay
        self.own = own
        self._open = source
        self._source: LineSource | None = None

    def place(self, id_: ObjectId, path: Path) -> tuple[Place, bool]:
        """Return the place behind a field, and whether a person wrote it."""
        own = self.own.place(id_, path) if self.overlay.own.names else None
        if own is not None:
            return own, True
        if self._source is None:
            self._source = self._open(self.overlay)
        return self._source.place(id_, path)

    def finding(
        self, rule: Rule, id_: ObjectId, fault: ObjectFault | Violation, severity: Severity | None = None
    ) -> Finding:
        """Make a finding of a fault, as severe as the rule unless `severity` says otherwise."""
        place, written = self.place(id_, fault.path)
        return rule.finding(
            severity=severity,
            place=place,
            message=fault.message if written else f"{fault.message} (no line of the page sets it)",
            remedy=fault.remedy,
            object=str(id_),
            environment=self.overlay.target.environment,
        )


class Examined(msgspec.Struct, frozen=True):
    """An overlay that was checked: its verdict, and where it builds, the objects and the finder of their lines."""

    overlay: Overlay
    verdict: Verdict
    objects: tuple[Manifest, ...] = ()
    lines: Lines | None = None


def _refused(overlay: Overlay, findings: Iterable[Finding]) -> Verdict:
    return Verdict(
        unit=overlay.unit,
        root=overlay.target.root.folder,
        environment=overlay.target.environment,
        cluster=overlay.placement.cluster,
        findings=sort_findings(findings),
        provides=tuple(_services(overlay.objects)),
        supplies=tuple(_supplied(overlay.objects)),
    )


def _unnamed(path: str) -> Finding:
    return KUS004.finding(
        severity=Severity.WARNING,
        place=Place(path),
        message="no ConfigMap of the page names this file, so it has no effect",
        remedy="list it under `files:` of one, or take it out",
    )


def _unbuildable(overlay: Overlay, error: str) -> Finding:
    return ARG010.finding(
        place=Place(f"{overlay.folder}/kustomization.yaml"),
        message=unbuildable(error),
        remedy=MEND,
        environment=overlay.target.environment,
    )


def _ruled(
    overlay: Overlay, objects: Sequence[Manifest], lines: Lines, surroundings: Surroundings
) -> Iterator[tuple[Violation, Finding]]:
    for rule, manifest, violation in violations(view_of(overlay, objects, surroundings)):
        fault = ObjectFault(violation.path, violation.message, violation.remedy or rule.remedy)
        yield violation, lines.finding(rule, identity(manifest), fault, violation.severity)


def _services(objects: Iterable[Manifest]) -> Iterator[tuple[str, str]]:
    for manifest in objects:
        if manifest.get("kind") == "Service":
            id_ = identity(manifest)
            yield id_.namespace, id_.name


def _supplied(objects: Iterable[Manifest]) -> Iterator[Supply]:
    for manifest in objects:
        yield from supplies(manifest)
