"""`kustomize build` of every overlay equals the model, object by object.

Overlays of one environment and cluster are built together, see build/wrapper.py. Whatever does not come out as
predicted is built again alone, so that every difference has its overlay's name on it.
"""

from __future__ import annotations

import os
import shutil
from collections import Counter
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from generator.build.parts import build_parts, split_overlays
from generator.build.printed import read_printed
from generator.build.wrapper import Wrapper
from generator.findings.progress import Progress, Silent
from generator.kubernetes.manifest import identity
from generator.layout.unit import Overlay
from generator.model.base import Manifest
from generator.paths import NAME, NAMESPACE
from generator.prove.canonical import canonical
from generator.prove.compare import same
from generator.tools.kustomize import BuildError
from generator.yamlio import dump, parse

if TYPE_CHECKING:
    from collections.abc import Container, Generator, Sequence


class Built(msgspec.Struct, frozen=True, kw_only=True):
    """What kustomize made of one overlay: its objects, or why there are none.

    `alone` are the objects without the person's own files (the same unless there are any); `equal` says that they
    were found to be the model's without comparing values.
    """

    overlay: Overlay
    objects: tuple[Manifest, ...] = ()
    alone: tuple[Manifest, ...] = ()
    equal: bool = False
    error: str = ""


class Builder(msgspec.Struct, frozen=True):
    """Holds overlays of the repository at `root` against their model, as the real kustomize builds them."""

    wrapper: Wrapper
    root: Path
    progress: Progress = msgspec.field(default_factory=Silent)

    def build(self, overlays: Sequence[Overlay], rendered: Container[str]) -> Generator[Built]:
        """Yield what becomes of every overlay, the first ones while kustomize builds the others; close it early.

        Only overlays in the folders `rendered`, which hold what we rendered, are built together: others could trade
        objects among themselves.
        """
        parts = list(split_overlays(overlays, lambda overlay: overlay))
        with closing(build_parts("fairlead-build-", parts, partial(self._group, rendered))) as groups:
            for answers in groups:
                yield from answers

    def _group(self, rendered: Container[str], folder: Path, overlays: Sequence[Overlay]) -> list[Built]:
        """Build several overlays in one process, and those that surprise once more alone."""
        answers = self._group_answers(rendered, folder, overlays)
        self.progress.advance(len(overlays))
        return answers

    def _group_answers(self, rendered: Container[str], folder: Path, overlays: Sequence[Overlay]) -> list[Built]:
        plain = [overlay for overlay in overlays if not overlay.own.names]
        together = [overlay for overlay in plain if overlay.folder in rendered]
        proven = self._together(folder, together) if together else set()
        return [
            Built(overlay=overlay, objects=overlay.objects, alone=overlay.objects, equal=True)
            if overlay.folder in proven
            else self._alone(folder / str(number), overlay)
            for number, overlay in enumerate(overlays)
        ]

    def _together(self, folder: Path, overlays: Sequence[Overlay]) -> set[str]:
        """Return the folders of the overlays that are proven to build to their model."""
        try:
            printed = self.wrapper.build(folder, [self.root / overlay.folder for overlay in overlays])
            return _proven(Counter(printed), overlays, folder)
        except BuildError:
            return set()

    def _alone(self, folder: Path, overlay: Overlay) -> Built:
        try:
            objects = self._built(folder / "whole", self.root / overlay.folder)
            alone = objects
            if overlay.own.names:
                copy = _without_own(self.root, overlay, folder / "copy")
                alone = self._built(folder / "alone", copy) if copy else ()
        except BuildError as error:
            return Built(overlay=overlay, error=error.reason)
        return Built(overlay=overlay, objects=objects, alone=alone)

    def _built(self, folder: Path, target: Path) -> tuple[Manifest, ...]:
        return tuple(each.manifest for each in self.wrapper.build_objects(folder, [target]))


def _proven(printed: Counter[str], overlays: Sequence[Overlay], folder: Path) -> set[str]:
    """Return the overlays whose objects were printed, provided that every printed object has its overlay.

    Objects printed exactly as predicted are equal without a look inside; only the rest is parsed and compared.
    """
    expected = {overlay.folder: [canonical(manifest) for manifest in overlay.objects] for overlay in overlays}
    proven = {folder for folder, texts in expected.items() if all(text in printed for text in texts)}
    rest = printed - Counter(text for folder in proven for text in expected[folder] if text is not None)
    found = {identity(each.manifest): each.manifest for each in read_printed(rest, folder)}
    unsure = [overlay for overlay in overlays if overlay.folder not in proven]
    owned = {identity(manifest) for overlay in unsure for manifest in overlay.objects}
    if not owned.issuperset(found) or len(found) != rest.total():
        return set()
    for overlay in unsure:
        if all(same(manifest, found.get(identity(manifest))) for manifest in overlay.objects):
            proven.add(overlay.folder)
    return proven


def _without_own(root: Path, overlay: Overlay, copy: Path) -> Path | None:
    """Copy an overlay without the person's own files, and give the copy's folder; None where nothing else is in it."""
    source = root / overlay.folder
    shutil.copytree(source, copy, ignore=shutil.ignore_patterns("resources", "patches"))
    document, _ = parse((source / NAME).read_bytes(), NAME)
    value = dict(document.value) if document is not None else {}
    value["resources"] = [
        os.path.relpath(os.path.realpath(source / entry), os.path.realpath(copy))
        if entry.startswith("..") or entry == NAMESPACE
        else entry
        for entry in value.get("resources", [])
        if entry not in overlay.own.resources
    ]
    value["patches"] = [entry for entry in value.get("patches", []) if entry.get("path") not in overlay.own.patches]
    if not value["resources"]:
        return None  # kustomize calls such a kustomization empty
    (copy / NAME).write_text(dump({key: inner for key, inner in value.items() if inner}), encoding="utf-8")
    return copy
