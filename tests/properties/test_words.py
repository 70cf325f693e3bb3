"""No word of a page is dropped in silence: it changes what is rendered, is refused, or stands in `overruled`."""

from __future__ import annotations

from functools import cache
from pathlib import Path as File
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
import pytest
import yaml

import generator
from generator.findings.errors import InputError
from generator.findings.finding import Place
from generator.inputs.consistency import contradictions
from generator.model.page import Page
from generator.model.service import Service
from generator.render import render
from generator.render.overruled import find_overruled
from tests.properties.words import Path, Word, laid, nested, words
from tests.render.conftest import PLACEMENT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.model.service import Placement

ROOT = File(generator.__file__).parents[1]
DEFAULTS = yaml.safe_load((ROOT / "generator/inputs/defaults.yaml").read_text(encoding="utf-8"))
FULL = (ROOT / "tests/render/full.yaml").read_text(encoding="utf-8")

PAGES = {
    "everything": FULL,
    "smallest": "{image: web, port: 8000}",
    "worker": "{image: web}",
    "configuration alone": "{service: null, configMap: {data: {A: b}}}",
    "jobs without an image": """
        service: null
        jobs: {seed: {image: seeder}}
        cronJobs: {nightly: {image: cleaner, schedule: "@daily"}}
        """,
    "jobs without a Deployment": """
        image: web
        service: null
        deployment: false
        migrations: {}
        jobs: {seed: {inherit: true}}
        """,
    "node ports": "{image: web, port: 80, service: {type: NodePort}, ingress: {className: nginx, host: a.example.com}}",
    "a balancer": "{image: web, port: 8000, service: {type: LoadBalancer}, ingress: {className: alb}}",
    "a balancer of another class": "{image: web, port: 80, service: {type: LoadBalancer, loadBalancerClass: metallb}}",
    "a name alone": "{service: {type: ExternalName, externalName: db.example.com}}",
    "ports alone": "{image: web, ports: {grpc: 9000}, service: {port: null, ports: {grpc: {port: 9000}}}}",
    "volumes": "{image: web, port: 8000, volumes: {some-text: {emptyDir: {}}, other-text: {emptyDir: {}}}}",
    "all pods at once": "{image: web, strategy: {type: Recreate}, replicas: null, autoscaling: external}",
}
PLACES: dict[str, Placement] = {
    "aws": PLACEMENT,
    "no aws": msgspec.structs.replace(PLACEMENT, provider="none", region="", account="", registry="", certificate=None),
}

# Words that are for Fairlead and not for the cluster, and who reads them.
VOLUMES = ("some-text", "other-text")
READ_ELSEWHERE = {
    "suppress": "prove/suppression.py",
    "external": "rules/references.py",
    "extraResources": "layout/overlay.py",
    "patches": "layout/overlay.py",
    "tagOrder": "release/tag_order.py",
    "releasedTogether": "release/bump_edit.py",
}
# Values that a word takes where its type says too little, and what a word of a model needs beside it.
FITTING: dict[str, tuple[Any, ...]] = {
    "schedule": ("0 3 * * *", "0 4 * * *"),
    "timeZone": ("Europe/Berlin", "Europe/Vienna"),
    "loadBalancerSourceRanges": (["10.0.0.0/8"], ["10.1.0.0/16"]),
    "hostIP": ("127.0.0.1", "10.0.0.1"),
}
COMPANIONS: dict[str, dict[str, Any]] = {
    "Probe": {"tcpSocket": 8000},
    "EnvFrom": {"secretRef": {"name": "some-text"}},
    "KubernetesService": {"type": "ExternalName"},
}


class Nowhere:
    """Gives every word the same place: no layers are looked at."""

    def place(self, _path: tuple[str | int, ...]) -> Place:
        """Return the page."""
        return Place("services/web.yaml")

    def height(self, _path: tuple[str | int, ...]) -> int:
        """Return the lowest layer."""
        return 0


def service(values: dict[str, Any], placement: Placement) -> Service | None:
    """Return the service of a merged page, None where the page is refused."""
    try:
        page = msgspec.convert(values, Page)
        refused = contradictions("web", page, placement, {"shop", *VOLUMES}, Nowhere())  # type: ignore[arg-type]  # places alone
    except (msgspec.ValidationError, InputError):
        return None
    return (
        None
        if refused
        else Service(name="web", system="shop", namespace=page.namespace or "shop", page=page, placement=placement)
    )


