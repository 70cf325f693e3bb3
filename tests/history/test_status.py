"""What runs where, and how it stands to the environment before."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from generator.disk.tree import read
from generator.history.environment_status import Cell, Drift
from generator.history.status import status
from generator.inputs.load import load
from generator.repo.log import WorkTree, checkout
from tests.release.three import ENVIRONMENTS, HOLD, PAGES, page, path, record, three
from tests.repo.story import Counting, Story, cloned, run_git

if TYPE_CHECKING:
    from pathlib import Path

DIGEST = f"sha256:{'0123456789abcdef' * 4}"


@pytest.fixture
def story(tmp_path: Path) -> Story:
    """Return a repository with the page of `web`, not released anywhere."""
    return three(tmp_path / "story")


def cells(root: Path, *environments: str) -> dict[tuple[str, str], Cell]:
    """Return the cells of a repository by service and environment."""
    tree = read(root)
    found = status(load(tree), tree, checkout(root), environments or ENVIRONMENTS)
    return {(cell.service, cell.environment): cell for cell in found}


def web(story: Story) -> dict[str, Cell]:
    """Check the story out, and give the cells of `web` by environment."""
    story.check_out()
    return {environment: cell for (service, environment), cell in cells(story.root).items() if service == "web"}


def drifts(story: Story) -> list[tuple[Drift | None, int | None]]:
    """Return how staging and prod stand."""
    found = web(story)
    return [(found[name].drift, found[name].behind) for name in ("staging", "prod")]


def test_a_cell_tells_release_age_and_commit(story: Story) -> None:
    """Both since the branch has the release; later changes of the file do not count."""
    story.commit({path("dev"): record(web="1")})
    id_ = story.commit({path("dev"): record(web="2")})
    story.commit({path("dev"): record(web="2") + "patches: []\n"})
    cell = web(story)["dev"]
    assert (cell.since, cell.commit, cell.at_least, cell.uncommitted) == (story.moment(2), id_, False, False)
    assert cell.record is not None
    assert cell.record["web"].newTag == "2"
    assert (cell.drift, cell.previous) == (None, None)


def test_an_age_is_that_of_the_newest_run(story: Story) -> None:
    """However far the log is read for other reasons."""
    for tag in ("1", "2", "1"):
        story.commit({path("staging"): record(web=tag)})
    story.commit({path("dev"): record(web="7")})
    assert web(story)["staging"].since == story.moment(3)


def test_each_service_has_a_cell_where_it_may_run(story: Story) -> None:
    """In the order of promotion; a page may shut an environment out, and the one before it is the nearest left."""
    story.commit(page("api", "environments: {staging: false}\n") | {path("prod", "api"): record(api="1")})
    story.check_out()
    found = cells(story.root)
    assert [*found] == [("api", "dev"), ("api", "prod"), *(("web", name) for name in ENVIRONMENTS)]
    assert found["api", "prod"].previous == "dev"
    assert [*cells(story.root, "prod")] == [("api", "prod"), ("web", "prod")]


def test_an_environment_apart_is_compared_with_nothing(story: Story) -> None:
    """It has a cell as any other; those after it look past it."""
    story.commit({"environments/staging.yaml": "promotion: false\n", path("staging"): record(web="1")})
    found = web(story)
    assert [*found] == [*ENVIRONMENTS]
    assert [found[name].previous for name in ENVIRONMENTS] == [None, None, "dev"]


def test_what_is_not_released_has_no_age(story: Story) -> None:
    """Be it never, or no longer."""
    story.commit({path("dev"): record(web="1"), path("prod"): record(web="1")})
    story.commit({path("dev"): None, "retired/dev/web.yaml": "by: x\n"})
    found = web(story)
    assert found["dev"] == Cell(environment="dev", service="web", retired=True)
    assert found["staging"] == Cell(environment="staging", service="web", previous="dev")
    assert found["prod"].drift is Drift.AHEAD


def test_the_same_release_is_the_same(story: Story) -> None:
    """However its digest is spelt; nothing has to be read for that."""
    story.commit({path("dev"): record(web=f"1@{DIGEST}")})
    story.commit({path("staging"): f'images:\n- name: web\n  newTag: "1"\n  digest: {DIGEST}\n'})
    assert drifts(story) == [(Drift.SAME, None), (None, None)]


def test_behind_counts_the_steps_since(story: Story) -> None:
    """Those of the environment before, since it had what runs here."""
    for tag in ("1", "2", "3", "4"):
        story.commit({path("dev"): record(web=tag)})
    story.commit({path("staging"): record(web="2"), path("prod"): record(web="1")})
    story.commit({path("staging"): record(web="1")})
    story.commit({path("staging"): record(web="3")})
    assert drifts(story) == [(Drift.BEHIND, 1), (Drift.BEHIND, 1)]


def test_ahead_went_on_by_itself(story: Story) -> None:
    """A hotfix that the environment before never had, or one that has nothing to be before."""
    story.commit({path("dev"): record(web="1"), path("staging"): record(web="1")})
    story.commit({path("staging"): record(web="1-hotfix")})
    assert drifts(story) == [(Drift.AHEAD, None), (None, None)]
    story.commit({path("dev"): None})
    assert drifts(story) == [(Drift.AHEAD, None), (None, None)]


def test_different_never_met(story: Story) -> None:
    """Neither had the other's release, or they have no image in common."""
    story.commit({path("dev"): record(web="1"), path("staging"): record(web="7"), path("prod"): record(jobs="1")})
    assert drifts(story) == [(Drift.DIFFERENT, None), (Drift.DIFFERENT, None)]


