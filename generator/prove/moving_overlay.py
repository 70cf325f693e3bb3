"""One overlay whose release moves: what its page says before and after, and which images replace which."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

import msgspec

from generator.findings.finding import Finding, Place, Severity
from generator.kubernetes.manifest import containers
from generator.layout.release import Record, own_images, recorded, reference
from generator.layout.unit import Overlay, overlay_of
from generator.paths import NAME
from generator.records.move import Move
from generator.render import render
from generator.yamlio import survey

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from generator.disk.tree import Tree
    from generator.inputs.project import Project
    from generator.layout.release import Release
    from generator.model.base import Manifest
    from generator.rules.rule import Rule
    from generator.yamlio import Document


class Mover(msgspec.Struct, frozen=True, kw_only=True):
    """An overlay and its moves. `earlier` and `overlay` are the model with the releases before and after them.

    `places` are the lines of the record, by image.
    """

    overlay: Overlay
    earlier: Overlay
    moves: tuple[Move, ...]
    places: dict[str, Place]

    @property
    def key(self) -> tuple[str, str]:
        """Environment and service."""
        return self.overlay.target.environment, self.overlay.unit

    @property
    def has_own_files(self) -> bool:
        """Return whether a person put files of their own into the overlay."""
        return bool(self.overlay.own.names)

    def replaced(self, manifest: Manifest) -> tuple[Manifest, frozenset[str]]:
        """Return an object as the moves leave it, and the images of which it has a container.

        kustomize replaces images everywhere, in a person's own resources too.
        """
        wanted = {self._reference(move, move.before): move for move in self.moves}
        if not any(container.get("image") in wanted for _, container in containers(manifest)):
            return manifest, frozenset()
        copy: Manifest = msgspec.json.decode(msgspec.json.encode(manifest))
        found = set()
        for _, container in containers(copy):
            move = wanted.get(str(container.get("image")))
            if move is not None:
                container["image"] = self._reference(move, move.after)
                found.add(move.image)
        return copy, frozenset(found)

    def waits(self, move: Move) -> bool:
        """Return whether a move may find no container: the image is new on the page, and not rendered yet."""
        return move.before is None and move.image in own_images(self.earlier.objects)

    def place(self, value: Any = None) -> Place:
        """Return the line of the record behind a value, that of the first move unless the value is another's image."""
        found = (move.image for move in self.moves if value == self._reference(move, move.after))
        return self.places[next(found, self.moves[0].image)]

    def finding(self, rule: Rule, place: Place, message: str, remedy: str, object_: str = "") -> Finding:
        """Make a finding against the moves."""
        environment = self.overlay.target.environment
        return rule.finding(
            severity=Severity.ERROR,
            place=place,
            message=message,
            remedy=remedy,
            object=object_,
            environment=environment,
        )

    def _reference(self, move: Move, release: Release | None) -> str:
        """Return what a container has as its image: without a release kustomize leaves the bare name."""
        if release is None:
            return move.image
        return reference(self.overlay.placement.registry, move.image) + release.suffix


def movers(project: Project, before: Tree, after: Tree, moves: Sequence[Move]) -> Iterator[Mover]:
    """Yield each overlay that moves, in a fixed order."""
    ordered = sorted(moves, key=_overlay)
    for (environment, service), group in groupby(ordered, key=_overlay):
        yield _mover(project, before, after, service, environment, tuple(group))


def _overlay(move: Move) -> tuple[str, str]:
    return move.environment, move.service


def _mover(  # noqa: PLR0913, PLR0917  # two trees, and where in them
    project: Project, before: Tree, after: Tree, service: str, environment: str, moves: tuple[Move, ...]
) -> Mover:
    page = project.page(service)
    seen = project.service(page, environment)
    wanted = render(seen)
    path = f"overlays/{environment}/{service}/{NAME}"
    document = _document(after, path)
    overlay = overlay_of(seen, page.file, wanted, _record(document))
    return Mover(
        overlay=overlay,
        earlier=overlay_of(seen, page.file, wanted, _record(_document(before, path))),
        moves=moves,
        places={move.image: _place(document, path, move.image) for move in moves},
    )


def _document(tree: Tree, path: str) -> Document | None:
    return survey(tree.files.get(path, b""), path)[0]


def _record(document: Document | None) -> Record:
    return {image: release for _, image, release in recorded(document.value)} if document else {}


def _place(document: Document | None, path: str, image: str) -> Place:
    """Return the line that a move changes; the first of the file where the record has no such image."""
    for number, name, release in recorded(document.value) if document else ():
        if name == image and document is not None:
            return document.place(("images", number, "digest" if release.newTag is None else "newTag"))
    return Place(path)
