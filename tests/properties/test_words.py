"""No word of a page is dropped in silence: it changes what is rendered, is refused, or stands in `overruled`."""

from __future__ import annotations

from pathlib import Path as File
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
import yaml

import generator
from generator.errors import InputError
from generator.finding import Place
from generator.inputs.consistency import contradictions
from generator.model.page import Page
from generator.model.service import Service
from generator.render import render
from generator.render.overruled import overruled
from tests.properties.words import Word, laid, nested, words
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
    "all pods at once": "{image: web, strategy: {type: Recreate}, replicas: null, autoscaling: external}",
}
PLACES: dict[str, Placement] = {
    "aws": PLACEMENT,
    "no aws": msgspec.structs.replace(PLACEMENT, provider="none", region="", account="", registry="", certificate=None),
}

# Words that are for Fairlead and not for the cluster, and who reads them.
READ_ELSEWHERE = {
    "suppress": "prove/suppression.py",
    "external": "rules/references.py",
    "extraResources": "layout/overlay.py",
    "patches": "layout/overlay.py",
    "tagOrder": "release/order.py",
    "releasedTogether": "release/bump.py",
}
# Values that a word takes where its type says too little.
FITTING: dict[str, tuple[Any, ...]] = {"schedule": ("0 3 * * *", "0 4 * * *")}


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
        refused = contradictions("web", page, placement, {"shop"}, Nowhere())  # type: ignore[arg-type]  # places alone
    except (msgspec.ValidationError, InputError):
        return None
    return None if refused else Service(name="web", system="shop", namespace="shop", page=page, placement=placement)


def silent(page: dict[str, Any], word: Word, placement: Placement) -> bool:
    """Report whether a word can be set to any value and nobody says or does anything about it."""
    around = laid(page, word.around)
    before = service(around, placement)
    if before is None or any(same(each.path, word.path) for each in overruled(before)):
        return False
    outcomes = [render(before)]
    pages = [laid(around, nested(word.path, value)) for value in FITTING.get(word.path[-1], word.values)]
    for other in [page for page in pages if page != around]:
        after = service(other, placement)
        if after is None or any(same(each.path, word.path) for each in overruled(after)):
            return False
        outcomes.append(render(after))
    return len(outcomes) > 1 and all(outcome == outcomes[0] for outcome in outcomes)


def same(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Report whether two paths are one, or one is inside the other."""
    return all(first == second for first, second in zip(one, other, strict=False))


def asked() -> Iterator[Word]:
    """Yield the words that the cluster should hear of."""
    for word in words(Page):
        if not READ_ELSEWHERE.keys() & set(word.path):
            yield word


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("page", PAGES)
def test_no_word_is_dropped_in_silence(page: str, place: str) -> None:
    """Set to a value, each word of the model shows in the build, is refused or is explained."""
    values = laid(DEFAULTS, yaml.safe_load(PAGES[page]))
    values = {key: value for key, value in values.items() if value is not None}
    assert service(values, PLACES[place]) is not None
    assert [".".join(word.path) for word in asked() if silent(values, word, PLACES[place])] == []