def test_after_a_rollback_the_release_before_it_is_behind(story: Story) -> None:
    """The earlier environment's last word is the newest, as for a promotion."""
    for tag in ("1", "2"):
        story.commit({path("dev"): record(web=tag), path("staging"): record(web=tag)})
    story.commit({path("dev"): record(web="1")})
    assert drifts(story) == [(Drift.BEHIND, 1), (None, None)]


def test_only_common_images_are_compared(story: Story) -> None:
    """An image that one environment has alone says nothing about the others."""
    story.commit({path("dev"): record(web="1", debug="9"), path("staging"): record(web="1")})
    assert drifts(story)[0] == (Drift.SAME, None)


def test_an_uncommitted_release_says_so(story: Story) -> None:
    """It has no age; who is behind it is so by one step more."""
    story.commit({path("dev"): record(web="1"), path("staging"): record(web="1"), path("prod"): record(web="1")})
    story.check_out()
    (story.root / path("dev")).write_text(record(web="2"), encoding="utf-8")
    (story.root / path("prod")).unlink()
    found = cells(story.root)
    assert (found["web", "dev"].uncommitted, found["web", "dev"].since) == (True, None)
    assert (found["web", "staging"].drift, found["web", "staging"].behind) == (Drift.BEHIND, 1)
    assert (found["web", "prod"].uncommitted, found["web", "prod"].record) == (True, None)


def test_going_back_uncommitted_has_no_age(story: Story) -> None:
    """That the branch had the release once says nothing."""
    story.commit({path("dev"): record(web="1")})
    story.commit({path("dev"): record(web="2")})
    story.check_out()
    (story.root / path("dev")).write_text(record(web="1"), encoding="utf-8")
    assert cells(story.root)["web", "dev"].since is None


def test_another_formatting_is_committed_all_the_same(story: Story) -> None:
    """What runs is what counts."""
    story.commit({path("dev"): record(web="1")})
    story.check_out()
    (story.root / path("dev")).write_text("images: [{name: web, newTag: '1'}]\n", encoding="utf-8")
    assert cells(story.root)["web", "dev"].since == story.moment(1)


@pytest.mark.parametrize("broken", ["images: [", record(web="1") + '- name: web\n  newTag: "1"\n'])
def test_a_record_mended_in_the_tree_is_uncommitted(story: Story, broken: str) -> None:
    """The last commit holds none that can be read."""
    story.commit({path("dev"): broken})
    story.check_out()
    (story.root / path("dev")).write_text(record(web="1"), encoding="utf-8")
    assert cells(story.root)["web", "dev"].uncommitted


def test_a_record_that_cannot_be_read_is_a_finding(story: Story) -> None:
    """And nobody is compared with it."""
    story.commit({path("dev"): "images: 5\n", path("staging"): record(web="1")})
    found = web(story)
    assert (found["dev"].record, found["dev"].unreadable, found["dev"].uncommitted) == (None, True, False)
    assert [finding.place.file for finding in found["dev"].findings] == [path("dev")]
    assert (found["staging"].drift, found["staging"].since) == (None, story.moment(1))


