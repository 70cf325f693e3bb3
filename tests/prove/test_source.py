"""The line behind a rendered field, found by changing one leaf of the inputs at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from generator.inputs.load import load
from generator.manifest import ObjectId, Path
from generator.progress import Silent
from generator.prove.overlays import source_of
from generator.tree import read
from generator.units import render_units
from tests.prove.shop import FILES, make_shop

if TYPE_CHECKING:
    from pathlib import Path as FilePath

    from generator.prove.source import Source
    from tests.conftest import Fairlead

PAGE = FILES["services/cart.yaml"] + "environments:\n  dev:\n    env: {LEVEL: debug}\n"
CONTAINER = ("spec", "template", "spec", "containers", 0)
DEPLOYMENT = ObjectId("apps", "Deployment", "shop", "cart")
SERVICE = ObjectId("", "Service", "shop", "cart")


@pytest.fixture
def source(tmp_path: FilePath, fairlead: Fairlead) -> Source:
    """Give the finder of lines of cart in dev."""
    root = make_shop(tmp_path, services__cart=PAGE)
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
def test_a_field_leads_to_its_line(source: Source, id_: ObjectId, path: Path, expected: str) -> None:
    """Whatever a person wrote to get this field is where the finding points."""
    place, written = source.place(id_, path)
    assert (str(place), written) == (expected, True)


def test_a_default_points_at_the_page_and_says_so(source: Source) -> None:
    """Nobody wrote a built-in default: the page's first line stands for it."""
    place, written = source.place(DEPLOYMENT, ("spec", "revisionHistoryLimit"))
    assert (str(place), written) == ("services/cart.yaml:1:1", False)
