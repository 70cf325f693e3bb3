"""A throw-away folder with two snapshots side by side, and kustomize at work on both."""

from __future__ import annotations

import itertools
import re
from concurrent.futures import Executor, Future
from typing import TYPE_CHECKING, Literal

import msgspec

from generator.build.parts import split_overlays
from generator.build.printed import Printed
from generator.build.snapshot_dir import lay_files
from generator.prove.canonical import canonical
from generator.prove.expected_change import Effect, effect
from generator.prove.moving_overlay import Mover
from generator.tools.kustomize import BuildError
from generator.yamlio import built, dump

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from generator.build.wrapper import Wrapper
    from generator.disk.tree import Tree
    from generator.model.base import Manifest

Side = Literal["before", "after"]


class Failure(msgspec.Struct, frozen=True):
    """Why overlays do not build, and on which side."""

    side: Side
    reason: str


class Build(msgspec.Struct, frozen=True):
    """Overlays that are being built together, before and after their moves."""

    movers: tuple[Mover, ...]
    before: Future[list[Printed]]
    after: Future[list[Printed]]

    def effect(self) -> Effect | Failure:
        """Wait for both sides and give what the moves did, or why that cannot be seen."""
        side: Side = "before"
        try:
            before = self.before.result()
            side = "after"
            return effect(self.movers, before, self.after.result())
        except BuildError as error:
            return Failure(side, error.reason)


class Bench:
    """Builds overlays out of the snapshots laid below `folder`; `pool` says how many builds run at a time."""

    def __init__(self, wrapper: Wrapper, folder: Path, pool: Executor) -> None:
        self._wrapper = wrapper
        self._folder = folder
        self._pool = pool
        self._numbers = itertools.count()

    def plain(self, text: str) -> str:
        """Return words of kustomize without the paths of the bench: as if it had worked in the repository."""
        here = rf"(?:[^\s']*{re.escape(self._folder.name)}|(?:\.\./)*\.\.)/(?:before|after)/"
        return re.sub(here, "", text)

    def lay(self, side: Side, tree: Tree, paths: Iterable[str]) -> Tree:
        """Lay these files of a snapshot on the bench, and give the tree that lies there."""
        root = self._folder / side
        files = {path: tree.files[path] for path in sorted(paths)}
        lay_files(root, files)
        return msgspec.structs.replace(tree, root=root, files=files)

    def builds(self, movers: Iterable[Mover]) -> Iterator[Build]:
        """Start building overlays before and after their moves, together but for those with a person's own files."""
        plain = [mover for mover in movers if not mover.has_own_files]
        alone = [mover for mover in movers if mover.has_own_files]
        for group in (*split_overlays(plain, lambda mover: mover.overlay), *([mover] for mover in alone)):
            yield self.build(group)

    def build(self, movers: Sequence[Mover]) -> Build:
        """Start building some overlays in one process before, and in one after their moves."""
        models = (manifest for mover in movers for manifest in (*mover.earlier.objects, *mover.overlay.objects))
        known = {text: manifest for manifest in models if (text := canonical(manifest)) is not None}
        before = self._pool.submit(self._printed, "before", movers, known)
        return Build(tuple(movers), before, self._pool.submit(self._printed, "after", movers, known))

    def new(self, mover: Mover) -> list[Printed]:
        """Return the objects of an overlay that is as its model says, and those of people's own files."""
        if mover.has_own_files:
            return self.build([mover]).after.result()
        return [Printed(canonical(manifest) or dump(manifest), manifest) for manifest in mover.overlay.objects]

    def _printed(self, side: Side, movers: Sequence[Mover], known: Mapping[str, Manifest]) -> list[Printed]:
        """Build overlays; an object that is printed as the model predicts is not parsed."""
        targets = [self._folder / side / mover.overlay.folder for mover in movers]
        folder = self._folder / str(next(self._numbers))
        return self._wrapper.build_objects(
            folder, targets, lambda text: [known[text]] if text in known else built(text)
        )
