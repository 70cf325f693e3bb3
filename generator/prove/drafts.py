"""Check pages that are released nowhere, as their first releases would be: rendered, built and judged in a scratch."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from generator.build.snapshot_dir import lay_files
from generator.findings.errors import collected
from generator.findings.verdict import Verdict
from generator.folders.scratch import scratch_folder
from generator.layout.unit import service_unit
from generator.prove.overlays import checker_of
from generator.records.unreleased import draft_records, unreleased_hint

if TYPE_CHECKING:
    from collections.abc import Iterable

    from generator.disk.tree import Tree
    from generator.findings.finding import Finding
    from generator.findings.progress import Progress
    from generator.inputs.project import Project
    from generator.layout.unit import Unit


def check_drafts(
    project: Project, tree: Tree, services: Iterable[str], progress: Progress
) -> dict[str, tuple[Verdict, ...]]:
    """Return the verdicts on the overlays that services would have, and one more that says they have none.

    Raises InputError with the complaints of all pages.
    """
    pages = [project.services[name] for name in sorted(services) if name in project.services]
    units: list[Unit] = []
    found: dict[str, tuple[Verdict, ...]] = {}
    with collected() as complaints:
        for page in pages:
            with complaints.of_one():
                hint = unreleased_hint(project, page)
                found[page.name] = () if hint is None else (_verdict(page.name, hint),)
                if hint is not None:
                    units.append(service_unit(project, page, draft_records(project, page)))
    if units:
        for verdict in _checked(project, tree, units, progress):
            found[verdict.unit] += (verdict,)
    return found


def _checked(project: Project, tree: Tree, units: list[Unit], progress: Progress) -> list[Verdict]:
    """Lay what units render, and people's own files for them, into a folder, and check their overlays there."""
    files = {path: text for unit in units for path, text in unit.files.items()}
    after = tree.after(files.items())
    own = [path for unit in units for path in after.under(f"base/{unit.name}")]
    with scratch_folder("fairlead-drafts-") as scratch:
        paths = {*files, *own, *after.under("schemas/crds")}
        lay_files(Path(scratch), {path: after.files[path] for path in paths})
        laid = msgspec.structs.replace(after, root=Path(scratch))
        rendered = {unit.name: unit.files for unit in units}
        overlays = [overlay for unit in units for overlay in unit.overlays]
        progress.stage("checking pages without a release", len(overlays))
        verdicts = checker_of(laid, project, rendered, progress).check(overlays)
        return [_here(verdict, Path(scratch).name) for verdict in verdicts]


def _here(verdict: Verdict, scratch: str) -> Verdict:
    """Return a verdict whose messages name no path of the scratch folder: as if kustomize had run in the repository."""
    path = rf"[^\s']*{re.escape(scratch)}/"
    plain = [msgspec.structs.replace(each, message=re.sub(path, "", each.message)) for each in verdict.findings]
    return msgspec.structs.replace(verdict, findings=tuple(plain))


def _verdict(service: str, hint: Finding) -> Verdict:
    return Verdict(unit=service, environment="", cluster="", lasting=True, findings=(hint,))
