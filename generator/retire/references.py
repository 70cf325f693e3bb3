"""Who still refers to a service that is to go: hosts in values, ConfigMaps, labels that pick its pods, `external`.

Only pages that hold one of its names at all are rendered and looked into, so this stays quick among many services.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from generator.findings.finding import Place
from generator.inputs.layers import leaves
from generator.inputs.load import load
from generator.inputs.ownfiles import find_own_file
from generator.kubernetes.manifest import at, identity, show
from generator.kubernetes.objects import kind, name, namespace, title
from generator.kubernetes.pods import labels
from generator.kubernetes.values import mapping
from generator.paths import NAME, overlay_folder
from generator.prove.source import service_source
from generator.records.record import record_document, records
from generator.render import render
from generator.rules.needs import uses
from generator.rules.references import references
from generator.yamlio import parse

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from generator.disk.tree import Tree
    from generator.inputs.project import Project
    from generator.inputs.service_page import ServicePage
    from generator.kubernetes.manifest import Path
    from generator.model.base import Manifest
    from generator.prove.source import LineSource

# Pages of which every service has a part.
_SHARED = ("systems/", "environments/")
# Fields that pick pods by labels, as people call them.
_PICKING = ("podAffinity", "podAntiAffinity", "ingress", "egress")
# Kinds that are referred to by name.
_NAMED = ("Service", "ConfigMap")
Labels = frozenset[tuple[Any, Any]]
# Folders of an overlay with a person's own files.
_OWN = ("resources", "patches")


class Referrer(msgspec.Struct, frozen=True, kw_only=True):
    """A line that refers to what is to go, in one environment, and how."""

    place: Place
    environment: str
    words: str


class Going(msgspec.Struct, frozen=True, kw_only=True):
    """What others can refer to in an environment: (namespace, name) of Services, (namespace, labels) that pick pods.

    `config_maps` are (namespace, name), too.
    """

    services: frozenset[tuple[str, str]]
    pods: frozenset[tuple[str, Labels]]
    config_maps: frozenset[tuple[str, str]]

    @property
    def names(self) -> frozenset[str]:
        """Every name that a page could use."""
        values = (str(value) for _, labels in self.pods for _, value in labels)
        return frozenset([*(word for _, word in self.services | self.config_maps), *values])

    @property
    def external(self) -> frozenset[str]:
        """What a page may list under `external` that means one of these."""
        services = (each for space, word in self.services for each in (word, f"{word}.{space}"))
        labels = (str(value) for _, labels in self.pods for _, value in labels)
        return frozenset([*services, *labels, *(f"configmap/{word}" for _, word in self.config_maps)])

    def meant(self, space: str, wanted: Labels) -> Labels:
        """Return those of some labels (a selector, or a part of one) by which they pick these pods, else none."""
        found = (own & wanted for here, own in self.pods if here == space and (wanted <= own or own <= wanted))
        return next(found, frozenset())


def going(objects: Iterable[Manifest]) -> Going:
    """Return the names under which others know these objects."""
    objects = tuple(objects)
    services, config_maps = ({(namespace(o), name(o)) for o in objects if kind(o) == what} for what in _NAMED)
    pods = {(namespace(each), wanted) for each in objects if (wanted := _selector(each))}
    return Going(services=frozenset(services), pods=frozenset(pods), config_maps=frozenset(config_maps))


def _selector(manifest: Manifest) -> Labels:
    """Return the labels that pick an object's pods: its selector, for a job the label `app`."""
    wanted = mapping(at(manifest, ("spec", "selector", "matchLabels"))) if labels(manifest) else {}
    own = wanted or {key: value for key, value in labels(manifest).items() if key == "app"}
    return frozenset(own.items())


def referrers(tree: Tree, service: str, gone: Mapping[str, Going]) -> list[Referrer]:
    """Return each line of another service that refers to what goes (environment -> names), by place.

    Looked at is what is released in that environment on the same cluster.
    """
    names = frozenset(word for one in gone.values() for word in one.names)
    project = load(tree, only={service, *_candidates(tree, names)})
    others = [page for page in project.services.values() if page.name != service]
    found = [
        referrer
        for environment, one in gone.items()
        for page in others
        if _is_near(project, tree, page, service, environment)
        for referrer in _Looker(project, tree, page, environment).referrers(one)
    ]
    return sorted(dict.fromkeys(found), key=lambda referrer: (referrer.place, referrer.words))


def _candidates(tree: Tree, names: Iterable[str]) -> set[str]:
    """Return the services in whose page or own files one of `names` stands.

    All of them if it stands in a shared page.
    """
    words = [word.encode() for word in names]
    found = {path for path in _written(tree) if any(word in tree.files[path].lower() for word in words)}
    if any(path.startswith(_SHARED) for path in found):
        return {_service(path) for path in tree.under("services")}
    return {_service(path) for path in found}


def _written(tree: Tree) -> Iterator[str]:
    """Yield the paths that people write: pages, and their own files in overlays and bases."""
    for path in tree.files:
        own = path.startswith(("overlays/", "base/")) and any(f"/{part}/" in path for part in _OWN)
        if own or path.startswith((*_SHARED, "services/")):
            yield path