class Outcome(NamedTuple):
    """What came of setting a word to its values: whether any was accepted, and whether it was without a trace."""

    tried: bool
    silent: bool


def outcome(page: dict[str, Any], word: Word, placement: Placement) -> Outcome:
    """Set a word to its values, alone and with what it may need beside it, and look at what comes of it."""
    found = [_outcome(msgspec.json.encode(around), word, placement) for around in _arounds(page, word)]
    return Outcome(any(each.tried for each in found), any(each.silent for each in found))


def _arounds(page: dict[str, Any], word: Word) -> Iterator[dict[str, Any]]:
    around = laid(page, word.around)
    yield around
    if word.model in COMPANIONS:
        yield laid(around, nested(word.path[:-1], COMPANIONS[word.model]))


@cache
def _before(around: bytes, placement: Placement) -> tuple[tuple[Path, ...], list[Any]]:
    """Return what `overruled` lists without the word, and the build; most words of a model are tried in one place."""
    before = service(msgspec.json.decode(around), placement)
    if before is None:
        return (), []
    return tuple(each.path for each in find_overruled(before)), [render(before)]


def _outcome(encoded: bytes, word: Word, placement: Placement) -> Outcome:
    overruled, before = _before(encoded, placement)
    if any(same(path, word.path) for path in overruled):
        return Outcome(tried=True, silent=False)
    around, builds = msgspec.json.decode(encoded), list(before)
    pages = [laid(around, nested(word.path, value)) for value in FITTING.get(str(word.path[-1]), word.values)]
    for after in (service(page, placement) for page in pages if page != around):
        if after is None:
            return Outcome(tried=False, silent=False)
        if any(same(each.path, word.path) for each in find_overruled(after)):
            return Outcome(tried=True, silent=False)
        builds.append(render(after))
    return Outcome(len(builds) > 1, len(builds) > 1 and all(build == builds[0] for build in builds))


def same(one: Path, other: Path) -> bool:
    """Report whether two paths are one, or one is inside the other."""
    return all(first == second for first, second in zip(one, other, strict=False))


def asked() -> Iterator[Word]:
    """Yield the words that the cluster should hear of."""
    for word in words(Page):
        if not READ_ELSEWHERE.keys() & set(word.path):
            yield word


def merged(page: str) -> dict[str, Any]:
    """Return one of the pages over the built-in defaults."""
    values = laid(DEFAULTS, yaml.safe_load(PAGES[page]))
    return {key: value for key, value in values.items() if value is not None}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("page", PAGES)
def test_no_word_is_dropped_in_silence(page: str, place: str) -> None:
    """Set to a value, each word of the model shows in the build, is refused or is explained."""
    values = merged(page)
    assert service(values, PLACES[place]) is not None
    assert [".".join(map(str, word.path)) for word in asked() if outcome(values, word, PLACES[place]).silent] == []


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("page", PAGES)
def test_a_word_that_is_said_to_do_nothing_does_nothing(page: str, place: str) -> None:
    """Two values of a word that `overruled` says is not rendered give one build."""
    values = merged(page)
    assert [".".join(map(str, word.path)) for word in asked() if belied(values, word, PLACES[place])] == []


def belied(page: dict[str, Any], word: Word, placement: Placement) -> bool:
    """Report whether a word is said to be rendered as nothing, and two of its values give two builds."""
    builds = []
    for value in FITTING.get(str(word.path[-1]), word.values):
        after = service(laid(laid(page, word.around), nested(word.path, value)), placement)
        found = find_overruled(after) if after else ()
        if after and any(each.path == word.path and each.rendered == "nothing" for each in found):
            builds.append(render(after))
    return any(build != builds[0] for build in builds)


def test_every_word_is_tried() -> None:
    """Somewhere the page is accepted with it: a word that is refused everywhere would never be looked at."""
    pages = [merged(page) for page in PAGES]
    untried = [word for word in asked() if not any(outcome(page, word, PLACEMENT).tried for page in pages)]
    assert [".".join(map(str, word.path)) for word in untried] == []
