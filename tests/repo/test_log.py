"""Reading the log of a branch."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from generator.repo.blobs import FEW, Blobs
from generator.repo.log import FIRST_PAGE, Commit, Edit, checkout, merged, pages, resolved
from tests.repo.story import Counting, Story, cloned, left_behind, run_git

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def story(tmp_path: Path) -> Story:
    """Return an empty repository."""
    return Story(tmp_path / "story")


def log(reader: Counting, folder: str = "overlays", revision: str = "HEAD") -> list[Commit]:
    """Return every commit of all pages."""
    return [commit for page in pages(reader, revision, folder) for commit in page]


def edited(commits: list[Commit]) -> list[list[str]]:
    """Return the paths that each commit changed."""
    return [[edit.path for edit in commit.edits] for commit in commits]


def test_a_commit_is_told_whole(story: Story) -> None:
    """Its time in UTC whatever the zone, author, subject, trailers, and contents by id."""
    story.commit({"overlays/a": "1\n"})
    message = "Promote web\n\nBecause.\n\nPromoted-From: dev\nGate-Override: soak: a\nGate-Override: freeze: b:\n c\n"
    id_ = story.commit({"overlays/a": "2\n"}, message, seconds=1_800_000_000, zone="+0530")
    newest = log(story.reader())[0]

    assert newest == Commit(
        id=id_,
        parents=newest.parents,
        when=datetime(2027, 1, 15, 8, 0, tzinfo=UTC),
        author="Dev",
        subject="Promote web",
        trailers={"Promoted-From": "dev", "Gate-Override": "soak: a\nfreeze: b: c"},
        edits=newest.edits,
    )
    contents = Blobs(story.reader()).read(
        [id_ for edit in newest.edits for id_ in (edit.before or "", edit.after or "")]
    )
    assert [*contents.values()] == [b"1\n", b"2\n"]


def test_the_first_commit_adds_its_files(story: Story) -> None:
    """And a file that goes has no content after it."""
    story.commit({"overlays/a": "1\n"})
    story.commit({"overlays/a": None})
    gone, added = (commit.edits[0] for commit in log(story.reader()))
    assert (added.before, gone.after) == (None, None)
    assert added.after == gone.before is not None
    assert not log(story.reader())[-1].border


def test_only_the_folder_counts(story: Story) -> None:
    """Neighbours with the same beginning are other folders."""
    story.commit({"overlays/a": "1", "overlays-old/a": "1", "base/a": "1"})
    story.commit({"services/a": "1"})
    assert edited(log(story.reader())) == [[], ["overlays/a"]]


def test_odd_names_come_as_they_are(story: Story) -> None:
    """Spaces, wildcards, a colon, and bytes that are no UTF-8."""
    names = ["overlays/a b", "overlays/[*]", "overlays/:x", "overlays/é"]
    story.commit(dict.fromkeys(names, "1"))
    assert sorted(edited(log(story.reader()))[0]) == sorted(names)
    story.commit({"[*]/overlays/a": "1", "x/overlays/a": "2"})
    assert edited(log(story.reader(), "[*]/overlays"))[0] == ["[*]/overlays/a"]


def test_a_link_is_no_file(story: Story, tmp_path: Path) -> None:
    """What it leads to is not what the repository holds."""
    story.commit({"overlays/a": "1"})
    story.check_out()
    (tmp_path / "story/overlays/a").unlink()
    (tmp_path / "story/overlays/a").symlink_to("b")
    run_git(story.root, "-c", "user.name=x", "-c", "user.email=x@example.com", "commit", "-qam", "link")
    assert log(story.reader())[0].edits[0].after is None


def test_a_merge_is_one_commit_made_when_it_was_merged(story: Story) -> None:
    """It changes what it changed for the branch; what was merged does not appear, be it older or newer."""
    story.commit({"overlays/a": "1"})
    story.commit({"overlays/b": "1"}, branch="topic")
    story.commit({"overlays/c": "1"}, branch="topic")
    story.commit({"overlays/d": "1"})
    id_ = story.commit({"overlays/b": "1", "overlays/c": "1"}, "Merge topic", merges="topic")
    commits = log(story.reader())
    assert edited(commits) == [["overlays/b", "overlays/c"], ["overlays/d"], ["overlays/a"]]
    assert (commits[0].id, commits[0].when) == (id_, story.moment(4))


def test_what_merges_brought_in_is_found(story: Story) -> None:
    """Each commit once, by the merge that brought it; what the topic had taken from the branch is not its own."""
    story.commit({"overlays/a": "0"})
    one = story.commit({"overlays/a": "1"}, branch="one")
    first = story.commit({"overlays/a": "1"}, merges="one")
    two = story.commit({"overlays/b": "1"}, branch="two")
    story.commit({"overlays/c": "1"})
    mixed = story.commit({"overlays/c": "1"}, branch="two", merges="main")
    second = story.commit({"overlays/b": "1"}, merges="two")
    reader = story.reader()
    commits = log(reader)
    merges = [commit for commit in commits if len(commit.parents) > 1]
    brought = merged(reader, merges, "overlays")

    assert [commit.id for commit in merges] == [second, first]
    assert {commit.id for commit in brought[second]} == {two, mixed}
    assert [commit.id for commit in brought[first]] == [one]
    assert edited(brought[first]) == [["overlays/a"]]


def test_what_two_branches_share_came_with_the_first(story: Story) -> None:
    """A topic on top of another brings in its own commits alone, once the other was merged."""
    story.commit({"overlays/a": "0"})
    one = story.commit({"overlays/a": "1"}, branch="one")
    two = story.commit({"overlays/a": "1", "overlays/b": "1"}, branch="two", merges="one")
    first = story.commit({"overlays/a": "1"}, merges="one")
    second = story.commit({"overlays/b": "1"}, merges="two")
    brought = merged(story.reader(), log(story.reader())[:2], "overlays")
    assert [[commit.id for commit in brought[merge]] for merge in (second, first)] == [[two], [one]]


def test_without_merges_nothing_is_asked(story: Story) -> None:
    """A branch without merges pays nothing for them."""
    reader = story.reader()
    assert merged(reader, [], "overlays") == {}
    assert reader.commands == []


def test_who_stops_early_pays_for_one_page(story: Story) -> None:
    """And who reads on gets everything, once, in pages that grow."""
    story.commit({"overlays/a": "first"})
    story.commits({"overlays/a": str(number)} for number in range(FIRST_PAGE + 4))
    reader = story.reader()
    found = pages(reader, "main", "overlays")
    assert len(next(found)) == FIRST_PAGE
    assert reader.commands.count("log") == 1
    assert [len(page) for page in found] == [5]
    assert len({commit.id for commit in log(story.reader())}) == FIRST_PAGE + 5


def test_the_page_may_end_with_the_history(story: Story) -> None:
    """No empty page follows."""
    story.commit({"overlays/a": "first"})
    story.commits({"overlays/a": str(number)} for number in range(FIRST_PAGE - 1))
    assert [len(page) for page in pages(story.reader(), "HEAD", "overlays")] == [FIRST_PAGE]


def test_a_shallow_clone_ends_at_its_border(story: Story, tmp_path: Path) -> None:
    """The commit there seems to add every file; it is told apart from a first commit."""
    for number in range(3):
        story.commit({"overlays/a": str(number)})
    clone = cloned(story, tmp_path / "clone", "--depth=2")
    assert [(commit.border, commit.edits[0].before is None) for commit in log(Counting(clone))] == [
        (False, False),
        (True, True),
    ]


@pytest.mark.parametrize(
    ("author", "encoding", "shown"),
    [
        (b"J\xf6rg <j@example.com>", None, "J\ufffdrg"),
        (b"J\xf6rg <j@example.com>", "ISO-8859-1", "Jörg"),
        ("Jörg".encode() + b" <j@example.com>", None, "Jörg"),
        (b"<nobody@example.com>", None, ""),
    ],
    ids=["no UTF-8", "declared", "UTF-8", "none"],
)
def test_any_author_can_be_read(story: Story, author: bytes, encoding: str | None, shown: str) -> None:
    """A name in other bytes is shown as well as it can be."""
    story.commit({"overlays/a": "1"}, author=author, encoding=encoding)
    assert log(story.reader())[0].author == shown


def test_a_time_out_of_the_calendar_is_its_end(story: Story) -> None:
    """Such a commit exists in the field."""
    story.commit({"overlays/a": "1"}, seconds=10**14)
    assert log(story.reader())[0].when == datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("log.showSignature", "true"),
        ("log.showRoot", "false"),
        ("log.diffMerges", "off"),
        ("log.mailmap", "true"),
        ("log.date", "relative"),
        ("log.decorate", "full"),
        ("diff.renames", "copies"),
        ("diff.relative", "true"),
        ("diff.noprefix", "true"),
        ("core.quotePath", "true"),
        ("core.abbrev", "4"),
        ("color.ui", "always"),
        ("format.pretty", "oneline"),
        ("i18n.logOutputEncoding", "ISO-8859-1"),
    ],
)
def test_the_users_settings_change_nothing(story: Story, key: str, value: str) -> None:
    """Whatever makes `git log` pleasant for them."""
    story.commit({"overlays/a": "one\ntwo\n", ".mailmap": "Other <dev@example.com>\n"}, author="Jörg <j@x>".encode())
    story.commit({"overlays/b": "one\ntwo\n"}, branch="topic")
    story.commit({"overlays/a": None, "overlays/b": "one\ntwo\n"}, "Merge ü", merges="topic")
    before = log(story.reader())
    run_git(story.root, "config", key, value)
    assert log(story.reader()) == before
    assert edited(before) == [["overlays/a", "overlays/b"], ["overlays/a"]]


def test_paths_may_be_taken_literally(story: Story) -> None:
    """As in a clone whose git knows no patterns."""
    story.commit({"overlays/a": "1"})

    def literal(*arguments: str, stdin: bytes | None = None) -> bytes:
        return run_git(story.root, "--literal-pathspecs", *arguments, stdin=stdin or b"")

    assert [commit.edits for page in pages(literal, "HEAD", "overlays") for commit in page] == [
        commit.edits for commit in log(story.reader())
    ]


@pytest.mark.parametrize("revision", ["HEAD", "no-such-branch", "--all", "HEAD:overlays", ""])
def test_a_revision_that_is_no_commit_has_no_log(story: Story, revision: str) -> None:
    """An option is none either."""
    reader = story.reader()
    if revision != "HEAD":
        story.commit({"overlays/a": "1"})
    assert resolved(reader, revision) is None
    assert log(reader, revision=revision) == []


def test_outside_of_git_there_is_no_checkout(tmp_path: Path) -> None:
    """And nothing is resolved there."""
    assert checkout(tmp_path) is None
    assert resolved(Counting(tmp_path), "HEAD") is None


@pytest.mark.parametrize("prefix", ["", "gitops/", "deep/er/", "odd name [x]/"])
def test_a_checkout_is_read_from_its_top(story: Story, prefix: str) -> None:
    """The GitOps repository may be a folder in a larger one."""
    id_ = story.commit({f"{prefix}overlays/a": "1", f"{prefix}gitops.yaml": ""})
    story.check_out()
    found = checkout(story.root / prefix)
    assert found is not None
    assert found.prefix == prefix
    (page,) = pages(found.reader, "HEAD", f"{prefix}overlays")
    assert [(commit.id, edit.path) for commit in page for edit in commit.edits] == [(id_, f"{prefix}overlays/a")]


def test_contents_that_are_not_there_are_left_out(story: Story) -> None:
    """And nothing is asked for nothing."""
    story.commit({"overlays/a": "1"})
    (edit,) = log(story.reader())[0].edits
    reader = story.reader()
    assert Blobs(reader).read([]) == {}
    assert reader.commands == []
    assert Blobs(reader).read([edit.after or "", "0" * 40]) == {edit.after: b"1"}


def test_a_clone_without_contents_fetches_them_at_once(story: Story, tmp_path: Path) -> None:
    """One by one where they are few: finding out that the clone lacks them costs as much."""
    for number in range(3 * FEW):
        story.commit({"overlays/a": str(number)})
    clone = cloned(story, tmp_path / "clone", "--filter=blob:none", "--no-checkout")
    reader = Counting(clone)
    assert left_behind(clone) == 3 * FEW
    ids = [commit.edits[0].after or "" for commit in log(reader)]
    assert left_behind(clone) == 3 * FEW

    assert [*Blobs(reader).read(ids[:1]).values()] == [str(3 * FEW - 1).encode()]
    assert "pack-objects" not in reader.commands
    assert left_behind(clone) == 3 * FEW - 1
    assert len(Blobs(reader).read(ids)) == 3 * FEW
    assert reader.commands[-2:] == ["pack-objects", "cat-file"]
    assert left_behind(clone) == 0


def test_a_whole_clone_packs_nothing(story: Story) -> None:
    """Its contents are there."""
    for number in range(2 * FEW):
        story.commit({"overlays/a": str(number)})
    reader = story.reader()
    Blobs(reader).read([commit.edits[0].after or "" for commit in log(reader)])
    assert "pack-objects" not in reader.commands


def test_a_hooks_environment_does_not_lead_astray(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    """Inside another repository's hook GIT_DIR points elsewhere."""
    story.commit({"overlays/a": "1"})
    monkeypatch.setenv("GIT_DIR", os.devnull)
    assert edited(log(story.reader())) == [["overlays/a"]]


def test_an_edit_says_what_it_was(story: Story) -> None:
    """A change of the mode alone is an edit between equal contents."""
    story.commit({"overlays/a": "1"})
    story.check_out()
    (story.root / "overlays/a").chmod(0o755)
    run_git(story.root, "-c", "user.name=x", "-c", "user.email=x@example.com", "commit", "-qam", "mode")
    (edit,) = log(story.reader())[0].edits
    assert edit == Edit("overlays/a", edit.after, edit.after)