def _service(path: str) -> str:
    """Return the service whose page or own file this is."""
    parts = path.split("/")
    return parts[2] if parts[0] == "overlays" else parts[1].removesuffix(".yaml")  # also base/<name>/, services/<name>/


def _is_near(project: Project, tree: Tree, page: ServicePage, service: str, environment: str) -> bool:
    """Return whether a page is released in the environment, on the cluster of the service that goes."""
    if environment not in project.environments_of(page):
        return False
    if f"{overlay_folder(environment, page.name)}/{NAME}" not in tree.files:
        return False
    gone = project.services.get(service)
    place = project.systems[gone.system].environments.get(environment) if gone else None
    return place is None or place.cluster == project.placement(page.system, environment).cluster


class _Looker:
    """Looks through one service in one environment."""

    def __init__(self, project: Project, tree: Tree, page: ServicePage, environment: str) -> None:
        self._project, self._tree, self._page, self._environment = project, tree, page, environment
        service = project.service(page, environment)
        self._namespace, self._objects = service.namespace, render(service)

    def referrers(self, gone: Going) -> Iterator[Referrer]:
        """Yield each line that refers to what goes."""
        yield from self._external(gone)
        mentions = list(_mentions(self._objects, gone))
        if mentions:
            source = self._source()
            for manifest, path, words in mentions:
                yield self._referrer(source.place(identity(manifest), path)[0], words)
        yield from self._own(gone)

    def _referrer(self, place: Place, words: str) -> Referrer:
        return Referrer(place=place, environment=self._environment, words=words)

    def _external(self, gone: Going) -> Iterator[Referrer]:
        layers = self._project.layers(self._page, self._environment)
        for number, entry in enumerate(layers.merged.get("external", ())):
            if entry in gone.external:
                yield self._referrer(layers.place(("external", number)), f"external: takes {entry} for somebody else's")

    def _own(self, gone: Going) -> Iterator[Referrer]:
        """Look through the person's own files of the overlay; of a copy the base's file is told."""
        folder = overlay_folder(self._environment, self._page.name)
        for copy in (path for part in _OWN for path in self._tree.under(f"{folder}/{part}")):
            name = copy.removeprefix(f"{folder}/")
            path = find_own_file(self._tree.files, self._page.name, self._environment, name)
            document, _ = parse(self._tree.files[path], path)
            if document is not None and isinstance(document.value, dict):
                for _, where, words in _mentions([self._placed(document.value)], gone):
                    yield self._referrer(document.place(where), words)

    def _placed(self, manifest: Manifest) -> Manifest:
        """Return an own object with its namespace; a patch may leave it out."""
        return {**manifest, "metadata": {"namespace": self._namespace, **mapping(manifest.get("metadata"))}}

    def _source(self) -> LineSource:
        record = records(self._project, self._tree, self._page).get(self._environment, {})
        document, _ = record_document(self._tree, self._page.name, self._environment)
        assert document is not None  # noqa: S101  # an overlay whose record can be read has its kustomization
        return service_source(self._project, self._page, self._environment, record, document)


def _mentions(objects: Sequence[Manifest], gone: Going) -> Iterator[tuple[Manifest, Path, str]]:
    """Yield each field of some objects that refers to what goes, and how."""
    by_title = {title(manifest): manifest for manifest in objects}
    own = going(objects)
    for found in references(objects):
        if (found.namespace, found.name) in gone.services - own.services:
            manifest = by_title[found.object]
            yield manifest, found.path, f"{found.object}: {_variable(manifest, found.path)} names Service {found.name}"
    for manifest in objects:
        for used in uses(manifest):
            if used.kind == "ConfigMap" and (used.namespace, used.name) in gone.config_maps - own.config_maps:
                yield manifest, used.path, f"{title(manifest)}: uses ConfigMap {used.name}"
        for path, _ in leaves(manifest):
            if path[-2:-1] == ("matchLabels",) and _picks(manifest, path, gone) and not _picks(manifest, path, own):
                where = next((step for step in path if step in _PICKING), show(path))
                yield manifest, path, f"{title(manifest)}: {where} picks its pods"
        host = at(manifest, ("spec", "externalName"))
        if isinstance(host, str) and tuple(reversed(host.split(".")[:2])) in gone.services:
            yield manifest, ("spec", "externalName"), f"{title(manifest)}: an alias of {host}"


def _picks(manifest: Manifest, path: Path, going: Going) -> bool:
    """Return whether a field is the first label by which the selector around it picks pods that go."""
    wanted = mapping(at(manifest, path[:-1]))
    meant = going.meant(namespace(manifest), frozenset(wanted.items()))
    return path[-1] == next((label for label, value in wanted.items() if (label, value) in meant), None)


def _variable(manifest: Manifest, path: Path) -> str:
    """Name the variable or key that a value belongs to."""
    return str(at(manifest, (*path[:-1], "name")) or path[-1])
