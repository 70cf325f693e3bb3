"""Freezes with dates that are over: their windows come again every year, so `validate` tells while there is time."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from generator.disk.tree import Tree, read
from generator.gates.expired_freezes import bygone_freezes
from tests.prove.shop import FILES, make_shop

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Fairlead

FREEZE = '- {from: "2026-12-20T18:00", to: "2027-01-04T08:00"%s}'
GITOPS = FILES["gitops.yaml"].replace("3.5.7}", "3.5.7, instances: {hub: {}}}")


def shop(folder: Path, *freezes: str, gitops: str = GITOPS) -> Tree:
    """Return a repository whose only environment has these freezes."""
    page = "gates:\n  freezes:\n" + "".join(f"  {freeze}\n" for freeze in freezes)
    return read(make_shop(folder, gitops=gitops, environments__dev=page))


def told(tree: Tree, now: str) -> list[str]:
    """Return what is said at a time in UTC."""
    return [str(finding) for finding in bygone_freezes(tree, datetime.fromisoformat(now).replace(tzinfo=UTC))]


def said(closing: str) -> list[str]:
    """Return the one warning."""
    over = "the freeze ended 2027-01-04T08:00, and its sync window has no year"
    return [f"environments/dev.yaml:3:5: warning ARG013: {over}: Argo CD {closing}; take it off the page"]


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        pytest.param("2026-12-01T00:00", [], id="it has not begun"),
        pytest.param("2026-12-24T18:00", [], id="it goes on"),
        pytest.param("2027-01-04T07:59", [], id="its last minute"),
        pytest.param("2027-01-04T08:00", said("closes dev again on 2027-12-20"), id="it is over"),
        pytest.param("2027-12-24T18:00", said("keeps dev closed again since 2027-12-20"), id="a year later"),
        pytest.param("2028-02-01T00:00", said("closes dev again on 2028-12-20"), id="after that"),
    ],
)
def test_a_freeze_that_is_over_is_told(tmp_path: Path, now: str, expected: list[str]) -> None:
    """From its end on, with the day on which its window closes next."""
    assert told(shop(tmp_path, FREEZE % ""), now) == expected


def test_its_clock_is_that_of_its_zone(tmp_path: Path) -> None:
    """Eight in the morning is seven in UTC there."""
    tree = shop(tmp_path, FREEZE % ", timeZone: Europe/Berlin")
    assert (len(told(tree, "2027-01-04T06:59")), len(told(tree, "2027-01-04T07:00"))) == (0, 1)


def test_a_day_that_not_every_year_has(tmp_path: Path) -> None:
    """Its window waits for the next leap year."""
    (line,) = told(shop(tmp_path, '- {from: "2024-02-29T00:00", to: "2024-03-01T00:00"}'), "2026-01-01T00:00")
    assert "closes dev again on 2028-02-29" in line


def test_a_freeze_that_comes_again_is_never_over(tmp_path: Path) -> None:
    """That is what its schedule is for."""
    assert (
        told(shop(tmp_path, '- {schedule: "0 18 * * 5", duration: 62h, reason: since 2020-01-01}'), "2027-06-01") == []
    )


def test_without_an_argo_cd_on_the_pages_there_is_no_window(tmp_path: Path) -> None:
    """Then the freeze holds releases alone, and dates that are over hold none."""
    assert told(shop(tmp_path, FREEZE % "", gitops=FILES["gitops.yaml"]), "2027-06-01") == []


def test_validate_tells_it_every_time(tmp_path: Path, fairlead: Fairlead) -> None:
    """Also when it remembers everything else; a warning does not fail it."""
    root = tmp_path
    shop(root, '- {from: "2020-12-20T18:00", to: "2021-01-04T08:00"}')
    assert fairlead("generate", root=root).code == 0
    assert fairlead("bump", "cart", "--env", "dev", "--tag", "1.0", root=root).code == 0
    for _ in range(2):
        answer = fairlead("validate", root=root)
        assert answer.code == 0
        assert "environments/dev.yaml:3:5: warning ARG013: the freeze ended 2021-01-04T08:00" in answer.text
