"""Which line did a person write to get this rendered field? Found by differentiation.

One leaf of the inputs is changed at a time, the objects are rendered again, and the fields that moved belong to that
leaf. So renderers stay plain functions, no field carries baggage, and the answer cannot drift from the code. It costs a
render per leaf (about a millisecond), and only where there is a finding to locate.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import msgspec

from generator.finding import Place
from generator.layout.release import recorded, released
from generator.manifest import ObjectId, Path
from generator.model.page import Page
from generator.prove.compare import compare
from generator.render import render, render_shared

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from generator.inputs.layers import Layers
    from generator.inputs.project import Project, ServicePage
    from generator.layout.release import Record
    from generator.model.base import Manifest
    from generator.model.service import Service
    from generator.yamlio import Document

Move = tuple[Place, ObjectId, Path]
_PLACEMENT = ("registry", "domain", "certificate")


class Source:
    """Finds the place behind a field of one overlay's objects."""

    def __init__(
        self, page: str, objects: Sequence[Manifest], variants: Iterator[tuple[Place, Sequence[Manifest]]]
    ) -> None:
        self._page = page
        self._objects = objects
        self._variants = variants

    def place(self, id_: ObjectId, path: Path) -> tuple[Place, bool]:
        """Give the place behind `path` of an object, and whether a person wrote it (False: a default made it)."""
        while True:
            ranked = [
                (rank, place) for place, moved, where in self._moves if moved == id_ and (rank := _rank(where, path))
            ]
            if ranked:
                place = min(ranked, key=lambda entry: (entry[0], self._distance(entry[1]), entry[1]))[1]
                return (place, True) if "/" in place.file else (Place(self._page), False)
            if not path:
                return Place(self._page), False
            path = path[:-1]

    def _distance(self, place: Place) -> int:
        """Say how near a place is to the overlay: its release record, its page, the layers and pages around."""
        return 0 if place.file.startswith("overlays/") else 1 if place.file == self._page else 2

    @cached_property
    def _moves(self) -> list[Move]:
        return [
            (place, difference.id, difference.path)
            for place, objects in self._variants
            for difference in compare(self._objects, objects)
        ]


def _rank(moved: Path, path: Path) -> int:
    """Say how well a moved field answers for `path`: 1 itself, 2 something inside it, 3 something around it, 0 not."""
    if moved == path:
        return 1
    if moved[: len(path)] == path:
        return 2
    return 3 if moved and path[: len(moved)] == moved else 0


def service_source(project: Project, page: ServicePage, environment: str, record: Record, document: Document) -> Source:
    """Give the source of a service's objects in one environment; `document` is the kustomization with the record."""
    service = project.service(page, environment)
    layers = project.layers(page, environment)
    return Source(page.file, _render(service, record), _service_variants(project, service, layers, record, document))


def _service_variants(
    project: Project, service: Service, layers: Layers, record: Record, document: Document
) -> Iterator[tuple[Place, Sequence[Manifest]]]:
    for path, values in _changed(layers.merged):
        changed = _page(values)
        if changed is not None:
            yield layers.place(path), _render(msgspec.structs.replace(service, page=changed), record)
    for number, name, release in recorded(document.value):
        other = {**record, name: msgspec.structs.replace(release, newTag=f"{release.newTag}x")}
        yield document.place(("images", number, "newTag")), _render(service, other)
    yield from _placement_variants(project, service, record)


def _placement_variants(
    project: Project, service: Service, record: Record
) -> Iterator[tuple[Place, Sequence[Manifest]]]:
    placement = service.placement
    if placement is None:
        return
    system = project.documents[f"systems/{service.system}.yaml"]
    cluster = project.documents[f"clusters/{placement.cluster}.yaml"]
    places = {name: system.place(("environments", placement.environment, name)) for name in _PLACEMENT}
    places["account"] = cluster.place(("account",))
    for name, place in places.items():
        other = msgspec.structs.replace(placement, **{name: f"{getattr(placement, name)}x"})
        yield place, _render(msgspec.structs.replace(service, placement=other), record)


def _render(service: Service, record: Record) -> Sequence[Manifest]:
    registry = service.placement.registry if service.placement else ""
    return [released(manifest, registry, record) for manifest in render(service)]


def _page(values: dict[str, Any]) -> Page | None:
    try:
        return msgspec.convert(values, Page)
    except msgspec.ValidationError:
        return None


def system_source(project: Project, system: str, environment: str) -> Source:
    """Give the source of what a system's services share in one environment."""
    file = f"systems/{system}.yaml"
    shared = project.shared(system, environment)
    return Source(file, render_shared(shared), _system_variants(project, system, environment))


def _system_variants(project: Project, system: str, environment: str) -> Iterator[tuple[Place, Sequence[Manifest]]]:
    document = project.documents[f"systems/{system}.yaml"]
    for path, values in _changed(document.value):
        try:
            changed = msgspec.convert(values, type(project.systems[system]))
            other = msgspec.structs.replace(project, systems={**project.systems, system: changed})
            yield document.place(path), render_shared(other.shared(system, environment))
        except (msgspec.ValidationError, KeyError, StopIteration):
            continue


def _changed(values: dict[str, Any]) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Give, for each leaf of `values`, its path and a copy in which that leaf is another value, or is gone."""
    for path, value in _leaves(values, ()):
        for other in _others(value):
            yield path, _with(values, path, other)
        yield path, _with(values, path, None)


def _leaves(value: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            yield from _leaves(inner, (*path, key))
    elif isinstance(value, list) and value:
        for number, inner in enumerate(value):
            yield from _leaves(inner, (*path, number))
    else:
        yield path, value


def _others(value: Any) -> tuple[Any, ...]:
    if isinstance(value, bool):
        return (not value,)
    if isinstance(value, int):
        return (value + 1, value - 1)
    return (f"{value}x",) if isinstance(value, str) else ()


def _with(value: Any, path: Path, other: Any) -> Any:
    """Give a copy of `value` with `other` at `path`; None takes the key or item away."""
    if not path:
        return other
    step, *rest = path
    if isinstance(value, dict):
        copy = dict(value)
        copy[step] = _with(value[step], tuple(rest), other)
        return {key: inner for key, inner in copy.items() if inner is not None}
    items = list(value)
    items[int(step)] = _with(value[int(step)], tuple(rest), other)
    return [item for item in items if item is not None]
