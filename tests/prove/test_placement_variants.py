"""The line behind a field that the place of a service decides: on the system's page, or on the cluster's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from generator.disk.tree import read
from generator.findings.progress import Silent
from generator.inputs.load import load
from generator.kubernetes.manifest import ObjectId, Path
from generator.prove.overlays import source_of
from generator.units import render_units
from tests.prove.shop import make_shop

if TYPE_CHECKING:
    from pathlib import Path as FilePath

    from generator.prove.source import LineSource
    from tests.conftest import Fairlead

SYSTEM = """\
owner: shop
namespaces: {shop: {}}
environments:
  dev:
    cluster: here
    secretStore:
      kind: SecretStore
      name: vault
      refreshInterval: 30m
"""
PAGE = """\
system: shop
image: cart
port: 8000
ingress: {className: alb}
secrets:
  db: {URL: cart/url}
resources:
  requests: {cpu: 100m, memory: 64Mi}
  limits: {memory: 64Mi}
readinessProbe: {httpGet: /ready}
"""
CLUSTER = "provider: none\ningressClassName: nginx\n"
SECRET = ObjectId("external-secrets.io", "ExternalSecret", "shop", "db")
INGRESS = ObjectId("networking.k8s.io", "Ingress", "shop", "cart")


@pytest.fixture
def source(tmp_path: FilePath, fairlead: Fairlead) -> LineSource:
    """Return the finder of lines of cart in dev, on a cluster without AWS."""
    root = make_shop(tmp_path, services__cart=PAGE, systems__shop=SYSTEM)
    (root / "clusters/here.yaml").write_text(CLUSTER, encoding="utf-8")
    assert fairlead("bump", "cart", "--env", "dev", "--tag", "1.0", root=root).code == 0
    tree = read(root)
    project = load(tree)
    (unit,) = render_units(project, tree, {"cart"}, Silent())
    return source_of(tree, project, unit.overlays[0])


@pytest.mark.parametrize(
    ("id_", "path", "expected"),
    [
        pytest.param(SECRET, ("spec", "secretStoreRef", "name"), "systems/shop.yaml:8:13", id="the store"),
        pytest.param(SECRET, ("spec", "secretStoreRef", "kind"), "systems/shop.yaml:7:13", id="its kind"),
        pytest.param(SECRET, ("spec", "refreshInterval"), "systems/shop.yaml:9:24", id="its interval"),
        pytest.param(SECRET, ("spec", "data", 0, "remoteRef", "key"), "services/cart.yaml:6:13", id="the entry"),
        pytest.param(INGRESS, ("spec", "ingressClassName"), "services/cart.yaml:4:22", id="the class"),
    ],
)
def test_the_line_of_the_place(source: LineSource, id_: ObjectId, path: Path, expected: str) -> None:
    """Found by changing the words of the place one at a time, as with those of the page."""
    place, written = source.place(id_, path)
    assert (str(place), written) == (expected, True)
