"""What a release edit does to the built objects, held against what it says: pure, kustomize has run before.

Predicted is what was built before, with the images that move replaced. The build after must be just that.
"""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any

import msgspec

from generator.build.printed import Printed
from generator.kubernetes.manifest import ObjectId, at, containers, identity, show
from generator.prove.compare import Difference, compare, narrow, show_both
from generator.prove.moving_overlay import Mover
from generator.prove.rule_view import view_of
from generator.prove.suppression import suppress
from generator.records.move import Move
from generator.rules.moves import DIF005, DIF006
from generator.rules.runner import violations

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from generator.findings.finding import Finding
    from generator.model.base import Manifest

# DIF005: who reads more than a screen of them?
MOST_FIELDS = 20

_BESIDE = "a release changes its service's images and nothing else; look at the files under patches/ and resources/"


class Effect(msgspec.Struct, frozen=True, kw_only=True):
    """What the moves of one or several overlays did; `unmoved` are those that replaced no container.

    `certain` says that every object is known to belong to one of the overlays, as it is with one alone.
    """

    movers: tuple[Mover, ...]
    before: tuple[Printed, ...]
    after: tuple[Printed, ...]
    differences: tuple[Difference, ...]
    unmoved: tuple[Move, ...]
    certain: bool

    @property
    def surprises(self) -> bool:
        """Return whether something is not as predicted, so that one should look at each overlay alone."""
        return bool(self.differences or self.unmoved or not self.certain)

    def findings(self) -> Iterator[Finding]:
        """Yield what speaks against the moves: images that match nothing, other changes, new violations of rules."""
        first, *others = self.movers
        for move in self.unmoved:
            yield _matchless(first, move, self.before)
        yield from _beside(first, self.differences)
        if not others:
            yield from _new_errors(first, _manifests(self.before), _manifests(self.after))
            return
        before, after = _by_owner(self.movers, self.before), _by_owner(self.movers, self.after)
        for mover in self.movers:
            yield from _new_errors(mover, before[mover.key], after[mover.key])

    def difference(self) -> str:
        """Return the unified diff of every object whose text changed."""
        before = {identity(each.manifest): each.text for each in self.before}
        after = {identity(each.manifest): each.text for each in self.after}
        owners = _owners(self.movers)
        changed = [id_ for id_ in (before | after) if before.get(id_) != after.get(id_)]
        return "".join(
            unified(owners.get(id_, self.movers[0]), id_, before.get(id_, ""), after.get(id_, "")) for id_ in changed
        )


def effect(movers: Sequence[Mover], before: Sequence[Printed], after: Sequence[Printed]) -> Effect:
    """Work out what moved and what else did; several overlays are told apart by the objects of their models."""
    owners = _owners(movers)
    predicted: list[Manifest] = []
    found: set[tuple[str, str]] = set()
    certain = True
    for each in before:
        id_ = identity(each.manifest)
        mover = owners.get(id_) if len(movers) > 1 else movers[0]
        certain = certain and mover is not None
        manifest, images = mover.replaced(each.manifest) if mover else (each.manifest, ())
        predicted.append(manifest)
        found |= {(mover.overlay.folder, image) for image in images} if mover else set()
    return Effect(
        movers=tuple(movers),
        before=tuple(before),
        after=tuple(after),
        differences=tuple(compare(predicted, _manifests(after))),
        unmoved=tuple(
            move
            for mover in movers
            for move in mover.moves
            if (mover.overlay.folder, move.image) not in found and not mover.waits(move)
        ),
        certain=certain,
    )


def unified(mover: Mover, id_: ObjectId, before: str, after: str) -> str:
    """Return the unified diff of one object; an empty text stands for none."""
    name = f"{'/'.join(mover.key)}/{id_}"
    old, new = f"a/{name}" if before else "/dev/null", f"b/{name}" if after else "/dev/null"
    return "".join(difflib.unified_diff(before.splitlines(keepends=True), after.splitlines(keepends=True), old, new))


def _owners(movers: Iterable[Mover]) -> dict[ObjectId, Mover]:
    return {identity(manifest): mover for mover in movers for manifest in mover.overlay.objects}


def _by_owner(movers: Iterable[Mover], printed: Iterable[Printed]) -> dict[tuple[str, str], list[Manifest]]:
    """Return the objects of each overlay, by its key."""
    owners = _owners(movers)
    found: dict[tuple[str, str], list[Manifest]] = {mover.key: [] for mover in movers}
    for each in printed:
        found[owners[identity(each.manifest)].key].append(each.manifest)
    return found


def _manifests(printed: Iterable[Printed]) -> list[Manifest]:
    return [each.manifest for each in printed]


def _matchless(mover: Mover, move: Move, before: Iterable[Printed]) -> Finding:
    images = (container.get("image") for each in before for _, container in containers(each.manifest))
    rendered = ", ".join(dict.fromkeys(str(image) for image in images)) or "none"
    message = f"`images[].name: {move.image}` matches no container; rendered images are: {rendered}"
    remedy = "run `fairlead generate`; if a file under patches/ sets the image, take that line out"
    return mover.finding(DIF006, mover.places[move.image], message, remedy)


def _beside(mover: Mover, differences: Sequence[Difference]) -> Iterator[Finding]:
    """Yield what changes beside the images that move, or does not change with them."""
    rest = len(differences) - MOST_FIELDS
    for number, each in enumerate(differences[:MOST_FIELDS], 1):
        path, *values, _ = narrow(each.wanted, each.found)
        field = show((*each.path, *path)) or "the object"
        more = f" ({rest} more fields differ)" if number == MOST_FIELDS and rest > 0 else ""
        wanted, found = show_both(*values)
        message = f"{field}: with the new images alone it is {wanted}, kustomize builds {found}{more}"
        yield mover.finding(DIF005, mover.place(each.wanted), message, _BESIDE, str(each.id))


def _new_errors(mover: Mover, before: Sequence[Manifest], after: Sequence[Manifest]) -> Iterator[Finding]:
    """Yield the errors of object rules that only the moves brought; old ones keep nobody from going back."""
    errors = _errors(mover, after)
    known = _errors(mover, before) if errors else {}
    found = [finding for key, finding in errors.items() if key not in known]
    standing, _ = suppress(mover.overlay, found)
    yield from standing


def _errors(mover: Mover, objects: Sequence[Manifest]) -> dict[tuple[str, ObjectId, Any], Finding]:
    """Return the errors of object rules by rule, object and field."""
    found = {}
    for rule, manifest, violation in violations(view_of(mover.overlay, objects)):
        if (violation.severity or rule.severity) == "error":
            id_, place = identity(manifest), mover.place(at(manifest, violation.path))
            remedy = violation.remedy or rule.remedy
            found[rule.id, id_, violation.path] = mover.finding(rule, place, violation.message, remedy, str(id_))
    return found