def test_a_hold_is_part_of_the_cell(story: Story) -> None:
    """One that cannot be read is a finding; the release is shown all the same."""
    story.commit({path("dev"): record(web="1"), "overlays/dev/web/hold.yaml": HOLD})
    story.commit({path("prod"): record(web="1"), "overlays/prod/web/hold.yaml": "by: 1\n"})
    found = web(story)
    assert found["dev"].hold is not None
    assert found["dev"].hold.reason == "1.4.3 loses orders"
    assert (found["prod"].hold, found["prod"].unreadable, bool(found["prod"].findings)) == (None, False, True)
    assert found["prod"].record


def test_without_git_there_is_a_table(tmp_path: Path) -> None:
    """Releases without ages; what differs is different."""
    files = {
        **PAGES,
        **page("web"),
        path("dev"): record(web="2"),
        path("staging"): record(web="1"),
        path("prod"): record(web="1"),
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    found = cells(tmp_path)
    assert [cell.drift for cell in found.values()] == [None, Drift.DIFFERENT, Drift.SAME]
    assert not any(cell.since or cell.uncommitted for cell in found.values())


def test_before_the_first_commit_all_is_uncommitted(tmp_path: Path) -> None:
    """Git is there, and knows nothing yet."""
    for name, text in {**PAGES, **page("web"), path("dev"): record(web="2")}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    run_git(tmp_path, "init", "--quiet")
    assert [cell.uncommitted for cell in cells(tmp_path).values()] == [True, False, False]


def test_below_the_top_of_git_it_is_the_same(tmp_path: Path) -> None:
    """The GitOps repository may be a folder of another."""
    story = Story(tmp_path)
    files = PAGES | page("web") | {path("dev"): record(web="1")}
    story.commit({f"gitops/{name}": text for name, text in files.items()})
    story.check_out()
    assert cells(story.root / "gitops")["web", "dev"].since == story.moment(0)


def test_a_shallow_clone_knows_the_least_age(story: Story, tmp_path: Path) -> None:
    """As much as it has."""
    story.commit({path("dev"): record(web="1")})
    story.commit({path("staging"): record(web="1")})
    story.commit({"README.md": "x"})
    found = cells(cloned(story, tmp_path / "clone", "--depth=2"))
    assert (found["web", "dev"].since, found["web", "dev"].at_least) == (story.moment(2), True)


def test_a_large_repository_takes_few_processes(tmp_path: Path) -> None:
    """100 services in 3 environments and 2,000 commits: at most 20, for pages of commits and portions of contents."""
    names = [f"svc{number:02}" for number in range(100)]
    story = three(tmp_path / "story")
    story.commit(
        {name: text for each in names for name, text in page(each).items()}
        | {path(place, each): record(**{each: "0"}) for each in names for place in ENVIRONMENTS}
    )
    moves = ((names[number * 7 % 100], ENVIRONMENTS[number % 3], str(number)) for number in range(2000))
    story.commits({path(place, each): record(**{each: tag})} for each, place, tag in moves)
    story.check_out()
    tree = read(story.root)
    reader = Counting(story.root)
    found = status(load(tree), tree, WorkTree(reader, ""), ENVIRONMENTS)
    assert sum(cell.since is not None for cell in found) == 300
    assert len(reader.commands) <= 20


def test_only_what_is_asked_for_is_read(story: Story) -> None:
    """Once every cell is known, older commits are left alone."""
    story.commit({path("dev"): record(web="0")})
    story.commits({path("dev"): record(web=str(number))} for number in range(119))
    story.commit({path("staging"): record(web="118")})
    story.commit({path("dev"): record(web="119")})
    story.check_out()
    tree = read(story.root)
    reader = Counting(story.root)
    found = status(load(tree), tree, WorkTree(reader, ""), ENVIRONMENTS)
    assert [(cell.since, cell.behind) for cell in found[:2]] == [(story.moment(122), None), (story.moment(121), 1)]
    assert reader.commands.count("log") == 1
    assert len(reader.commands) == 5


def test_nothing_to_know_asks_nothing(story: Story) -> None:
    """Where nothing is released, the log is not read."""
    story.check_out()
    tree = read(story.root)
    reader = Counting(story.root)
    status(load(tree), tree, WorkTree(reader, ""), ENVIRONMENTS)
    assert reader.commands == []
