"""Check stale overlays of a loaded project with the real tools: everything that a warm run never imports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.build.wrapper import wrapper_for
from generator.crds.files import FOLDER
from generator.findings.finding import Place
from generator.findings.progress import Silent
from generator.inputs.enrolment import roster
from generator.inputs.load import load
from generator.kubernetes.manifest import identity
from generator.paths import NAME
from generator.prove.build import Builder
from generator.prove.check import Checker, Lines
from generator.prove.kubernetes import Judge
from generator.prove.page_findings import page_findings
from generator.prove.rule_context import surroundings
from generator.prove.source import LineSource, instance_source, service_source, system_source
from generator.prove.user_files import OwnFiles
from generator.records.record import record_document, records
from generator.tools.pins import KUBECONFORM, KUBECONFORM_VERSION, kustomize_version_for
from generator.tools.program import program
from generator.units import render_units

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from generator.disk.tree import Tree
    from generator.findings.finding import Finding
    from generator.findings.progress import Progress
    from generator.findings.verdict import Verdict
    from generator.inputs.project import Project
    from generator.kubernetes.manifest import Path
    from generator.layout.unit import Overlay
    from generator.prove.check import Examined
    from generator.roots import BuildTarget


def check(project: Project, tree: Tree, stale: Sequence[BuildTarget], progress: Progress) -> dict[BuildTarget, Verdict]:
    """Return the verdict of every target in `stale` that a page renders, see `examine`."""
    return {key: each.verdict for key, each in examine(project, tree, stale, progress).items()}


def examine(
    project: Project, tree: Tree, stale: Sequence[BuildTarget], progress: Progress
) -> dict[BuildTarget, Examined]:
    """Check every target in `stale` that a page renders; the others are left out.

    Every service of the project is rendered, so that pages without an overlay are looked at too.
    """
    units = render_units(project, tree, {*project.services, *(target.rendered_with for target in stale)}, progress)
    models = {each.target: each for unit in units for each in unit.overlays}
    modelled = [models[target] for target in stale if target in models]
    progress.stage("building and checking", len(modelled))
    rendered = {unit.name: unit.files for unit in units}
    if not modelled:
        return {}
    examined = checker_of(tree, project, rendered, progress).examine(modelled)
    return {each.overlay.target: each for each in examined}


def place_of(tree: Tree, verdict: Verdict, title: str, path: Path) -> Place:
    """Return the line behind a field of an overlay that was checked in this or an earlier run."""
    project = load(tree, only={verdict.unit})
    for unit in render_units(project, tree, {verdict.target.rendered_with}, Silent()):
        for overlay in unit.overlays:
            if overlay.target == verdict.target:
                own = OwnFiles(tree, overlay)
                ids = {str(id_): id_ for id_ in (*own.ids, *map(identity, overlay.objects))}
                if title in ids:
                    lines = Lines(overlay, own, lambda each: source_of(tree, project, each))
                    return lines.place(ids[title], path)[0]
    return Place(f"{verdict.target.path}/{NAME}")


def checker_of(tree: Tree, project: Project, rendered: Mapping[str, Mapping[str, str]], progress: Progress) -> Checker:
    """Return what checks overlays of a tree whose pages render `rendered`: unit -> path -> text."""
    builder = Builder(wrapper_for(kustomize_version_for(project.gitops.argocd.version)), tree.root, progress)
    crds = {path.removeprefix(f"{FOLDER}/"): tree.files[path] for path in tree.under(FOLDER)}
    judge = Judge(program(KUBECONFORM, KUBECONFORM_VERSION), crds)
    around = surroundings(project, tree)
    return Checker(
        tree,
        builder,
        judge,
        lambda overlay: source_of(tree, project, overlay),
        rendered,
        around,
        lambda overlay: _page_findings(project, overlay),
        lambda overlay, number: _entry(project, overlay, number),
        lambda overlay: _awaited(project, overlay),
    )


def _page_findings(project: Project, overlay: Overlay) -> Iterator[Finding]:
    """Yield what there is to say about the page of an overlay itself; that of a system is its own."""
    if overlay.service is not None:
        page = project.services[overlay.unit]
        yield from page_findings(overlay.service, project.layers(page, overlay.target.environment), page.file)


def _entry(project: Project, overlay: Overlay, number: int) -> Place:
    """Return the place of an entry under `suppress` of the page behind an overlay; no other page has the word."""
    page = project.services[overlay.unit]
    return project.layers(page, overlay.target.environment).place(("suppress", number))


def _awaited(project: Project, overlay: Overlay) -> tuple[str, ...]:
    """Return the environments that the service of an overlay may run in; none for a system."""
    return () if overlay.service is None else project.environments_of(project.services[overlay.unit])


def source_of(tree: Tree, project: Project, overlay: Overlay) -> LineSource:
    """Return the finder of the lines behind an overlay's objects."""
    environment = overlay.target.environment
    if overlay.target.root.reader == "argocd":
        return instance_source(project, overlay.unit, roster(project, tree))
    page = project.services.get(overlay.unit)
    if page is None:
        return system_source(project, overlay.unit, environment)
    document, _ = record_document(tree, page.name, environment)
    assert document is not None  # noqa: S101  # the overlay was rendered from this very record
    return service_source(project, page, environment, records(project, tree, page)[environment], document)
