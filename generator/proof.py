"""The proof of every overlay on disk: what is known from earlier runs, what has to be checked, and what it comes to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.cache import open_cache
from generator.check import Checker
from generator.finding import Finding, Place, Severity
from generator.packs import openapi_document, openapi_left_out
from generator.prove.build import Builder
from generator.prove.kubernetes import Judge
from generator.prove.source import Source, service_source, system_source
from generator.release.record import record_document
from generator.rules.references import unknown
from generator.shelf import Shelf
from generator.tools.install import ensure
from generator.tools.pins import KUBECONFORM, KUBECONFORM_VERSION, KUSTOMIZE, kustomize_version_for
from generator.units import records
from generator.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from generator.inputs.project import Project
    from generator.layout.unit import Overlay, Unit
    from generator.progress import Progress
    from generator.tree import Tree

Key = tuple[str, str]


class Proof:
    """Verdicts of all overlays on disk, by (environment, unit)."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._shelf = Shelf(tree)
        self._cache = open_cache(tree.root, "proven")
        self._verdicts: dict[Key, Verdict] = {}

    def stale(self) -> list[Key]:
        """Give the overlays that have to be checked."""
        for overlay in self._shelf.overlays:
            verdict = self._cache.get(self._shelf.overlay_key(*overlay), Verdict)
            if verdict is not None:
                self._verdicts[overlay] = verdict
        return [overlay for overlay in self._shelf.overlays if overlay not in self._verdicts]

    def check(self, project: Project, units: Iterable[Unit], stale: Sequence[Key], progress: Progress) -> None:
        """Check the stale overlays and remember the verdicts."""
        models = {(each.placement.environment, each.unit): each for unit in units for each in unit.overlays}
        modelled = [models[key] for key in stale if key in models]
        progress.stage("building and checking", len(modelled))
        checker = _checker(self._tree, project, progress)
        for overlay, verdict in zip(modelled, checker.check(modelled), strict=True):
            key = (overlay.placement.environment, overlay.unit)
            self._verdicts[key] = verdict
            self._cache.put(self._shelf.overlay_key(*key), verdict)
        for key in stale:
            if key not in models:
                self._verdicts[key] = _unknown_overlay(*key)
        self._cache.save()

    @property
    def verdicts(self) -> list[Verdict]:
        """Every overlay's verdict, in the order of the folders."""
        return [self._verdicts[overlay] for overlay in self._shelf.overlays]

    @property
    def pages(self) -> int:
        """Number of pages: services and systems."""
        return sum(path.startswith(("services/", "systems/")) for path in self._tree.files)

    @property
    def hits(self) -> int:
        """Number of overlays proven by an earlier run."""
        return self._cache.hits

    @property
    def misses(self) -> int:
        """Number of overlays that this run had to prove."""
        return self._cache.misses

    def repository_findings(self) -> Iterator[Finding]:
        """Give what no overlay can say alone: names that another one must provide, and a proof of nothing."""
        if not any(verdict.checked for verdict in self._verdicts.values()):
            yield _nothing_checked()
        provided: dict[str, set[tuple[str, str]]] = {}
        for verdict in self._verdicts.values():
            provided.setdefault(verdict.cluster, set()).update(verdict.provides)
        for verdict in self._verdicts.values():
            yield from _unmet(verdict, provided[verdict.cluster])


def _unmet(verdict: Verdict, provided: set[tuple[str, str]]) -> Iterator[Finding]:
    for needed in verdict.needed:
        for violation in unknown([needed.reference], provided, verdict.external):
            yield Finding(
                rule="WRK023",
                severity=Severity.ERROR,
                place=needed.place,
                message=violation.message,
                remedy=violation.remedy,
                object=needed.reference.object,
                environment=verdict.environment,
            )


def _checker(tree: Tree, project: Project, progress: Progress) -> Checker:
    version = kustomize_version_for(project.gitops.argocd.version)
    builder = Builder(
        kustomize=ensure(KUSTOMIZE, version),
        root=tree.root,
        openapi=openapi_document(version),
        left_out=openapi_left_out(version),
        progress=progress,
    )
    judge = Judge(ensure(KUBECONFORM, KUBECONFORM_VERSION), tree.root / "schemas" / "crds")
    return Checker(tree, builder, judge, lambda overlay: _source(tree, project, overlay))


def _source(tree: Tree, project: Project, overlay: Overlay) -> Source:
    environment = overlay.placement.environment
    page = project.services.get(overlay.unit)
    if page is None:
        return system_source(project, overlay.unit, environment)
    document, _ = record_document(tree, page.name, environment)
    assert document is not None  # noqa: S101  # the overlay was rendered from this very record
    return service_source(project, page, environment, records(project, tree, page)[environment], document)


def _unknown_overlay(environment: str, unit: str) -> Verdict:
    finding = Finding(
        rule="KUS004",
        severity=Severity.ERROR,
        place=Place(f"overlays/{environment}/{unit}"),
        message="no page renders this overlay, and Argo CD would sync it",
        remedy=f"run `fairlead generate` to remove it, or restore services/{unit}.yaml",
        environment=environment,
    )
    return Verdict(unit=unit, environment=environment, cluster="", findings=(finding,))


def _nothing_checked() -> Finding:
    return Finding(
        rule="PRF003",
        severity=Severity.ERROR,
        place=Place("gitops.yaml"),
        message="no object was checked: there is no overlay, or none that builds",
        remedy="release a service first: `fairlead bump SERVICE --env ENV --tag TAG`",
    )
