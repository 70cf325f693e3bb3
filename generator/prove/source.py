"""Which line did a person write to get this rendered field? Found by differentiation.

One leaf of the inputs is changed at a time, the objects are rendered again, and the fields that moved belong to that
leaf. So renderers stay plain functions, no field carries baggage, and the answer cannot drift from the code. It costs a
render per leaf (about a millisecond), and only where there is a finding to locate. A mapping or list of very many
entries counts as one leaf: which of its entries it was, the rendered path itself says.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

import msgspec

from generator.argocd import render as render_argocd
from generator.findings.finding import Place
from generator.inputs.layers import leaves
from generator.inputs.scope import scope_of
from generator.kubernetes.manifest import ObjectId, Path, at, identity
from generator.layout.release import recorded, released
from generator.model.page import Page
from generator.prove.compare import compare
from generator.prove.placement_variants import other_placements
from generator.render import render, render_shared

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from generator.inputs.enrolment import Enrolment
    from generator.inputs.layers import Layers
    from generator.inputs.project import Project
    from generator.inputs.service_page import ServicePage
    from generator.layout.release import Record
    from generator.model.base import Manifest
    from generator.model.service import Service
    from generator.yamlio import Document


class Leaf(msgspec.Struct, frozen=True):
    """Something written in the inputs: its path and value, and what finds the place of a path there."""

    path: Path
    value: Any
    locate: Callable[[Path], Place]

    def place(self, names: Sequence[str | int]) -> Place:
        """Return the place of the first of `names` that is a key of this mapping, else of the whole leaf."""
        inside = self.value if isinstance(self.value, dict) else {}
        return self.locate((*self.path, *[name for name in names if name in inside][:1]))


Variant = tuple[Leaf, "Sequence[Manifest]"]
Move = tuple[Leaf, ObjectId, Path]
# A mapping or list of more entries than this is changed as a whole.
_MANY = 64


class LineSource:
    """Finds the place behind a field of one overlay's objects."""

    def __init__(
        self,
        page: str,
        objects: Sequence[Manifest],
        variants: Iterator[Variant],
        beside: Callable[[Path], Place | None] = lambda _path: None,
    ) -> None:
        self._page = page
        self._objects = objects
        self._variants = variants
        self._beside = beside

    def place(self, id_: ObjectId, path: Path) -> tuple[Place, bool]:
        """Return the place behind `path` of an object, and whether a person wrote it (False: a default made it).

        Of a default it is the place that a word against it belongs beside.
        """
        names = list(self._names(id_, path))
        moves = [(leaf, where) for leaf, moved, where in self._moves if moved == id_]
        asked = path
        while True:
            ranked = [(rank, leaf) for leaf, where in moves if (rank := _rank(where, path))]
            if ranked:
                specific = path == asked and bool(path) and isinstance(path[-1], str)
                ordered = [(self._order(rank, leaf, names, specific=specific), leaf) for rank, leaf in ranked]
                (_, _, _, place), leaf = min(ordered, key=lambda pair: pair[0])
                if place.file.endswith(".yaml"):
                    return place, True
                return self._beside(leaf.path) or Place(self._page), False  # built-in ones are no file
            if not path:
                return Place(self._page), False
            path = path[:-1]

    def _order(self, rank: int, leaf: Leaf, names: Sequence[str], *, specific: bool) -> tuple[int, int, int, Place]:
        """Return what the best place is the least of.

        Itself before what is inside and around it; the release record for its own values alone, else the page before
        the layers around it; and for a field that is there the leaf that moves little else: a port moves both probes,
        a probe's path only its own.
        """
        place = leaf.place(names)
        recorded = place.file.startswith("overlays/")
        distance = 0 if recorded and rank == 1 else 3 if recorded else 1 if place.file == self._page else 2
        return rank, distance, self._spread[id(leaf)] if specific else 0, place

    def _names(self, id_: ObjectId, path: Path) -> Iterator[str]:
        """Yield the keys of a rendered path, innermost first, and of a list's item its name."""
        manifest = next((manifest for manifest in self._objects if identity(manifest) == id_), {})
        for length in range(len(path), 0, -1):
            step = path[length - 1]
            name = at(manifest, (*path[:length], "name")) if isinstance(step, int) else step
            if isinstance(name, str):
                yield name

    @cached_property
    def _spread(self) -> Counter[int]:
        """How many fields each leaf moves, by the leaf's identity."""
        return Counter(id(leaf) for leaf, _, _ in self._moves)

    @cached_property
    def _moves(self) -> list[Move]:
        return [
            (leaf, difference.id, difference.path)
            for leaf, objects in self._variants
            for difference in compare(self._objects, objects)
        ]


def _rank(moved: Path, path: Path) -> int:
    """Return how well a moved field answers for `path`: 1 itself, 2 something inside, 3 something around it, 0 not."""
    if moved == path:
        return 1
    if moved[: len(path)] == path:
        return 2
    return 3 if moved and path[: len(moved)] == moved else 0


