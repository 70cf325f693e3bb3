"""An instance that was renamed or taken away: nothing tells its root Application, so that stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.controller.application import Application
from generator.preview.declared import FOLDER
from generator.preview.preview import Forecast, RemovedApplication

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from generator.preview.preview import Side


def abandoned(base: Side, heads: Iterable[Side], wanted: Callable[[Application], bool]) -> Forecast:
    """Return what becomes of an instance of the base commit that there is no longer; `heads` are those of now."""
    parted = (each for each in _partings(base, list(heads)) if wanted(each.application))
    instance = base.declaration.instance
    return Forecast(instance=instance, outlooks=(), unexpanded=(), twins=(), parted=tuple(parted))


def _partings(base: Side, heads: list[Side]) -> Iterator[RemovedApplication]:
    present = {each.name for head in heads for each in head.all}
    root = base.declaration.root
    for each in base.all:
        if root is not None and each.manifest is root.manifest:
            yield RemovedApplication(application=each, fate="".join(_of_root(base, each, heads)))
        elif each.name not in present:
            yield RemovedApplication(application=each, fate="stays: its instance is gone, and nobody deletes it")


def _of_root(base: Side, root: Application, heads: list[Side]) -> Iterator[str]:
    """Say what becomes of a root Application, and of what another root takes for its own.

    By an object's tracking-id Argo CD knows whose it is, whether or not that Application is still there
    (argo-cd v3.5.7, controller/state.go:804).
    """
    yield f"stays: its path {FOLDER}/{base.declaration.instance} is gone, so it syncs nothing"
    for head in heads:
        heir = head.declaration.root
        common = {each.name for each in base.all}.intersection(each.name for each in head.all)
        if heir is None or not common:
            continue
        count = f"{len(common)} Application{'s' * (len(common) != 1)}"
        yield f"; in one Argo CD two roots, {heir.name} and {root.name}, then share {count} of the same name"
        if "FailOnSharedResource=true" in Application(manifest=heir.manifest, place=heir.place).policy.options:
            yield f", and {heir.name} syncs nothing while their tracking-id names {root.name} (FailOnSharedResource)"
