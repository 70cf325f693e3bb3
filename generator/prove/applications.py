"""What the objects of one overlay tell Argo CD, for the look across all of them: names, and paths to read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.findings.finding import Place
from generator.findings.verdict import NamedApplication, Reading
from generator.kubernetes.manifest import identity
from generator.rules.applications import made
from generator.rules.sources import reads

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from generator.disk.tree import Tree
    from generator.kubernetes.manifest import ObjectId, Path
    from generator.layout.unit import Overlay
    from generator.model.base import Manifest
    from generator.rules.view import SyncedRepository

    # Gives the place of a field in a person's own file, None where no such file is about the object.
    Own = Callable[[ObjectId, Path], Place | None]


def applications(
    tree: Tree, overlay: Overlay, objects: Sequence[Manifest], repository: SyncedRepository, own: Own
) -> Iterator[NamedApplication]:
    """Yield every Application that the objects are or make: of our own at the page whose overlay it syncs."""
    for manifest in objects:
        for each in made(manifest, repository):
            place = own(identity(manifest), each.path) or Place(_page(tree, each.folder) or overlay.page)
            yield NamedApplication(each.name, place)


def _page(tree: Tree, folder: str) -> str:
    """Return the page that an overlay is rendered from, the empty text for any other folder."""
    unit = folder.rpartition("/")[2]
    pages = (f"services/{unit}.yaml", f"systems/{unit}.yaml") if folder.startswith("overlays/") else ()
    return next((page for page in pages if page in tree.files), "")


def readings(objects: Sequence[Manifest], repository: SyncedRepository, own: Own) -> Iterator[Reading]:
    """Yield what a person's own objects of Argo CD read in the repository; what we render reads what we render."""
    for manifest in objects:
        id_ = identity(manifest)
        for read in reads(manifest, repository):
            if (place := own(id_, read.path)) is not None:
                yield Reading(
                    what=read.what, kind=read.kind, revision=repository.revision, object=str(id_), place=place
                )
