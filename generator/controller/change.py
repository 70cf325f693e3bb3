"""What becomes of an Application's objects, and of the Application itself, on the way from one commit to another."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

import msgspec

from generator.controller.object_summary import Trait
from generator.controller.order import is_hook, option, phases_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from generator.controller.application import Application, Policy
    from generator.controller.project_check import ProjectRefusal
    from generator.kubernetes.manifest import ObjectId


class Fate(StrEnum):
    """What Argo CD does with an object that is no longer wanted."""

    PRUNED = "pruned"
    CONFIRM = "waits for confirmation (Prune=confirm)"
    KEPT = "kept (Prune=false)"
    OFF = "kept (prune is off)"
    MANUAL = "pruned by a sync by hand alone (not automated)"
    EMPTY = "kept (Argo CD never syncs to nothing by itself)"
    UNMANAGED = "kept, unmanaged (its project does not permit it)"
    FAILS = "kept (the sync fails for what is refused)"
    UNSURE = "pruned if the project permits the sync (only the cluster knows)"
    WINDOW = "pruned once its sync window opens"


# What goes, if nothing is in the way.
_GOING = frozenset({Fate.PRUNED, Fate.CONFIRM, Fate.MANUAL})


class Gone(msgspec.Struct, frozen=True):
    """An object that the base commit had and that is no longer wanted; `heir` is an Application that has it now."""

    object: Trait
    fate: Fate
    heir: str = ""

    def __str__(self) -> str:
        if not self.heir:
            return str(self.fate)
        return f"taken over by {self.heir} if that syncs first, else {self.fate}"


class ApplicationChange(msgspec.Struct, frozen=True, kw_only=True):
    """What differs in what an Application builds to; `moved` says what differs in the Application itself.

    `again` are the changed Jobs that Argo CD replaces, so that they run once more.
    """

    created: tuple[Trait, ...] = ()
    changed: tuple[Trait, ...] = ()
    again: tuple[Trait, ...] = ()
    gone: tuple[Gone, ...] = ()
    moved: tuple[str, ...] = ()
    new: bool = False

    @property
    def silent(self) -> bool:
        """Return whether nothing differs."""
        return not (self.created or self.changed or self.gone or self.moved or self.new)


def change_of(before: Iterable[Trait], after: Iterable[Trait], policy: Policy, namespace: str) -> ApplicationChange:
    """Compare what was built with what is built; `policy` and `namespace` are the Application's now."""
    old, new = _by_id(before, namespace), _by_id(after, namespace)
    lost = [trait for id_, trait in old.items() if id_ not in new and not is_hook(trait) and phases_of(trait)]
    emptied = not any(not is_hook(trait) for trait in new.values())
    changed = [(old[id_], trait) for id_, trait in new.items() if id_ in old and old[id_].digest != trait.digest]
    return ApplicationChange(
        created=tuple(trait for id_, trait in new.items() if id_ not in old),
        changed=tuple(trait for _, trait in changed),
        again=tuple(trait for other, trait in changed if _runs_again(other, trait)),
        gone=tuple(Gone(trait, fate_of(trait, policy, emptied=emptied)) for trait in lost),
    )


def _runs_again(before: Trait, after: Trait) -> bool:
    """Report whether a Job is replaced: the API server refuses another pod template, and Argo CD may force it."""
    forced = option(after, "Force") == "true" or option(after, "Replace") == "true"
    return forced and before.template != after.template and not is_hook(after)


def fate_of(trait: Trait, policy: Policy, *, emptied: bool = False) -> Fate:
    """Return what becomes of an object; `emptied` says that nothing else is left."""
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


def settle(
    gone: Iterable[Gone], refused: Iterable[ProjectRefusal], heirs: Mapping[ObjectId, str], *, closed: bool
) -> tuple[Gone, ...]:
    """Return what becomes of objects where something is `refused`, or the sync window is `closed`.

    Argo CD leaves out of sight what lives where its project permits nothing (controller/state.go, v3.5.7), and fails a
    whole sync for one wanted object that is not permitted (gitops-engine, pkg/sync/sync_context.go, getSyncTasks).
    `heirs` are other Applications that want an object of that identity.
    """
    own: dict[ObjectId | None, bool] = {}
    others: set[bool] = set()
    for each in refused:
        if each.prune:
            own[each.id] = own.get(each.id, False) or each.certain
        else:
            others.add(each.certain)
    return tuple(
        Gone(
            each.object,
            _settled(each.fate, own=own.get(each.object.id), others=others, closed=closed),
            heirs.get(each.object.id, ""),
        )
        for each in gone
    )


def _settled(fate: Fate, *, own: bool | None, others: set[bool], closed: bool) -> Fate:
    """Return what becomes of an object: `own` (it) or `others` (what is wanted) are refused, surely or maybe."""
    if own:
        return Fate.UNMANAGED
    if fate not in _GOING:
        return fate
    if True in others:
        return Fate.FAILS
    if own is not None or others:
        return Fate.UNSURE
    return Fate.WINDOW if closed and fate is Fate.PRUNED else fate


def compare_applications(before: Application, after: Application) -> Iterator[str]:
    """Return what differs in the Application itself, where that sends its objects elsewhere."""
    sides = (
        ("project", before.project, after.project),
        ("destination", str(before.destination), str(after.destination)),
        ("source", ", ".join(map(str, before.sources)), ", ".join(map(str, after.sources))),
        ("made by", before.made_by or "nobody", after.made_by or "nobody"),
    )
    return (f"{what}: {old} -> {new}" for what, old, new in sides if old != new)


def _by_id(traits: Iterable[Trait], namespace: str) -> dict[ObjectId, Trait]:
    """Return objects by identity, those without a namespace in the Application's."""
    return {each.id._replace(namespace=each.namespace or namespace): each for each in traits}
