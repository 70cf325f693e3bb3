"""The line behind a rendered field, found by changing one leaf of the inputs at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from generator.disk.tree import read
from generator.findings.progress import Silent
from generator.inputs.load import load
from generator.kubernetes.manifest import ObjectId, Path
from generator.prove.overlays import source_of
from generator.render import render
from generator.units import render_units
from tests.prove.shop import FILES, make_shop

if TYPE_CHECKING:
    from pathlib import Path as FilePath

    from generator.model.base import Manifest
    from generator.model.service import Service
    from generator.prove.source import LineSource
    from tests.conftest import Fairlead

PAGE = FILES["services/cart.yaml"] + "environments:\n  dev:\n    env: {LEVEL: debug}\n"
CONTAINER = ("spec", "template", "spec", "containers", 0)
DEPLOYMENT = ObjectId("apps", "Deployment", "shop", "cart")
SERVICE = ObjectId("", "Service", "shop", "cart")


@pytest.fixture
def source(tmp_path: FilePath, fairlead: Fairlead) -> LineSource:
    """Return the finder of lines of cart in dev."""
    return source_in(tmp_path, fairlead, PAGE)


def source_in(folder: FilePath, fairlead: Fairlead, page: str) -> LineSource:
    """Return the finder of lines of a page for cart, in dev."""
    root = make_shop(folder, services__cart=page)
    assert fairlead("bump", "cart", "--env", "dev", "--tag", "1.0", root=root).code == 0
    tree = read(root)
    project = load(tree)
    (unit,) = render_units(project, tree, {"cart"}, Silent())
    return source_of(tree, project, unit.overlays[0])


@pytest.mark.parametrize(
    ("id_", "path", "expected"),
    [
        pytest.param(DEPLOYMENT, ("spec", "replicas"), "services/cart.yaml:4:11", id="a value of the page"),
        pytest.param(DEPLOYMENT, (*CONTAINER, "env", 0, "value"), "services/cart.yaml:11:18", id="of its environment"),
        pytest.param(
            DEPLOYMENT, (*CONTAINER, "resources", "limits", "memory"), "services/cart.yaml:7:20", id="deep inside"
        ),
        pytest.param(
            DEPLOYMENT,
            (*CONTAINER, "resources", "limits", "cpu"),
            "services/cart.yaml:7:20",
            id="missing: its neighbour",
        ),
        pytest.param(
            DEPLOYMENT, (*CONTAINER, "ports", 0, "containerPort"), "services/cart.yaml:3:7", id="through two objects"
        ),
        pytest.param(SERVICE, ("spec", "ports", 0, "targetPort"), "services/cart.yaml:3:7", id="and in the other one"),
        pytest.param(
            DEPLOYMENT, (*CONTAINER, "image"), "overlays/dev/cart/kustomization.yaml:11:11", id="a tag is the record's"
        ),
    ],
)
def test_a_field_leads_to_its_line(source: LineSource, id_: ObjectId, path: Path, expected: str) -> None:
    """Whatever a person wrote to get this field is where the finding points."""
    place, written = source.place(id_, path)
    assert (str(place), written) == (expected, True)


def test_a_default_points_at_what_it_belongs_beside_and_says_so(source: LineSource) -> None:
    """Nobody wrote a built-in default: the image stands for a word of the workload."""
    place, written = source.place(DEPLOYMENT, ("spec", "revisionHistoryLimit"))
    assert (str(place), written) == ("services/cart.yaml:2:1", False)


def test_a_default_inside_a_word_of_the_page_points_at_that_word(tmp_path: FilePath, fairlead: Fairlead) -> None:
    """And not at what another page or another environment writes."""
    source = source_in(tmp_path, fairlead, PAGE + "service:\n  sessionAffinity: ClientIP\n")
    place, written = source.place(SERVICE, ("spec", "ports", 0, "port"))
    assert (str(place), written) == ("services/cart.yaml:12:1", False)


def many(key: str, entry: str) -> str:
    """Return a page with more entries under `key` than are looked at one by one; line 13 is the third."""
    return PAGE.replace(
        "environments:", "".join([f"{key}:\n", *[entry.format(n) for n in range(100)], "environments:"])
    )


@pytest.mark.parametrize(
    ("key", "entry", "path"),
    [
        pytest.param(
            "podAnnotations", "  note-{0}: x\n", ("spec", "template", "metadata", "annotations", "note-2"), id="a key"
        ),
        pytest.param("env", "  NOTE_{0}: x\n", (*CONTAINER, "env", 2, "value"), id="the name of an item"),
    ],
)
def test_an_entry_of_many_has_its_line(
    tmp_path: FilePath, fairlead: Fairlead, key: str, entry: str, path: Path
) -> None:
    """A very long mapping is not changed entry by entry, and its entries are found all the same."""
    place, written = source_in(tmp_path, fairlead, many(key, entry)).place(DEPLOYMENT, path)
    assert ((place.file, place.line), written) == (("services/cart.yaml", 12), True)


def test_a_very_long_list_is_one_place(tmp_path: FilePath, fairlead: Fairlead) -> None:
    """What the rendered path does not name, the list's own line stands for."""
    place, _ = source_in(tmp_path, fairlead, many("args", "  - a{0}\n")).place(DEPLOYMENT, (*CONTAINER, "args", 2))
    assert place.line == 10


def test_a_very_long_mapping_costs_one_rendering(
    tmp_path: FilePath, fairlead: Fairlead, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The work does not grow with the entries of one mapping."""
    source = source_in(tmp_path, fairlead, many("podAnnotations", "  note-{0}: x\n"))
    sizes: list[int] = []

    def counted(service: Service) -> tuple[Manifest, ...]:
        sizes.append(len(service.page.podAnnotations))
        return render(service)

    monkeypatch.setattr("generator.prove.source.render", counted)
    source.place(DEPLOYMENT, ("spec", "replicas"))
    assert [size for size in sizes if size != 100] == [0]


PROBED = FILES["services/cart.yaml"] + "livenessProbe: {httpGet: /ready}\ncontainers:\n  worker: {image: worker}\n"


def test_a_probe_is_found_at_the_probe(tmp_path: FilePath, fairlead: Fairlead) -> None:
    """Its port moves it too, and much else; its path moves nothing but it."""
    root = make_shop(tmp_path, services__cart=PROBED)
    said = fairlead("bump", "cart", "--env", "dev", "--tag", "1.0", "--image", "worker=2", root=root).stderr
    assert "services/cart.yaml:9:26: error WRK008" in said


def test_what_is_missing_is_missed_on_the_page(tmp_path: FilePath, fairlead: Fairlead) -> None:
    """A finding about a field that nobody wrote points at the container's entry, never at a rendered file."""
    root = make_shop(tmp_path, services__cart=PROBED)
    said = fairlead("bump", "cart", "--env", "dev", "--tag", "1.0", "--image", "worker=2", root=root).stderr
    missing = [line for line in said.splitlines() if "WRK005" in line]
    assert missing
    assert [line.partition(":1")[0] for line in missing] == ["services/cart.yaml"] * len(missing)