def service_source(
    project: Project, page: ServicePage, environment: str, record: Record, document: Document
) -> LineSource:
    """Return the source of a service's objects in one environment; `document` is the kustomization with the record."""
    service = project.service(page, environment)
    layers = project.layers(page, environment)
    variants = _service_variants(project, service, layers, record, document)
    return LineSource(page.file, _render(service, record), variants, partial(_beside, layers, page.file))


def _beside(layers: Layers, page: str, path: Path) -> Place | None:
    """Return the place that a word against a built-in value belongs beside: what is around it, else the image."""
    places = (layers.written_place(each) for each in (path, ("image",)))
    return next((place for place in places if place is not None and place.file == page), None)


def _service_variants(
    project: Project, service: Service, layers: Layers, record: Record, document: Document
) -> Iterator[Variant]:
    for path, value, values in _changed(layers.merged):
        changed = _page(values)
        if changed is not None:
            yield Leaf(path, value, layers.place), _render(msgspec.structs.replace(service, page=changed), record)
    for number, name, release in recorded(document.value):
        other = {**record, name: msgspec.structs.replace(release, newTag=f"{release.newTag}x")}
        yield Leaf(("images", number, "newTag"), None, document.place), _render(service, other)
    yield from _placement_variants(project, service, record)


def _placement_variants(project: Project, service: Service, record: Record) -> Iterator[Variant]:
    placement = service.placement
    if placement is None:
        return
    for file, path, other in other_placements(placement, service.system):
        leaf = Leaf(path, None, project.documents[file].place)
        yield leaf, _render(msgspec.structs.replace(service, placement=other), record)


def _render(service: Service, record: Record) -> Sequence[Manifest]:
    registry = service.placement.registry if service.placement else ""
    return [released(manifest, registry, record) for manifest in render(service)]


def _page(values: dict[str, Any]) -> Page | None:
    try:
        return msgspec.convert(values, Page)
    except msgspec.ValidationError:
        return None


def system_source(project: Project, system: str, environment: str) -> LineSource:
    """Return the source of what a system's services share in one environment."""
    file = f"systems/{system}.yaml"
    shared = project.shared(system, environment)
    return LineSource(file, render_shared(shared), _system_variants(project, system, environment))


def _system_variants(project: Project, system: str, environment: str) -> Iterator[Variant]:
    document = project.documents[f"systems/{system}.yaml"]
    for path, value, values in _changed(document.value):
        try:
            changed = msgspec.convert(values, type(project.systems[system]))
            other = msgspec.structs.replace(project, systems={**project.systems, system: changed})
            yield Leaf(path, value, document.place), render_shared(other.shared(system, environment))
        except (msgspec.ValidationError, KeyError, StopIteration):
            continue


def instance_source(project: Project, instance: str, roster: Mapping[str, Enrolment]) -> LineSource:
    """Return the source of what an instance of Argo CD syncs for itself."""
    objects = render_argocd(scope_of(project, instance, roster))
    return LineSource("gitops.yaml", objects, _instance_variants(project, instance, roster))


def _instance_variants(project: Project, instance: str, roster: Mapping[str, Enrolment]) -> Iterator[Variant]:
    for file, change in _shared_pages(project):
        document = project.documents[file]
        for path, value, values in _changed(document.value):
            try:
                yield Leaf(path, value, document.place), render_argocd(scope_of(change(values), instance, roster))
            except (msgspec.ValidationError, LookupError, AssertionError):
                continue  # not a repository any more


def _shared_pages(project: Project) -> Iterator[tuple[str, Callable[[dict[str, Any]], Project]]]:
    """Yield each page that Argo CD's objects are made of, and what makes a project with another one in its place."""
    for folder, field in {"systems": "systems", "environments": "environments", "clusters": "clusters"}.items():
        pages = getattr(project, field)
        for name in pages:
            yield f"{folder}/{name}.yaml", partial(_with_page, project, field, name)
    yield "gitops.yaml", partial(_with_gitops, project)


def _with_page(project: Project, field: str, name: str, values: dict[str, Any]) -> Project:
    pages = getattr(project, field)
    changed = msgspec.convert(values, type(pages[name]))
    return msgspec.structs.replace(project, **{field: {**pages, name: changed}})


def _with_gitops(project: Project, values: dict[str, Any]) -> Project:
    return msgspec.structs.replace(project, gitops=msgspec.convert(values, type(project.gitops)))


def _changed(values: dict[str, Any]) -> Iterator[tuple[Path, Any, dict[str, Any]]]:
    """Give, for each leaf of `values`, its path, itself and a copy in which it is another value, or is gone."""
    for path, value in leaves(values, most=_MANY):
        for other in _others(value):
            yield path, value, _with(values, path, other)
        yield path, value, _with(values, path, None)
    # Its name alone is rendered, and stands while it has any key: so it is taken away as a whole, too.
    for name, keys in (values.get("secrets") or {}).items():
        yield ("secrets", name), keys, _with(values, ("secrets", name), None)


def _others(value: Any) -> tuple[Any, ...]:
    if isinstance(value, bool):
        return (not value,)
    if isinstance(value, int):
        return (value + 1, value - 1)
    return (f"{value}x",) if isinstance(value, str) else ()


def _with(value: Any, path: Path, other: Any) -> Any:
    """Return a copy of `value` with `other` at `path`; None takes the key or item away."""
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
