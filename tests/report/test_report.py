"""What is said about a plan and about a proof."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from generator.findings.verdict import Report
from generator.report.report import totals
from tests.prove.shop import FILES, make_shop

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Fairlead

PAGE = FILES["services/cart.yaml"]


@pytest.fixture
def dropped(tmp_path: Path, fairlead: Fairlead) -> Path:
    """Return a shop whose page no longer has the container `worker`, which is released in dev."""
    resources = "{requests: {cpu: 10m, memory: 64Mi}, limits: {memory: 64Mi}}"
    worker = f"containers: {{worker: {{image: worker, resources: {resources}}}}}\n"
    root = make_shop(tmp_path, services__cart=PAGE + worker)
    assert (
        fairlead(
            "bump", "cart", "--env", "dev", "--tag", "1.0", "--image", "cart", "--image", "worker=2.0", root=root
        ).code
        == 0
    )
    assert fairlead("generate", root=root).code == 0
    (root / "services/cart.yaml").write_text(PAGE, encoding="utf-8")
    return root


@pytest.mark.parametrize("options", [[], ["--dry-run"], ["--check"]], ids=["write", "dry-run", "check"])
def test_a_lost_record_is_said(dropped: Path, fairlead: Fairlead, options: list[str]) -> None:
    """A page that drops a container drops its release too, and that shows."""
    lines = fairlead("generate", *options, root=dropped).stdout.splitlines()
    assert [line for line in lines if line.startswith("release")] == ["release record removed: dev/cart worker 2.0"]


def test_a_lost_record_is_data(dropped: Path, fairlead: Fairlead) -> None:
    """The same for machines."""
    said = json.loads(fairlead("generate", "--format", "json", root=dropped).stdout)
    gone = {"environment": "dev", "service": "cart", "image": "worker", "release": "2.0"}
    assert said["recordsRemoved"] == [gone]


def test_a_kept_record_is_not_mentioned(dropped: Path, fairlead: Fairlead) -> None:
    """Another change of the page leaves the record alone."""
    fairlead("generate", root=dropped)
    (dropped / "services/cart.yaml").write_text(PAGE + "environments: {dev: {replicas: 3}}\n", encoding="utf-8")
    assert "release record removed" not in fairlead("generate", root=dropped).text


@pytest.mark.parametrize(("number", "said"), [(0, "0 pages, 0 overlays built"), (1, "1 page, 1 overlay built")])
def test_one_is_singular(number: int, said: str) -> None:
    """And none is not."""
    counts = dict.fromkeys(("pages", "overlays", "compared", "checked", "skipped", "rules", "hits", "misses"), number)
    assert totals(Report(**counts, findings=(), suppressed=(), api_server=None))[0].startswith(said)
