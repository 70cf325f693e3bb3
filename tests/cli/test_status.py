"""`fairlead status`."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest

from generator.clock.instant import format_instant
from tests.release.three import HOLD, page, path, record, three

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Fairlead
    from tests.repo.story import Story


@pytest.fixture(autouse=True)
def wide(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the terminal wide enough for every table here."""
    monkeypatch.setenv("COLUMNS", "120")


@pytest.fixture
def story(tmp_path: Path) -> Story:
    """Return a repository with two services, of which `web` is on its way to prod."""
    story = three(tmp_path / "story")
    story.commit(page("api") | {path("dev", "api"): record(api="2.0")})
    story.commit({path(place): record(web="1.4.2") for place in ("dev", "staging", "prod")})
    story.commit({path("dev"): record(web="1.4.3")})
    story.commit({"overlays/prod/web/hold.yaml": HOLD.replace("2026", "2999")})
    story.check_out()
    return story


def words(text: str) -> list[list[str]]:
    """Return the words of each line, but for ages."""
    return [[word for word in line.split() if not word[:-1].isdigit()] for line in text.splitlines()]


def test_services_and_environments_are_a_table(story: Story, fairlead: Fairlead) -> None:
    """Release, how it stands to the environment before, and what is held by whom."""
    said = fairlead("status", root=story.root)
    assert (said.code, said.stderr) == (0, "")
    table, _, below = said.stdout.partition("\n\n")
    assert words(table) == [
        ["service", "dev", "staging", "prod"],
        ["api", "2.0", "not", "released", "not", "released"],
        ["web", "1.4.3", "1.4.2", "behind", "1", "1.4.2", "same,", "held"],
    ]
    assert (
        below == "prod/web is held at 1.4.2 by Dev <dev@example.com> until 2999-12-01T12:00:00Z (1.4.3 loses orders)\n"
    )


def test_some_of_it_can_be_asked_for(story: Story, fairlead: Fairlead) -> None:
    """Services, and one environment."""
    said = fairlead("status", "web", "--env", "staging", root=story.root)
    assert words(said.stdout) == [["service", "staging"], ["web", "1.4.2", "behind", "1"]]


def test_as_data(story: Story, fairlead: Fairlead) -> None:
    """Every cell with all that is known."""
    answer = json.loads(fairlead("status", "web", "--format", "json", root=story.root).stdout)
    assert [cell["environment"] for cell in answer["cells"]] == ["dev", "staging", "prod"]
    prod = answer["cells"][2]
    assert prod.pop("hold")["active"]
    assert len(prod.pop("commit")) == 40
    assert prod == {
        "service": "web",
        "environment": "prod",
        "record": {"web": {"newTag": "1.4.2", "digest": None}},
        "retired": False,
        "uncommitted": False,
        "since": format_instant(story.moment(2)),
        "atLeast": False,
        "previous": "staging",
        "drift": "same",
        "behind": None,
        "findings": [],
    }


def test_what_cannot_be_read_is_said_and_counts(story: Story, fairlead: Fairlead) -> None:
    """The rest of the table is there all the same; exit 1."""
    (story.root / path("staging")).write_text("images: 5\n", encoding="utf-8")
    said = fairlead("status", "web", root=story.root)
    assert said.code == 1
    assert "unreadable" in said.stdout.splitlines()[1]
    assert "overlays/staging/web/kustomization.yaml:1:1: error REL002" in said.stdout


def test_outside_of_git_ages_are_unknown(story: Story, fairlead: Fairlead) -> None:
    """The table is there."""
    shutil.rmtree(story.root / ".git")
    said = fairlead("status", "web", root=story.root)
    assert said.code == 0
    assert said.stdout.splitlines()[1].split() == ["web", "1.4.3", "1.4.2", "different", "1.4.2", "same,", "held"]
    assert said.stdout.splitlines()[-1] == "Ages are unknown: this is no git repository."


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["wbe"], "no service 'wbe'; did you mean 'web'?\n"),
        (["--env", "prd"], "no environment 'prd'; did you mean 'prod'?\n"),
        (["--env", "zzz"], "no environment 'zzz'; there are: dev, staging, prod\n"),
    ],
)
def test_an_unknown_name_is_refused(story: Story, fairlead: Fairlead, arguments: list[str], message: str) -> None:
    """With the nearest one."""
    said = fairlead("status", *arguments, root=story.root)
    assert (said.code, said.stderr) == (2, message)
