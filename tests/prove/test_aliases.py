"""YAML aliases on a page: what several containers share is told at the container that a finding is about."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from generator.findings.finding import Place
from generator.yamlio.read import parse
from tests.prove.shop import make_shop

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Fairlead

PAGE = """\
system: shop
image: cart
port: 8080
readinessProbe: {httpGet: /ready}
env: &env
  DB_PASSWORD: hunter22xyz
resources: &resources
  requests: {cpu: 100m, memory: 64Mi}
containers:
  side:
    image: docker.io/shop/side:1.2
    env: *env
    resources: *resources
cronJobs:
  nightly: {schedule: "0 3 * * *", env: *env, resources: {limits: {memory: 64Mi}, requests: {cpu: 1m, memory: 1Mi}}}
"""


PATHS: dict[tuple[str | int, ...], tuple[int, int]] = {
    ("a", "b", 0): (1, 15),
    ("a", "c", 0): (1, 22),
    ("d", "e", "b", 0): (2, 8),
    ("d", "e", "c"): (2, 8),
    ("d", "f", 0): (2, 15),
}


def test_a_finding_points_at_the_alias_of_its_own_container(tmp_path: Path, fairlead: Fairlead) -> None:
    """At the anchor stands another container, whose finding is a finding of its own."""
    root = make_shop(tmp_path, services__cart=PAGE)
    (root / "overlays/dev/cart").mkdir(parents=True, exist_ok=True)
    record = 'kind: Kustomization\nimages:\n- name: cart\n  newTag: "1.0"\n'
    (root / "overlays/dev/cart/kustomization.yaml").write_text(record, encoding="utf-8")
    assert fairlead("generate", "--force", root=root).code == 0
    found = json.loads(fairlead("validate", "--format", "json", root=root).stdout)["findings"]

    places = {
        (each["rule"], each["message"].split("container `")[1].split("`")[0]): (
            each["place"]["line"],
            each["place"]["column"],
        )
        for each in found
        if each["rule"] in {"WRK005", "WRK021"}
    }
    assert places == {
        ("WRK021", "cart"): (6, 16),
        ("WRK005", "cart"): (8, 19),
        ("WRK021", "side"): (12, 10),
        ("WRK005", "side"): (13, 16),
        ("WRK021", "nightly"): (15, 41),
    }


def test_aliases_inside_of_aliases_stand_where_the_outer_one_does() -> None:
    """What is reached twice through an anchor counts its own alias once, in the text's order."""
    document, problems = parse(b"a: &a {b: &b [1], c: *b}\nd: {e: *a, f: *b}\n", "page.yaml")

    assert document is not None
    assert not problems
    assert {path: document.place(path) for path in PATHS} == {
        path: Place("page.yaml", line, column) for path, (line, column) in PATHS.items()
    }
