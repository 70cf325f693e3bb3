"""What becomes of an Application's objects, and of the Application itself, on the way from one commit to another."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

import msgspec

from generator.sync.order import is_hook, option, phases_of
from generator.sync.trait import Trait

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from generator.manifest import ObjectId
    from generator.sync.application import Application, Policy


class Fate(StrEnum):
    """What Argo CD does with an object that is no longer wanted."""

    PRUNED = "pruned"
    CONFIRM = "waits for confirmation (Prune=confirm)"
    KEPT = "kept (Prune=false)"
    OFF = "kept (prune is off)"
    MANUAL = "pruned by a sync by hand alone (not automated)"
    EMPTY = "kept (Argo CD never syncs to nothing by itself)"


class Gone(msgspec.Struct, frozen=True):
    """An object that the base commit had and that is no longer wanted."""

    object: Trait
    fate: Fate


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """What differs in what an Application builds to; `moved` says what differs in the Application itself."""

    created: tuple[Trait, ...] = ()
    changed: tuple[Trait, ...] = ()
    gone: tuple[Gone, ...] = ()
    moved: tuple[str, ...] = ()
    new: bool = False

    @property
    def silent(self) -> bool:
        """Say whether nothing differs."""
        return not (self.created or self.changed or self.gone or self.moved or self.new)


def change_of(before: Iterable[Trait], after: Iterable[Trait], policy: Policy, namespace: str) -> Change:
    """Compare what was built with what is built; `policy` and `namespace` are the Application's now."""
    old, new = _by_id(before, namespace), _by_id(after, namespace)
    lost = [trait for id_, trait in old.items() if id_ not in new and not is_hook(trait) and phases_of(trait)]
    emptied = not any(not is_hook(trait) for trait in new.values())
    return Change(
        created=tuple(trait for id_, trait in new.items() if id_ not in old),
        changed=tuple(trait for id_, trait in new.items() if id_ in old and old[id_].digest != trait.digest),
        gone=tuple(Gone(trait, fate_of(trait, policy, emptied=emptied)) for trait in lost),
    )


def fate_of(trait: Trait, policy: Policy, *, emptied: bool = False) -> Fate:
    """Say what becomes of an object; `emptied` says that nothing else is left."""
    word = option(trait, "Prune") or policy.prune_option
    if word == "false":
        return Fate.KEPT
    if not policy.automated:
        return Fate.MANUAL
    if not policy.prune:
        return Fate.OFF
    if emptied and not policy.allow_empty:
        return Fate.EMPTY
    return Fate.CONFIRM if word == "confirm" else Fate.PRUNED


def moved(before: Application, after: Application) -> Iterator[str]:
    """Say what differs in the Application itself, where that sends its objects elsewhere."""
    sides = (
        ("project", before.project, after.project),
        ("destination", str(before.destination), str(after.destination)),
        ("source", ", ".join(map(str, before.sources)), ", ".join(map(str, after.sources))),
        ("made by", before.made_by or "nobody", after.made_by or "nobody"),
    )
    return (f"{what}: {old} -> {new}" for what, old, new in sides if old != new)


def _by_id(traits: Iterable[Trait], namespace: str) -> dict[ObjectId, Trait]:
    """Give objects by identity, those without a namespace in the Application's."""
    return {each.id._replace(namespace=each.namespace or namespace): each for each in traits}
