"""The proof that a release edit does exactly what it says: the overlays that move are built before and after it.

Existing overlays must come out as they were, but for the images that move. A new one, and one that did not build
before, must be what its page says and pass every check.
"""

from __future__ import annotations

from collections import deque
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from generator.build.wrapper import wrapper_for
from generator.disk.tree import digest
from generator.findings.finding import Finding
from generator.findings.verdict import sort_findings
from generator.folders.scratch import scratch_folder
from generator.kubernetes.manifest import identity
from generator.paths import base_folder
from generator.prove.expected_change import Effect, unified
from generator.prove.failure import MEND, unbuildable
from generator.prove.kustomization_gate import reach
from generator.prove.moving_overlay import movers
from generator.prove.shared_files import strangers
from generator.prove.two_builds import Bench, Failure
from generator.rules.proof import ARG010
from generator.tools.kustomize import WORKERS
from generator.tools.pins import kustomize_version_for

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from generator.disk.tree import Tree
    from generator.findings.progress import Progress
    from generator.inputs.project import Project
    from generator.prove.kustomization_gate import BuildInputs
    from generator.prove.moving_overlay import Mover
    from generator.records.move import Move


# Every page that all services depend on.
_SHARED = ("gitops.yaml", "systems/", "environments/", "clusters/", "schemas/crds/")


class Proven(msgspec.Struct, frozen=True):
    """What the build says of a release edit: nothing in `findings` speaks against it, or it must not be written.

    `difference` is the unified diff of the built objects (YAML), `objects` how many were built and compared.
    """

    findings: tuple[Finding, ...] = ()
    difference: str = ""
    objects: int = 0


class MoveProver:
    """Proves moves, and remembers what it has built: before a second push of the same edit nothing is built again."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._known: dict[str, Proven] = {}

    def prove(self, project: Project, before: Tree, after: Tree, moves: Sequence[Move]) -> Proven:
        """Hold the build of `after` against that of `before` and the moves between them.

        Both are snapshots: no file of theirs has to be on disk. `project` is what their pages say. Raises InputError
        for a page or record that cannot be read, ToolError when kustomize cannot run.
        """
        if not moves:
            return Proven()
        proof = _Proof(project, before, after, list(movers(project, before, after, moves)))
        key = proof.key(moves)
        if key not in self._known:
            self._progress.stage("building before and after", len(proof.movers))
            self._known[key] = proof.run(self._progress)
        return self._known[key]


class _Proof:
    """One proof at work: two snapshots, and the overlays that move between them."""

    def __init__(self, project: Project, before: Tree, after: Tree, moving: Sequence[Mover]) -> None:
        self.movers = moving
        self._project, self._before, self._after = project, before, after
        self._was = {mover.overlay.folder: reach(before, mover.overlay.folder) for mover in moving}
        self._is = {mover.overlay.folder: reach(after, mover.overlay.folder) for mover in moving}
        self._findings: list[Finding] = []
        self._differences: list[str] = []
        self._objects = 0

    def key(self, moves: Sequence[Move]) -> str:
        """Return the digest of everything that the answer depends on: moves, pages, and the files that builds read."""
        units = {mover.overlay.unit for mover in self.movers}
        units |= {other for unit in units for other in self._project.dependencies.pages_of(unit)}
        pages = tuple(f"services/{unit}{end}" for unit in units for end in (".yaml", "/"))
        inputs = [path for path in self._after.files if path.startswith((*_SHARED, *pages))]
        strange = [str(finding) for finding in self._strange()]
        parts = (
            msgspec.json.encode([moves, strange]),
            self._after.digest(inputs).encode(),
            self._before.digest(_files(self._was)).encode(),
            self._after.digest(_files(self._is)).encode(),
        )
        return digest((str(number), part) for number, part in enumerate(parts))

    def _strange(self) -> Iterator[Finding]:
        yield from strangers(self._before, self._after, self.movers)
        yield from (finding for reached in self._is.values() for finding in reached.findings)

    def run(self, progress: Progress) -> Proven:
        """Build, compare, and give the answer."""
        self._findings += self._strange()
        sound = [mover for mover in self.movers if not self._is[mover.overlay.folder].findings]
        with scratch_folder("fairlead-moves-") as scratch, ThreadPoolExecutor(WORKERS) as pool:
            bench = Bench(wrapper_for(kustomize_version_for(self._project.gitops.argocd.version)), Path(scratch), pool)
            bench.lay("before", self._before, _files(self._was))
            beside = [*_shared(sound), *self._after.under("schemas/crds")]  # no build reads them, findings name them
            laid = bench.lay("after", self._after, [*_files(self._is), *beside])
            was_sound = [mover for mover in sound if not self._was[mover.overlay.folder].findings]
            was_not = [mover for mover in sound if self._was[mover.overlay.folder].findings]
            self._check(bench, laid, [*was_not, *self._compare(bench, was_sound, progress)], progress)
        return Proven(sort_findings(self._findings), "".join(self._differences), self._objects)

    def _compare(self, bench: Bench, moving: Sequence[Mover], progress: Progress) -> Iterator[Mover]:
        """Compare overlays with what they were; give those that did not build before."""
        pending = deque(bench.builds(moving))
        while pending:
            build = pending.popleft()
            found = build.effect()
            if len(build.movers) > 1 and (isinstance(found, Failure) or found.surprises):
                pending.extend(bench.build([mover]) for mover in build.movers)
                continue
            progress.advance(len(build.movers))
            if isinstance(found, Effect):
                self._take(found)
            elif found.side == "after":
                self._findings.append(_unbuildable(build.movers[0], bench.plain(found.reason)))
            else:
                yield build.movers[0]

    def _take(self, found: Effect) -> None:
        self._findings += found.findings()
        self._differences.append(found.difference())
        self._objects += len(found.after)

    def _check(self, bench: Bench, laid: Tree, moving: Sequence[Mover], progress: Progress) -> None:
        """Check overlays that nothing can be compared with: they must be what their pages say, in every way."""
        if not moving:
            return
        from generator.prove.overlays import check  # 30 ms that a move of an existing overlay does not pay

        verdicts = check(self._project, laid, [mover.overlay.target for mover in moving], progress)
        for mover in moving:
            errors = [finding for finding in verdicts[mover.overlay.target].findings if finding.severity == "error"]
            self._findings += [msgspec.structs.replace(each, message=bench.plain(each.message)) for each in errors]
            self._objects += verdicts[mover.overlay.target].compared
            made = [] if errors else bench.new(mover)
            self._differences += [unified(mover, identity(each.manifest), "", each.text) for each in made]


def _files(reached: Mapping[str, BuildInputs]) -> set[str]:
    return {path for each in reached.values() for path in each.files}


def _shared(moving: Iterable[Mover]) -> Iterator[str]:
    """Yield the paths of people's own files in bases, of which overlays that move have copies."""
    for mover in moving:
        yield from (f"{base_folder(mover.overlay.unit)}/{name}" for name in mover.overlay.own.shared)


def _unbuildable(mover: Mover, reason: str) -> Finding:
    return mover.finding(ARG010, mover.place(), unbuildable(reason), MEND)
