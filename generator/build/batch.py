"""Folders of the repository built by the real kustomize, several in one process, and told apart again.

Loading its OpenAPI document is most of the time of a `kustomize build`, so one process builds many folders. Between two
of them stands an object whose name nobody can know beforehand, and kustomize is told to keep the order.
"""

from __future__ import annotations

import secrets
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from generator.build.parts import WRAPPER_SIZE, build_parts, split_evenly
from generator.build.printed import Printed, read_printed
from generator.build.wrapper import Wrapper
from generator.controller.object_summary import Trait, head_of, is_definition, trait_of
from generator.findings.progress import Progress, Silent
from generator.folders.scratch import scratch_folder
from generator.layout.kustomization import kustomization
from generator.paths import NAME
from generator.tools.kustomize import BuildError
from generator.yamlio import built, dump

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class BuildJob(msgspec.Struct, frozen=True):
    """A folder to build; those of one `group` are built together, without one a folder is built alone."""

    folder: str
    group: str


class BuiltFolder(msgspec.Struct, frozen=True):
    """What kustomize made of a folder: the printed objects with what they are, or why there are none."""

    texts: tuple[str, ...] = ()
    traits: tuple[Trait, ...] = ()
    error: str = ""


class FolderBuilder(msgspec.Struct, frozen=True):
    """Runs kustomize over folders below `root`, which has passed the gate before."""

    wrapper: Wrapper
    root: Path
    progress: Progress = msgspec.field(default_factory=Silent)

    def build(self, jobs: Sequence[BuildJob]) -> dict[str, BuiltFolder]:
        """Build every folder; the answers come by folder."""
        parts = list(split_evenly(jobs, lambda job: job.group or f"\0{job.folder}"))
        with scratch_folder("fairlead-marks-") as name:
            marks = _marks(Path(name))
            answers = build_parts("fairlead-plan-", parts, partial(self._part, marks))
            return {folder: made for answer in answers for folder, made in answer.items()}

    def _part(self, marks: Sequence[Path], folder: Path, jobs: Sequence[BuildJob]) -> dict[str, BuiltFolder]:
        together = self._together(marks, folder / "together", jobs) if len(jobs) > 1 else None
        if together is None:
            together = [self._alone(folder / str(number), job) for number, job in enumerate(jobs)]
        self.progress.advance(len(jobs))
        return {job.folder: made for job, made in zip(jobs, together, strict=True)}

    def _together(self, marks: Sequence[Path], folder: Path, jobs: Sequence[BuildJob]) -> list[BuiltFolder] | None:
        """Build several folders at once; None where that does not work, or gives kinds that need the whole document."""
        targets = [path for job, mark in zip(jobs, marks, strict=False) for path in (mark, self.root / job.folder)]
        try:
            texts = _split(self.wrapper.build(folder, targets, in_order=True), marks)
            found = [read_printed(part, folder, _read_head) for part in texts]
        except BuildError:
            return None
        short = any(map(self.wrapper.is_short_of, found))
        return list(map(_built_folder, found)) if len(found) == len(jobs) and not short else None

    def _alone(self, folder: Path, job: BuildJob) -> BuiltFolder:
        try:
            return _built_folder(self.wrapper.build_objects(folder, [self.root / job.folder], _read_head))
        except BuildError as error:
            return BuiltFolder(error=error.reason)


def _marks(folder: Path) -> list[Path]:
    """Make the folders that stand between others, each with one object of a name that cannot be foreseen."""
    token = f"mark-{secrets.token_hex(16)}"
    marks = [folder / f"{token}-{number}" for number in range(WRAPPER_SIZE)]
    for mark in marks:
        mark.mkdir(parents=True)
        manifest = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": mark.name}}
        (mark / "mark.yaml").write_text(dump(manifest), encoding="utf-8")
        (mark / NAME).write_text(kustomization(["mark.yaml"]), encoding="utf-8")
    return marks


def _split(printed: Iterable[str], marks: Sequence[Path]) -> list[list[str]]:
    """Return the objects between marks."""
    names = {f"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {mark.name}\n" for mark in marks}
    parts: list[list[str]] = []
    for text in printed:
        if text in names:
            parts.append([])
        else:
            parts[-1].append(text)
    return parts


def _read_head(text: str) -> list[Any]:
    """Read what an object is, which is all that a plan needs of most."""
    return built(text if is_definition(text) else head_of(text))


def _built_folder(printed: Sequence[Printed]) -> BuiltFolder:
    traits = tuple(trait_of(each.manifest, each.text) for each in printed)
    return BuiltFolder(tuple(each.text for each in printed), traits)
