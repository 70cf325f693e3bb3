"""Folders built together by the real kustomize, through a throw-away kustomization that lists them.

Loading the built-in OpenAPI document is 80 of the 90 ms of a `kustomize build`. The wrapper names a trimmed one, and
one process builds many folders. Where the trimmed document lacks a kind, they are built again with the whole one.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from generator.build.printed import read_printed
from generator.kubernetes.packs import openapi_document, openapi_left_out
from generator.layout.kustomization import kustomization
from generator.paths import NAME
from generator.tools.kustomize import build
from generator.tools.pins import KUSTOMIZE
from generator.tools.program import program
from generator.yamlio import built

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from generator.build.printed import Printed, Reader


def wrapper_for(kustomize_version: str) -> Wrapper:
    """Return the kustomize of this version, installed first where there is none."""
    return Wrapper(
        program(KUSTOMIZE, kustomize_version),
        openapi_document(kustomize_version),
        openapi_left_out(kustomize_version),
    )


def build_as_is(kustomize_version: str, folder: Path) -> list[Printed]:
    """Build one folder as Argo CD does, without a wrapper; raises BuildError."""
    text = build(program(KUSTOMIZE, kustomize_version), folder).decode()
    return read_printed(_documents(text), folder)


class Wrapper(msgspec.Struct, frozen=True):
    """The kustomize to run; `openapi` is the trimmed document, if any, and `left_out` every kind that it lacks."""

    kustomize: Path
    openapi: Path | None
    left_out: frozenset[tuple[str, str]] = frozenset()

    def build_objects(self, folder: Path, targets: Sequence[Path], reader: Reader = built) -> list[Printed]:
        """Build `targets` below `folder` and read their objects, with the built-in document where a kind needs it.

        Raises BuildError when kustomize refuses, or when what it printed cannot be read.
        """
        printed = read_printed(self.build(folder / ".short", targets), folder, reader)
        if self.is_short_of(printed):
            printed = read_printed(self.build(folder / ".whole", targets, whole=True), folder, reader)
        return printed

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

    def is_short_of(self, printed: Iterable[Printed]) -> bool:
        """Return whether some of these objects are of a kind that the trimmed document lacks: build them `whole`."""
        manifests = (each.manifest for each in printed)
        return any((manifest.get("apiVersion"), manifest.get("kind")) in self.left_out for manifest in manifests)


def _documents(text: str) -> list[str]:
    return [part if part.endswith("\n") else part + "\n" for part in text.split("\n---\n") if part]
