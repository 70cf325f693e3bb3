"""`fairlead history`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from generator.clock.instant import format_instant
from tests.release.three import HOLD, PAGES, page, path, record, three
from tests.repo.story import Story, cloned, run_git

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Fairlead

HELD = "overlays/prod/web/hold.yaml"


@pytest.fixture
def story(tmp_path: Path) -> Story:
    """Return a repository in which `web` was released, promoted with an override, held, rolled back and retired."""
    story = three(tmp_path / "story")
    story.commit({path("dev"): record(web="1.4.2"), path("prod"): record(web="1.4.2")}, "First")
    story.commit({path("dev"): record(web="1.4.3")}, "Bump")
    story.commit(
        {path("prod"): record(web="1.4.3")},
        "Promote\n\nPromoted-From: dev\nGate-Override: soak: the fix is known\n",
        author=b"Ann Example <ann@example.com>",
        zone="+0200",
    )
    story.commit({path("prod"): record(web="1.4.2"), HELD: HOLD}, "Roll back\n\nRollback-Of: 1.4.3\n")
    story.commit({HELD: None})
    story.commit({path("dev"): None}, "Retire")
    story.check_out()
    return story


def test_every_change_has_a_line(story: Story, fairlead: Fairlead) -> None:
    """Newest first: retirement, the end of a hold, rollback and hold, override, and first releases."""
    ids = run_git(story.root, "rev-list", "main").decode().split()
    commits = [id_[:10] for id_ in ids]
    said = fairlead("history", root=story.root)
    expected = [
        f"{format_instant(story.moment(6))}  dev/web   retired 1.4.3                    {commits[0]}  Dev",
        f"{format_instant(story.moment(5))}  prod/web  hold ended                       {commits[1]}  Dev",
        f"{format_instant(story.moment(4))}  prod/web  held until 2026-12-01T12:00:00Z  {commits[2]}  Dev",
        "    by Dev <dev@example.com>: 1.4.3 loses orders",
        "    rollback of 1.4.3",
        f"{format_instant(story.moment(4))}  prod/web  1.4.3 -> 1.4.2                   {commits[2]}  Dev",
        "    rollback of 1.4.3",
        f"{format_instant(story.moment(3))}  prod/web  1.4.2 -> 1.4.3                   {commits[3]}  Ann Example",
        "    promoted from dev",
        "    gate overridden: soak: the fix is known",
        f"{format_instant(story.moment(2))}  dev/web   1.4.2 -> 1.4.3                   {commits[4]}  Dev",
        f"{format_instant(story.moment(1))}  dev/web   released 1.4.2                   {commits[5]}  Dev",
        f"{format_instant(story.moment(1))}  prod/web  released 1.4.2                   {commits[5]}  Dev",
    ]
    assert (said.code, said.stdout.splitlines(), said.stderr) == (0, expected, "")


def test_one_service_in_one_environment(story: Story, fairlead: Fairlead) -> None:
    """The others are left out; so is what is older than the limit, and that is said."""
    said = fairlead("history", "web", "--env", "prod", "--limit", "2", root=story.root)
    assert [line.split()[1] for line in said.stdout.splitlines() if line[0] != " "] == ["prod/web"] * 2
    assert said.stderr == "the newest 2; --limit 0 shows all\n"
    assert fairlead("history", "web", "--limit", "0", root=story.root).stdout.count("/web") == 8


def test_as_data(story: Story, fairlead: Fairlead) -> None:
    """Every field of the event, times in UTC."""
    answer = json.loads(fairlead("history", "web", "--env", "prod", "--format", "json", root=story.root).stdout)
    promotion = answer["events"][3]
    assert answer["complete"]
    assert promotion == {
        "kind": "release",
        "environment": "prod",
        "service": "web",
        "commit": run_git(story.root, "rev-parse", "main~3").decode().strip(),
        "when": format_instant(story.moment(3)),
        "author": "Ann Example",
        "subject": "Promote",
        "trailers": {"Promoted-From": "dev", "Gate-Override": "soak: the fix is known"},
        "border": False,
        "before": {"web": {"newTag": "1.4.2", "digest": None}},
        "after": {"web": {"newTag": "1.4.3", "digest": None}},
    }
    assert [event["kind"] for event in answer["events"]] == ["hold", "hold", "release", "release", "release"]


def test_a_service_that_is_gone_has_a_history(story: Story, fairlead: Fairlead) -> None:
    """Without a page, and where the pages cannot even be read."""
    story.commit({"services/web.yaml": None, path("prod"): None, "systems/shop.yaml": "owner: [\n"})
    story.check_out()
    assert "retired 1.4.2" in fairlead("history", "web", root=story.root).stdout


def test_a_page_without_a_release_has_none_yet(story: Story, fairlead: Fairlead) -> None:
    """That is no error."""
    story.commit(page("api"))
    story.check_out()
    said = fairlead("history", "api", root=story.root)
    assert (said.code, said.stdout) == (0, "nothing was released yet\n")
    assert json.loads(fairlead("history", "api", "--format", "json", root=story.root).stdout)["events"] == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["wbe"], "no service 'wbe', now or earlier; did you mean 'web'?\n"),
        (["zzz"], "no service 'zzz', now or earlier\n"),
        (["--env", "prd"], "no environment 'prd', now or earlier; did you mean 'prod'?\n"),
        (["web", "--env", "../x"], "no environment '../x', now or earlier\n"),
    ],
)
def test_an_unknown_name_is_refused(story: Story, fairlead: Fairlead, arguments: list[str], message: str) -> None:
    """With the nearest one."""
    said = fairlead("history", *arguments, root=story.root)
    assert (said.code, said.stderr) == (2, message)


def test_a_shallow_clone_says_that_it_ends(story: Story, tmp_path: Path, fairlead: Fairlead) -> None:
    """What stands at its border was so by then."""
    said = fairlead("history", "--env", "prod", root=cloned(story, tmp_path / "clone", "--depth=4"))
    assert "1.4.3 by then" in said.stdout
    assert said.stdout.splitlines()[-1].startswith("This clone is shallow")


def test_outside_of_git_there_is_no_history(tmp_path: Path, fairlead: Fairlead) -> None:
    """Nor before the first commit, nor without git."""
    (tmp_path / "gitops.yaml").write_text(PAGES["gitops.yaml"], encoding="utf-8")
    outside = fairlead("history", root=tmp_path)
    assert (outside.code, outside.stderr) == (2, "not in a git repository: there is no history\n")
    run_git(tmp_path, "init", "--quiet")
    unborn = fairlead("history", root=tmp_path)
    assert (unborn.code, unborn.stderr) == (2, "no commit yet: there is no history\n")


def test_without_git_it_cannot_be_found_out(
    story: Story, fairlead: Fairlead, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """That is no usage error."""
    monkeypatch.setenv("PATH", str(tmp_path))
    said = fairlead("history", root=story.root)
    assert (said.code, said.stderr) == (3, "no git on the PATH; install it\n")
