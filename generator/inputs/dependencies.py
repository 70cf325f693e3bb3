"""Which other pages a page depends on: those whose ConfigMaps its pods use, and those that it is placed beside.

Read from the pages one by one, without their layers, so a few pages too many may be named, but none is missing: keys
of what is remembered hold what is found here. What a page says is remembered by its bytes, and a repository whose pages
use only what is their own costs one search through the text of each.
"""

from __future__ import annotations

from functools import cached_property
from itertools import product
from typing import TYPE_CHECKING, Any

import msgspec

from generator.disk.cache import fingerprint, open_cache
from generator.disk.tree import digest
from generator.paths import is_page

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from generator.disk.cache import Cache
    from generator.disk.tree import Tree

# Words without which a page renders no ConfigMap, and names nothing of another's: of a volume it is both that it needs.
# A backslash may spell any of them otherwise.
_CONFIG_MAP, _VOLUMES, _BACKSLASH = b"configMap", b"volumes", b"\\"
_USING = (b"configMapRef", b"configMapKeyRef", b"colocateWith", _BACKSLASH)

_REFERENCES = ("configMapRef", "configMapKeyRef", "configMap")
_OWN = ("configMap", "configMaps")
_SHARED = ("systems/", "environments/")
_PAGES = ("services/", *_SHARED)


class Words(msgspec.Struct, frozen=True):
    """What layers say: names of workloads, keys and names of ConfigMaps, ConfigMaps used, services stood beside."""

    workloads: frozenset[str] = frozenset()
    keys: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    used: frozenset[str] = frozenset()
    beside: frozenset[str] = frozenset()

    def joined(self, other: Words) -> Words:
        """Return what the two say together."""
        return Words(*(mine | theirs for mine, theirs in zip(_fields(self), _fields(other), strict=True)))

    def config_maps(self, service: str) -> Iterator[str]:
        """Yield every name that a ConfigMap of the service may have."""
        yield from self.names
        yield from map("".join, product({service, *self.workloads}, self.keys))


def _fields(words: Words) -> tuple[frozenset[str], ...]:
    return words.workloads, words.keys, words.names, words.used, words.beside


class Dependencies:
    """The dependencies among the pages of a tree."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree

    def pages_of(self, service: str) -> tuple[str, ...]:
        """Return the other services on whose pages the rendering of a service depends."""
        if service not in self._using:
            return ()
        words = self._said_by(service)
        found = {each for name in words.used for each in self.renderers_of(name)}
        return tuple(sorted((found | (words.beside & self._pages.keys())) - {service}))

    def dependents_of(self, service: str) -> frozenset[str]:
        """Return the services whose rendering depends on the page of this one."""
        return frozenset(each for each in self._using if service in self.pages_of(each))

    def renderers_of(self, config_map: str) -> tuple[str, ...]:
        """Return the services whose pages may render a ConfigMap of this name."""
        return self._renderers.get(config_map, ())

    @cached_property
    def _pages(self) -> dict[str, str]:
        """The page of each service."""
        paths = (path for path in self._tree.under("services") if is_page(path) and path.endswith(".yaml"))
        return {path.split("/")[1].removesuffix(".yaml"): path for path in paths}

    @cached_property
    def _defaults(self) -> list[str]:
        """The pages with layers of services."""
        return [path for path in self._tree.files if path.startswith(_SHARED) and path.endswith(".yaml")]

    @cached_property
    def _using(self) -> frozenset[str]:
        """The services that may use something of another's."""
        everything = b"\n".join(data for path, data in self._tree.files.items() if path.startswith(_PAGES))
        return frozenset(self._services(_may_use) if _may_use(everything) else ())

    @cached_property
    def _rendering(self) -> frozenset[str]:
        """The services that may render a ConfigMap."""
        return frozenset(self._services(_may_render))

    def _services(self, may: Callable[[bytes], bool]) -> Iterable[str]:
        """Return the services whose pages may do something, all of them if a layer below all pages may."""
        files = self._tree.files
        if any(may(files[path]) for path in self._defaults):
            return self._pages
        return [service for service, path in self._pages.items() if may(files[path])]

    @cached_property
    def _renderers(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, list[str]] = {}
        for service in self._rendering:
            for name in set(self._said_by(service).config_maps(service)):
                found.setdefault(name, []).append(service)
        return {name: tuple(sorted(services)) for name, services in found.items()}

    def _said_by(self, service: str) -> Words:
        """Return what a page and the layers below it say."""
        return self._words[self._pages[service]].joined(self._shared)

    @cached_property
    def _shared(self) -> Words:
        """What the layers of all services say together."""
        words = Words()
        for path in self._defaults:
            words = words.joined(self._words[path])
        return words

    @cached_property
    def _words(self) -> dict[str, Words]:
        """What each page says that uses or renders ConfigMaps; one that cannot be read says nothing."""
        cache = open_cache(self._tree.root, "words", self._tree.memory)
        pages = sorted(self._pages[service] for service in self._using | self._rendering)
        found = {path: _remembered(cache, path, self._tree.files[path]) for path in (*self._defaults, *pages)}
        cache.save()
        return found


def _remembered(cache: Cache, path: str, data: bytes) -> Words:
    key = digest([("words", fingerprint().encode()), (path, data)])
    words: Words | None = cache.get(key, Words)
    if words is None and (words := read_words(data, path)) is not None:
        cache.put(key, words)
    return words or Words()


def _may_use(data: bytes) -> bool:
    return any(word in data for word in _USING) or (_VOLUMES in data and _CONFIG_MAP in data)


def _may_render(data: bytes) -> bool:
    return _CONFIG_MAP in data or _BACKSLASH in data


def read_words(data: bytes, path: str) -> Words | None:
    """Return what a page says, None for one that cannot be read: loading it tells why."""
    from generator.yamlio import parse  # 20 ms that a run with nothing new does not pay

    document, _ = parse(data, path)
    if document is None or not isinstance(document.value, dict):
        return None
    words = Words()
    for layer in _layers(document.value, path):
        words = words.joined(_said(layer))
    return words


def _layers(page: dict[str, Any], path: str) -> Iterator[dict[str, Any]]:
    """Yield the layers of services that a page holds."""
    environments = [each for each in _mapping(page.get("environments")).values() if isinstance(each, dict)]
    if path.startswith(_SHARED):
        yield from (_mapping(each.get("defaults")) for each in (page, *environments))
    else:
        yield from ({key: value for key, value in page.items() if key != "environments"}, *environments)


def _said(layer: dict[str, Any]) -> Words:
    more = _mapping(layer.get("configMaps"))
    settings = [_mapping(each) for each in (layer.get("configMap"), *more.values())]
    keys = ["", *(f"-{key}" for key in more)] if "configMap" in layer else [f"-{key}" for key in more]
    rest = {key: value for key, value in layer.items() if key not in _OWN}
    beside = layer.get("colocateWith")
    return Words(
        workloads=_texts([layer.get("name")]),
        keys=frozenset(keys),
        names=_texts(each.get("name") for each in settings),
        used=_texts(_used(rest)),
        beside=_texts(beside if isinstance(beside, list) else ()),
    )


def _used(value: Any) -> Iterator[Any]:
    """Yield the name in each reference to a ConfigMap below `value`."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in inner:
        if key in _REFERENCES and isinstance(each, dict):
            yield each.get("name")
        yield from _used(each)


def _texts(values: Iterable[Any]) -> frozenset[str]:
    return frozenset(value for value in values if isinstance(value, str))


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
