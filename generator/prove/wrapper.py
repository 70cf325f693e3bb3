"""Overlays built together by the real kustomize, through a throw-away kustomization that lists them.

Loading the built-in OpenAPI document is 80 of the 90 ms of a `kustomize build`. The wrapper names a trimmed one, and
one process builds many overlays. Object ids collide across environments and clusters, so a wrapper holds overlays of
one of each.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import msgspec

from generator.kubernetes.packs import openapi_document, openapi_left_out
from generator.layout.kustomization import kustomization
from generator.paths import NAME
from generator.tools.kustomize import build
from generator.tools.pins import KUSTOMIZE, kustomize_version_for
from generator.tools.program import program

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from generator.inputs.project import Project
    from generator.layout.unit import Overlay
    from generator.model.base import Manifest

# Measured for 300 overlays of 7 objects on two cores: 10 a wrapper 2.05 s, 20 1.97 s, 50 2.3 s, 100 3.6 s.
WRAPPER_SIZE = 20

Member = TypeVar("Member")


def wrapper_for(project: Project) -> Wrapper:
    """Return the kustomize that the project's Argo CD bundles, installed first where there is none."""
    version = kustomize_version_for(project.gitops.argocd.version)
    return Wrapper(program(KUSTOMIZE, version), openapi_document(version), openapi_left_out(version))


class Wrapper(msgspec.Struct, frozen=True):
    """The kustomize to run; `openapi` is the trimmed document, if any, and `left_out` every kind that it lacks."""

    kustomize: Path
    openapi: Path | None
    left_out: frozenset[tuple[str, str]] = frozenset()

    def build(self, folder: Path, targets: Sequence[Path], *, whole: bool = False, in_order: bool = False) -> list[str]:
        """Build `targets` through a kustomization in `folder`, which is made, and give the documents as printed.

        `whole` stands for the document that is built in; `in_order` keeps what belongs to one target together, where
        kustomize would sort by kind. Raises BuildError when kustomize refuses.
        """
        folder.mkdir(parents=True)
        resources = [os.path.relpath(os.path.realpath(target), os.path.realpath(folder)) for target in targets]
        text = kustomization(resources)
        if self.openapi is not None and not whole:
            shutil.copyfile(self.openapi, folder / "openapi.json")
            text += "openapi:\n  path: openapi.json\n"
        if in_order:
            text += "sortOptions:\n  order: fifo\n"
        (folder / NAME).write_text(text, encoding="utf-8")
        return _documents(build(self.kustomize, folder).decode())

    def is_short_of(self, manifests: Iterable[Manifest]) -> bool:
        """Return whether some of these objects are of a kind that the trimmed document lacks: build them `whole`."""
        return any((manifest.get("apiVersion"), manifest.get("kind")) in self.left_out for manifest in manifests)


def batches(members: Iterable[Member], overlay: Callable[[Member], Overlay]) -> Iterator[list[Member]]:
    """Split what has overlays into wrappers: one environment and cluster each, evenly filled."""
    places: dict[tuple[str, str], list[Member]] = {}
    for member in members:
        placement = overlay(member).placement
        places.setdefault((placement.environment, placement.cluster), []).append(member)
    for group in places.values():
        count = -(-len(group) // WRAPPER_SIZE)
        yield from (group[number::count] for number in range(count))


def _documents(text: str) -> list[str]:
    return [part if part.endswith("\n") else part + "\n" for part in text.split("\n---\n") if part]
