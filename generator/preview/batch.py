"""Folders of the repository built by the real kustomize, several in one process, and told apart again.

Loading its OpenAPI document is most of the time of a `kustomize build`, so one process builds many folders. Between two
of them stands an object whose name nobody can know beforehand, and kustomize is told to keep the order.
"""

from __future__ import annotations

import secrets
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import yaml

from generator.controller.object_summary import Trait, head_of, is_definition, trait_of
from generator.findings.progress import Progress, Silent
from generator.folders.scratch import scratch_folder
from generator.layout.kustomization import kustomization
from generator.paths import NAME
from generator.prove.wrapper import WRAPPER_SIZE, Wrapper
from generator.tools.kustomize import WORKERS, BuildError
from generator.yamlio import built, dump

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence


class BuildJob(msgspec.Struct, frozen=True):
    """A folder to build; those of one `group` are built together, without one a folder is built alone."""

    folder: str
    group: str


class Made(msgspec.Struct, frozen=True):
    """What kustomize made of a folder: the printed objects with what they are, or why there are none."""

    texts: tuple[str, ...] = ()
    traits: tuple[Trait, ...] = ()
    error: str = ""


class Maker(msgspec.Struct, frozen=True):
    """Runs kustomize over folders below `root`, which has passed the gate before."""

    wrapper: Wrapper
    root: Path
    progress: Progress = msgspec.field(default_factory=Silent)

    def make(self, jobs: Sequence[BuildJob]) -> dict[str, Made]:
        """Build every folder; the answers come by folder."""
        with scratch_folder("fairlead-plan-") as name, ThreadPoolExecutor(WORKERS) as pool:
            marks = _marks(Path(name, "marks"))
            parts = list(_parts(jobs))
            folders = [Path(name, str(number)) for number in range(len(parts))]
            answers = pool.map(partial(self._part, marks), folders, parts)
            return {folder: made for answer in answers for folder, made in answer.items()}

    def _part(self, marks: Sequence[Path], folder: Path, jobs: Sequence[BuildJob]) -> dict[str, Made]:
        together = self._together(marks, folder / "together", jobs) if len(jobs) > 1 else None
        if together is None:
            together = [self._alone(folder / str(number), job) for number, job in enumerate(jobs)]
        self.progress.advance(len(jobs))
        return {job.folder: made for job, made in zip(jobs, together, strict=True)}

    def _together(self, marks: Sequence[Path], folder: Path, jobs: Sequence[BuildJob]) -> list[Made] | None:
        """Build several folders at once; None where that does not work, or gives kinds that need the whole document."""
        targets = [path for job, mark in zip(jobs, marks, strict=False) for path in (mark, self.root / job.folder)]
        try:
            found = [_made(texts) for texts in _split(self.wrapper.build(folder, targets, in_order=True), marks)]
        except (BuildError, yaml.YAMLError):
            return None
        short = any(self.wrapper.is_short_of(map(_name, made.traits)) for made in found)
        return found if len(found) == len(jobs) and not short else None

    def _alone(self, folder: Path, job: BuildJob) -> Made:
        try:
            made = _made(self.wrapper.build(folder / "short", [self.root / job.folder]))
            if self.wrapper.is_short_of(map(_name, made.traits)):
                made = _made(self.wrapper.build(folder / "whole", [self.root / job.folder], whole=True))
        except BuildError as error:
            return Made(error=error.stderr.strip() or str(error))
        except yaml.YAMLError as error:
            return Made(error=f"unreadable output: {error}")
        return made


def _parts(jobs: Iterable[BuildJob]) -> Iterator[list[BuildJob]]:
    """Split folders into groups of even size, one process each."""
    groups: dict[str, list[BuildJob]] = {}
    for job in jobs:
        groups.setdefault(job.group or f"\0{job.folder}", []).append(job)
    for group in groups.values():
        count = -(-len(group) // WRAPPER_SIZE)
        yield from (group[number::count] for number in range(count))


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


def _made(texts: Iterable[str]) -> Made:
    found = [(text, value) for text in texts for value in built(text if is_definition(text) else head_of(text))]
    kept = [(text, value) for text, value in found if isinstance(value, dict)]
    return Made(tuple(text for text, _ in kept), tuple(trait_of(value, text) for text, value in kept))


def _name(trait: Trait) -> dict[str, str]:
    """Return the part of a manifest that says its kind."""
    group = f"{trait.group}/" if trait.group else ""
    return {"apiVersion": f"{group}{trait.version}", "kind": trait.kind}
