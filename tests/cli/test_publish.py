"""`fairlead publish` on real git: into the pages' own repository, and into another one."""

from __future__ import annotations

import os
import re
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from generator.paths import HEADER
from generator.repo.clone import Clone
from generator.repo.git import Git
from tests.cli.depot import NEW_TAG, OLD_TAG, ONE, TWO, Depot, make_depot

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Answer, Fairlead
    from tests.conftest import Git as RunGit

PAGE = f"services/{ONE}.yaml"
DEPLOYMENT = f"base/{ONE}/deployment.yaml"
RECORD = f"overlays/prod/{ONE}/kustomization.yaml"


def more_replicas(depot: Depot) -> None:
    """Change a page, as a merge does that nobody rendered for, and bring the checkout there."""
    depot.by_somebody(f"{depot.prefix}{PAGE}", depot.file(PAGE).replace("replicas: 2", "replicas: 3"))
    depot.pull()


def commit(depot: Depot, message: str = "By hand") -> str:
    """Commit all of the checkout and push it; give the commit's id."""
    depot.push(message)
    return depot.git(depot.work, "rev-parse", "HEAD").strip()


# Into the pages' own repository


def test_what_the_pages_of_the_branch_render_is_committed(depot: Depot) -> None:
    """Only the rendered path."""
    more_replicas(depot)
    answer = depot("publish")

    assert answer.code == 0, answer.text
    assert "replicas: 3" in depot.file(DEPLOYMENT)
    assert depot.changed() == [DEPLOYMENT]
    assert re.fullmatch(rf"Render {ONE}\n\nPromotion-Id: [0-9a-f-]{{36}}", depot.message())
    landed = depot.log("%H")[0][:12]
    assert answer.stdout == f"{DEPLOYMENT}\n1 files in {landed} on main of {depot.bare}\n"


def test_changes_of_several_services_are_one_commit(depot: Depot) -> None:
    """The subject says how many."""
    system = depot.file("systems/shop.yaml")
    depot.by_somebody("systems/shop.yaml", f"{system}defaults: {{priorityClassName: high}}\n")
    depot.pull()
    assert depot("publish").code == 0
    assert re.match(r"Render \d+ files of \d+ folders\n", depot.message())
    depot.pull()
    assert depot("generate", "--check").code == 0


def test_where_the_branch_is_as_rendered_there_is_nothing_to_do(depot: Depot) -> None:
    """And no commit."""
    before = depot.refs()
    answer = depot("publish")
    assert (answer.code, answer.stdout) == (0, f"nothing to do on main of {depot.bare}\n")
    assert depot.refs() == before


def test_handwork_in_a_rendered_file_is_not_rendered_over(depot: Depot) -> None:
    """No page says it; the commit that did it is named, and nothing is pushed."""
    depot.by_somebody(f"{depot.prefix}{DEPLOYMENT}", depot.file(DEPLOYMENT).replace("replicas: 2", "replicas: 7"))
    more_replicas(depot)
    edit, before = depot.log("%H")[1], depot.refs()

    answer = depot("publish")

    assert answer.code == 5
    assert f"edited by hand, and no page says it: {DEPLOYMENT} (by {edit[:12]})" in answer.stderr
    assert depot.refs() == before


OLD_HEADER = "# Rendered by the Fairlead of old.\n"


def as_rendered_before(depot: Depot, replace: tuple[str, str] = ("", "")) -> None:
    """Make the branch what an older release made of it: another header, and `replace` in each Deployment."""
    depot.pull()
    for path in depot.files():
        text = depot.file(path) if path.startswith(("base/", "overlays/")) else ""
        if text.startswith(HEADER):
            text = text.replace(*replace) if path.endswith("deployment.yaml") and replace[0] else text
            depot.write(path, OLD_HEADER + text.removeprefix(HEADER))
    depot.git(depot.work, "add", "--all")  # into the first commit: older releases alone wrote it
    depot.git(depot.work, "commit", "--quiet", "--amend", "--message=Rendered by an older release")
    depot.git(depot.work, "push", "--quiet", "--force", "origin", "HEAD:main")


@pytest.fixture
def former(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the header of older releases be known."""
    monkeypatch.setattr("generator.paths.FORMER_HEADERS", (OLD_HEADER,))


@pytest.mark.usefixtures("former")
def test_a_header_of_an_older_release_is_no_handwork(depot: Depot) -> None:
    """Every file gets the new one, by `publish` and by `generate` without --force."""
    as_rendered_before(depot)
    assert depot("generate", "--check").code == 1
    answer = depot("publish")
    assert answer.code == 0, answer.text
    assert depot.file(DEPLOYMENT).startswith(HEADER)
    assert not [path for path in depot.files() if path.startswith("base/") and OLD_HEADER in depot.file(path)]
    answer = depot("generate")
    assert (answer.code, answer.stderr) == (0, "")


@pytest.mark.usefixtures("former")
def test_a_file_of_an_older_release_that_no_page_renders_is_taken_away(depot: Depot) -> None:
    """It is no stranger: its header says whose it is."""
    as_rendered_before(depot)
    depot.write(f"base/{ONE}/poddisruptionbudget-old.yaml", f"{OLD_HEADER}kind: PodDisruptionBudget\n")
    depot.push("Rendered by an older release")
    assert depot("generate").code == 0
    assert not (depot.root / f"base/{ONE}/poddisruptionbudget-old.yaml").exists()


# Lines that an older release did not render, and one that it rendered otherwise.
@pytest.mark.parametrize("replace", [("  replicas: 2\n", ""), ("revisionHistoryLimit: 5", "revisionHistoryLimit: 10")])
@pytest.mark.usefixtures("former")
def test_what_an_older_release_rendered_otherwise_is_no_handwork(depot: Depot, replace: tuple[str, str]) -> None:
    """Later commits that did not take it further away change nothing about that; it is told, and rendered anew."""
    as_rendered_before(depot, replace)
    depot.by_somebody(RECORD, depot.file(RECORD).replace(OLD_TAG, "1.2.0"))
    answer = depot("publish")
    assert answer.code == 0, answer.text
    assert f"note: another release of fairlead rendered {DEPLOYMENT} and 1 more: rendered anew\n" in answer.stderr
    assert depot.tag("prod") == "1.2.0"
    assert replace[0] in depot.file(DEPLOYMENT)


@pytest.mark.parametrize("edit", [("GracePeriodSeconds: 30", "GracePeriodSeconds: 99"), ("  replicas: 2\n", "")])
@pytest.mark.usefixtures("former")
def test_handwork_over_what_an_older_release_rendered_is_still_handwork(depot: Depot, edit: tuple[str, str]) -> None:
    """A line more or a line less, however many commits came after it."""
    as_rendered_before(depot, ("revisionHistoryLimit: 5", "revisionHistoryLimit: 10"))
    assert edit[0] in depot.file(DEPLOYMENT)
    depot.by_somebody(DEPLOYMENT, depot.file(DEPLOYMENT).replace(*edit))
    hand = depot.log("%H")[0]
    depot.by_somebody(DEPLOYMENT, depot.file(DEPLOYMENT).replace("revisionHistoryLimit: 10", "revisionHistoryLimit: 5"))
    before = depot.refs()
    answer = depot("publish")
    assert answer.code == 5, answer.text
    assert f"edited by hand, and no page says it: {DEPLOYMENT} (by {hand[:12]})" in answer.stderr
    assert depot.refs() == before


def test_git_is_asked_for_the_history_once(depot: Depot, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not once for each file that changes."""
    asked: list[str] = []
    run = Git.run

    def counted(self: Git, *arguments: str, **more: Any) -> Any:
        asked.append(arguments[0])
        return run(self, *arguments, **more)

    system = depot.file("systems/shop.yaml")
    depot.by_somebody("systems/shop.yaml", f"{system}defaults: {{priorityClassName: high}}\n")
    depot.pull()
    monkeypatch.setattr(Git, "run", counted)
    answer = depot("publish")
    assert answer.code == 0, answer.text
    assert int(answer.stdout.splitlines()[-1].split(" ")[0]) > 1
    assert asked.count("log") <= 2


def test_a_page_that_is_gone_takes_its_files_along(depot: Depot) -> None:
    """Once its records were retired; here there never were any."""
    depot.write("services/extra.yaml", depot.file(PAGE).replace(ONE, "extra"))
    assert depot("generate").code == 0
    depot.push("A page")
    assert "base/extra/deployment.yaml" in depot.files()
    depot.write("services/extra.yaml", None)
    depot.push("No page")
    assert depot("publish").code == 0
    assert not [path for path in depot.files() if path.startswith("base/extra/")]


def test_a_dry_run_shows_the_difference_and_pushes_nothing(depot: Depot) -> None:
    """Of files, as `generate --dry-run` does."""
    more_replicas(depot)
    before = depot.refs()
    answer = depot("publish", "--dry-run")

    assert "-  replicas: 2\n+  replicas: 3\n" in answer.stdout
    assert answer.stdout.endswith(f"not pushed, as --dry-run asks: main of {depot.bare}\n")
    assert depot.refs() == before


def test_the_answer_as_data(depot: Depot) -> None:
    """The commit and its files."""
    more_replicas(depot)
    data = depot.data("publish")
    assert data == {
        "remote": str(depot.bare),
        "branch": "main",
        "commit": depot.log("%H")[0],
        "attempts": 1,
        "files": [DEPLOYMENT],
    }


def test_the_checkout_is_not_touched(depot: Depot) -> None:
    """It is as far behind as before."""
    more_replicas(depot)
    before = depot.state()
    assert depot("publish").code == 0
    assert depot.state() == before


def test_unpushed_commits_would_be_left_out(depot: Depot) -> None:
    """So they are told."""
    depot.write("notes.txt", "text\n")
    depot.git(depot.work, "add", "--all")
    depot.git(depot.work, "commit", "--quiet", "--message=Mine")
    answer = depot("publish")
    assert (answer.code, answer.stderr) == (
        5,
        "commits of HEAD that no remote branch has: 1; push them first, or they are left out\n",
    )


@pytest.mark.parametrize(
    ("path", "staged"),
    [(PAGE, False), (PAGE, True), ("services/extra.yaml", False), (DEPLOYMENT, False), (DEPLOYMENT, True)],
)
def test_edits_that_are_not_committed_would_be_left_out(depot: Depot, path: str, staged: bool) -> None:  # noqa: FBT001
    """Pages and rendered files, new ones and staged ones too."""
    known = depot.root / (path if (depot.root / path).exists() else PAGE)
    depot.write(path, known.read_text(encoding="utf-8") + "# mine\n")
    if staged:
        depot.git(depot.work, "add", path)
    answer = depot("publish")

    assert answer.code == 5
    assert answer.stderr == (
        f"{path}: changed here and not committed, so publishing would leave it out; commit or restore it first\n"
    )


def test_other_edits_are_nobodys_business(depot: Depot) -> None:
    """Nothing of theirs would be published."""
    depot.write("notes.txt", "text\n")
    assert depot("publish").code == 0


def test_what_is_unsound_is_not_pushed(depot: Depot) -> None:
    """An error of a rule: two services that select each other's pods, say; here a limit below the request."""
    page = depot.file(PAGE).replace("limits: {memory: 64Mi}", "limits: {memory: 32Mi}")
    depot.by_somebody(PAGE, page)
    depot.pull()
    before = depot.refs()
    answer = depot("publish")

    assert answer.code == 1
    assert PAGE in answer.stderr
    assert depot.refs() == before


def test_a_page_that_cannot_be_read_is_not_rendered(depot: Depot) -> None:
    """Nothing is pushed."""
    depot.by_somebody(PAGE, "image: [\n")
    before = depot.refs()
    answer = depot("publish")
    assert answer.code == 2
    assert PAGE in answer.stderr
    assert depot.refs() == before


def test_a_file_that_nobody_knows_in_a_rendered_folder_stops_it(depot: Depot) -> None:
    """It is neither rendered nor listed by a page."""
    depot.by_somebody(f"base/{ONE}/extra.yaml", "kind: Job\n")
    more_replicas(depot)
    before = depot.refs()
    answer = depot("publish")
    assert answer.code == 1
    assert f"base/{ONE}/extra.yaml" in answer.stderr
    assert depot.refs() == before


def test_a_checkout_without_a_commit_has_nothing_to_leave_out(depot: Depot) -> None:
    """Just begun, and the remote has the pages."""
    depot.git(depot.work, "checkout", "--quiet", "--orphan", "new")
    assert depot("publish").code == 0


def test_a_race_is_rendered_anew(depot: Depot, monkeypatch: pytest.MonkeyPatch) -> None:
    """What somebody changed meanwhile is in it."""
    monkeypatch.setattr("random.uniform", lambda low, _: low)
    more_replicas(depot)
    push, waiting = Clone.push, [True]

    def faster(clone: Clone) -> str:
        if waiting:
            waiting.clear()
            depot.by_somebody(PAGE, depot.file(PAGE).replace("replicas: 3", "replicas: 4"))
        return push(clone)

    monkeypatch.setattr(Clone, "push", faster)
    assert depot.data("publish")["attempts"] == 2
    assert "replicas: 4" in depot.file(DEPLOYMENT)


# Into another repository


@pytest.fixture
def elsewhere(depot: Depot, tmp_path: Path, git: RunGit) -> Depot:
    """Return an empty repository that Argo CD is to sync."""
    bare = tmp_path / "deploy.git"
    git(tmp_path, "init", "--quiet", "--bare", "--initial-branch=main", os.fspath(bare))
    git(bare, "config", "uploadpack.allowFilter", "true")
    return Depot(bare, depot.work, git, depot.fairlead)


@pytest.fixture
def publish(depot: Depot, elsewhere: Depot) -> Callable[..., Answer]:
    """Return what publishes there."""

    def publish(*arguments: str) -> Answer:
        return depot("publish", "--to", os.fspath(elsewhere.bare), *arguments)

    return publish


def rendered(depot: Depot) -> list[str]:
    """Return what a repository has in the rendered folders, but for holds."""
    return [path for path in depot.files() if path.startswith(("base/", "overlays/")) and "hold" not in path]


def test_the_first_publication_makes_the_branch(depot: Depot, elsewhere: Depot, publish: Callable[..., Answer]) -> None:
    """Of an empty repository too; with the commit that it comes from."""
    answer = publish()

    assert answer.code == 0, answer.text
    assert elsewhere.files() == rendered(depot)
    source = depot.log("%H")[0]
    assert re.fullmatch(
        rf"Render \d+ files of \d+ folders\n\n"
        rf"Source-Commit: {source}\nSource-Repository: {re.escape(str(depot.bare))}\nPromotion-Id: [0-9a-f-]{{36}}",
        elsewhere.message(),
    )


def test_a_dry_run_begins_no_branch(elsewhere: Depot, publish: Callable[..., Answer]) -> None:
    """It shows what would be there."""
    answer = publish("--dry-run")
    assert answer.code == 0
    assert f"--- /dev/null\n+++ b/{DEPLOYMENT}\n" in answer.stdout
    assert elsewhere.refs() == ""


def test_a_branch_that_is_missing_is_not_begun_beside_others(elsewhere: Depot, publish: Callable[..., Answer]) -> None:
    """It is misspelt more often than wanted."""
    publish()
    answer = publish("--branch", "mian")
    assert (answer.code, "has no branch 'mian'; did you mean 'main'?" in answer.stderr) == (2, True)
    assert "mian" not in elsewhere.refs()


def test_a_commit_that_is_nowhere_else_is_not_published(
    depot: Depot, elsewhere: Depot, publish: Callable[..., Answer]
) -> None:
    """Its trailer would name what nobody can find; a checkout without a remote is all there is."""
    assert depot("bump", ONE, "--env", "prod", "--tag", "1.3.0").code == 0
    depot.git(depot.work, "commit", "--quiet", "--all", "--message=Here alone")
    answer = publish()
    assert (answer.code, elsewhere.refs()) == (5, "")
    assert answer.stderr.startswith("commits of HEAD that no remote branch has: 1; push them first")

    depot.git(depot.work, "remote", "remove", "origin")
    assert publish("--remote", os.fspath(elsewhere.bare)).code == 0


def test_two_first_publications_at_once_are_no_fault(
    depot: Depot, elsewhere: Depot, publish: Callable[..., Answer], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The slower one finds it done."""
    monkeypatch.setattr("random.uniform", lambda low, _: low)
    push, waiting = Clone.push, [True]

    def faster(clone: Clone) -> str:
        if waiting:
            waiting.clear()
            assert publish().code == 0
        return push(clone)

    monkeypatch.setattr(Clone, "push", faster)
    assert publish().code == 0
    assert len(elsewhere.log()) == 1
    assert elsewhere.files() == rendered(depot)


def test_a_second_publication_brings_what_changed(
    depot: Depot, elsewhere: Depot, publish: Callable[..., Answer]
) -> None:
    """One line, of the commit that it comes from."""
    publish()
    depot.release("prod", "1.2.0")
    assert publish().code == 0

    assert elsewhere.changed() == [RECORD]
    assert elsewhere.tag("prod") == "1.2.0"
    assert f"Source-Commit: {depot.log('%H')[0]}" in elsewhere.message()


def test_where_nothing_changed_nothing_is_published(
    depot: Depot, elsewhere: Depot, publish: Callable[..., Answer]
) -> None:
    """Neither for the same commit, nor for one that renders the same."""
    publish()
    before = elsewhere.refs()
    assert publish().stdout == f"nothing to do on main of {elsewhere.bare}\n"
    depot.write("notes.txt", "text\n")
    commit(depot)
    assert publish().code == 0
    assert elsewhere.refs() == before


def test_what_is_no_longer_rendered_goes(depot: Depot, elsewhere: Depot, publish: Callable[..., Answer]) -> None:
    """A person's own file as well, when the pages list it no more; files that others keep there stay."""
    own = f"overlays/prod/{ONE}/patches/own.yaml"
    page = depot.file(PAGE)
    metadata = f"apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: {ONE}, namespace: shop}}\n"
    patch = f"{metadata}spec: {{minReadySeconds: 5}}\n"
    depot.write(own, patch)
    depot.write(PAGE, page + "environments: {prod: {patches: [own.yaml]}}\n")
    assert depot("generate").code == 0
    depot.push("A patch of mine")
    assert publish().code == 0
    assert own in elsewhere.files()

    elsewhere.by_somebody("README.md", "Ours\n")
    elsewhere.by_somebody("overlays/README.md", "Ours, too\n")
    depot.write(own, None)
    depot.write(PAGE, page)
    assert depot("generate").code == 0
    depot.push("No patch")
    assert publish().code == 0
    assert own not in elsewhere.files()
    assert {"README.md", "overlays/README.md"} <= set(elsewhere.files())


def test_a_hold_stays_where_releases_are_made(depot: Depot, elsewhere: Depot, publish: Callable[..., Answer]) -> None:
    """Nothing reads it elsewhere."""
    depot("hold", ONE, "--env", "prod", "--reason", "load test")
    depot.pull()
    publish()
    assert not [path for path in elsewhere.files() if path.endswith("hold.yaml")]

    depot("unhold", ONE, "--env", "prod")
    depot.pull()
    before = elsewhere.refs()
    assert publish().code == 0
    assert elsewhere.refs() == before


@pytest.mark.parametrize("path", [RECORD, DEPLOYMENT])
def test_what_somebody_changed_there_is_not_overwritten(
    depot: Depot, elsewhere: Depot, publish: Callable[..., Answer], path: str
) -> None:
    """It would be lost: a bot's tag, or a fix in an outage."""
    publish()
    depot.release("prod", "1.2.0")
    elsewhere.by_somebody(path, elsewhere.file(path).replace(OLD_TAG, "1.0.1").replace("replicas: 2", "replicas: 9"))
    before = elsewhere.refs()
    answer = publish()

    assert answer.code == 5
    assert answer.stderr.startswith(f"changed since {elsewhere.log('%H')[1][:12]} published them: {path}; ")
    assert elsewhere.refs() == before


def test_what_was_changed_there_and_changed_back_is_no_obstacle(
    depot: Depot, elsewhere: Depot, publish: Callable[..., Answer]
) -> None:
    """Nothing would be lost."""
    publish()
    was = elsewhere.file(RECORD)
    elsewhere.by_somebody(RECORD, was.replace(OLD_TAG, "1.0.1"))
    elsewhere.by_somebody(RECORD, was)
    depot.release("prod", "1.2.0")
    assert publish().code == 0


def test_a_file_of_others_in_the_way_of_the_first_publication_stays(
    elsewhere: Depot, publish: Callable[..., Answer]
) -> None:
    """Here all the others are copies of what would be published, and no commit says where they come from."""
    publish()
    for path, text in ((RECORD, "theirs\n"), ("base/other.yaml", "theirs\n")):
        elsewhere.by_somebody(path, text)
    squashed = elsewhere.git(elsewhere.bare, "commit-tree", "-m", "All of it", "main^{tree}").strip()
    elsewhere.git(elsewhere.bare, "update-ref", "refs/heads/main", squashed)
    answer = publish()

    assert answer.code == 5
    assert answer.stderr.startswith(f"there already, and not rendered by fairlead: {RECORD}; ")
    assert elsewhere.log("%H") == [squashed]


def test_the_older_of_two_jobs_is_superseded(depot: Depot, elsewhere: Depot, publish: Callable[..., Answer]) -> None:
    """Nothing goes back by accident."""
    depot.release("prod", "1.2.0")
    publish()
    depot.git(depot.work, "reset", "--quiet", "--hard", "HEAD^")
    answer = publish()

    assert answer.code == 6
    assert answer.stderr.startswith("superseded: ")
    assert elsewhere.tag("prod") == "1.2.0"


def test_a_revert_is_newer(depot: Depot, elsewhere: Depot, publish: Callable[..., Answer]) -> None:
    """It goes back on purpose."""
    depot.release("prod", "1.2.0")
    publish()
    depot.git(depot.work, "revert", "--no-edit", "HEAD")
    depot.git(depot.work, "push", "--quiet", "origin", "HEAD:main")
    assert publish().code == 0
    assert elsewhere.tag("prod") == OLD_TAG


def test_a_commit_beside_the_published_one_is_refused(
    depot: Depot, elsewhere: Depot, publish: Callable[..., Answer]
) -> None:
    """Another branch has what this one lacks."""
    first = depot.git(depot.work, "rev-parse", "HEAD").strip()
    depot.release("prod", "1.2.0")
    publish()
    depot.git(depot.work, "checkout", "--quiet", "-B", "other", first)
    assert depot("bump", ONE, "--env", "prod", "--tag", "1.3.0").code == 0
    depot.git(depot.work, "commit", "--quiet", "--all", "--message=Beside")
    depot.git(depot.work, "push", "--quiet", "origin", "other")
    answer = publish()

    assert answer.code == 5
    assert "which is not in the history of" in answer.stderr
    assert elsewhere.tag("prod") == "1.2.0"


def test_a_shallow_checkout_cannot_tell(
    depot: Depot, elsewhere: Depot, publish: Callable[..., Answer], tmp_path: Path
) -> None:
    """That is told, and nothing is pushed."""
    publish()
    depot.release("prod", "1.2.0")
    shallow = tmp_path / "shallow"
    depot.git(tmp_path, "clone", "--quiet", "--depth=1", depot.bare.as_uri(), os.fspath(shallow))
    answer = depot.fairlead("publish", "--to", os.fspath(elsewhere.bare), root=shallow)

    assert answer.code == 5
    assert "too shallow to tell" in answer.stderr
    assert elsewhere.tag("prod") == OLD_TAG


def test_a_commit_that_only_speaks_of_a_source_is_none(
    depot: Depot, elsewhere: Depot, publish: Callable[..., Answer]
) -> None:
    """The trailer counts, and not a line of the text."""
    publish()
    elsewhere.git(elsewhere.bare, "config", "user.name", "Somebody")
    tree = elsewhere.git(elsewhere.bare, "rev-parse", "main^{tree}").strip()
    text = f"Note\n\nSource-Commit: {'0' * 40}\n\nThat was it.\n"
    noted = elsewhere.git(elsewhere.bare, "commit-tree", "-p", "main", "-m", text, tree).strip()
    elsewhere.git(elsewhere.bare, "update-ref", "refs/heads/main", noted)
    depot.release("prod", "1.2.0")
    assert publish().code == 0


def test_what_is_unsound_is_published_nowhere(depot: Depot, elsewhere: Depot, publish: Callable[..., Answer]) -> None:
    """Not even the first time."""
    depot.write(PAGE, depot.file(PAGE).replace("limits: {memory: 64Mi}", "limits: {memory: 32Mi}"))
    assert depot("generate").code == 0
    depot.push("Too little")
    answer = publish()
    assert answer.code == 1
    assert elsewhere.refs() == ""


def test_what_is_not_as_its_pages_render_is_published_nowhere(
    depot: Depot, elsewhere: Depot, publish: Callable[..., Answer]
) -> None:
    """Another repository gets what was reviewed here."""
    more_replicas(depot)
    answer = publish()
    assert answer.code == 1
    assert f"{DEPLOYMENT}:" in answer.stderr
    assert elsewhere.refs() == ""


def test_a_file_of_ones_own_that_is_no_text_is_told(
    depot: Depot, elsewhere: Depot, publish: Callable[..., Answer]
) -> None:
    """Nothing is pushed."""
    own = f"overlays/prod/{ONE}/resources/own.yaml"
    depot.write(own, "kind: ConfigMap\nmetadata: {name: own}\n")
    depot.write(PAGE, depot.file(PAGE) + "environments: {prod: {extraResources: [own.yaml]}}\n")
    assert depot("generate").code == 0
    (depot.root / own).write_bytes(b"kind: ConfigMap\ndata: {a: \xff}\nmetadata: {name: own}\n")
    depot.push("Latin")
    answer = publish()
    assert answer.code == 2
    assert f"{own}:2:11: error SPC005: byte 0xff is not UTF-8" in answer.stderr
    assert elsewhere.refs() == ""


def notes(answer: Answer) -> list[str]:
    """Return what a publication that succeeded told beside its answer."""
    assert answer.code == 0, answer.text
    return answer.stderr.splitlines()


def test_edits_that_are_not_committed_stay_here_and_are_told(
    depot: Depot, elsewhere: Depot, publish: Callable[..., Answer]
) -> None:
    """The last commit is what goes: pages and rendered files beside it are counted, other files are not."""
    depot.write(DEPLOYMENT, "mine\n")
    depot.write("services/new.yaml", "mine\n")
    depot.write("notes.txt", "mine\n")
    commit = depot.log("%H")[0][:12]

    said = notes(publish())

    assert "mine" not in elsewhere.file(DEPLOYMENT)
    stays = "not committed, so it stays here; what is published is the last commit"
    assert said[-1] == f"note: {DEPLOYMENT} and 1 more: {stays}, {commit}"


def test_a_repository_that_argocd_does_not_read_is_told(
    depot: Depot, elsewhere: Depot, publish: Callable[..., Answer]
) -> None:
    """Whether it is named by --to, or is the pages' own."""
    more_replicas(depot)
    reads = "note: Argo CD reads https://git.example.com/shop.git (`repoURL` of gitops.yaml), not"

    assert notes(depot("publish")) == [
        f"{reads} {depot.bare}; `fairlead publish --to ADDRESS` brings it there, or mend repoURL"
    ]
    depot.pull()
    assert notes(publish()) == [f"{reads} {elsewhere.bare}; name that one by --to, or mend repoURL"]
    assert notes(publish("--dry-run", "--format", "json")) == [
        f"{reads} {elsewhere.bare}; name that one by --to, or mend repoURL"
    ]


def test_of_the_repository_that_argocd_reads_nothing_is_told(depot: Depot, elsewhere: Depot) -> None:
    """By ssh or by https, even where git's configuration leads its address to a mirror; another branch is told."""
    address = "git@git.example.com:shop.git"
    depot.git(depot.work, "config", f"url.{elsewhere.bare}.insteadOf", address)

    assert notes(depot("publish", "--to", address)) == []
    assert notes(depot("publish", "--to", address, "--branch", "main")) == []
    elsewhere.git(elsewhere.bare, "branch", "rendered", "main")
    assert notes(depot("publish", "--to", address, "--branch", "rendered")) == [
        "note: Argo CD reads main (`targetRevision` of gitops.yaml), not rendered; name it by --branch"
    ]


def test_without_a_commit_there_is_nothing_to_publish(
    depot: Depot, elsewhere: Depot, publish: Callable[..., Answer]
) -> None:
    """That is told as such."""
    shutil.rmtree(depot.work / ".git")
    depot.git(depot.work, "init", "--quiet")
    depot.git(depot.work, "remote", "add", "origin", os.fspath(depot.bare))
    answer = publish()
    assert (answer.code, answer.stderr) == (2, "nothing is committed here; what is published comes from a commit\n")
    assert elsewhere.refs() == ""


def test_the_address_of_the_source_shows_no_password(
    depot: Depot, elsewhere: Depot, publish: Callable[..., Answer]
) -> None:
    """Everybody can read the commit."""
    depot.git(depot.work, "remote", "set-url", "origin", "https://ci:hunter2@git.example.com/shop.git")
    answer = publish()
    assert answer.code == 0, answer.text
    assert "Source-Repository: https://" in elsewhere.message()
    assert "git.example.com/shop.git" in elsewhere.message()
    assert "hunter2" not in elsewhere.message() + answer.text


def test_from_a_folder_of_a_larger_repository_it_goes_to_the_top(
    tmp_path: Path, home: Path, elsewhere: Depot, git: RunGit, fairlead: Fairlead
) -> None:
    """The other repository is a GitOps repository of its own."""
    assert home.is_dir()
    folder = tmp_path / "large"
    folder.mkdir()
    make_depot(folder, git, "gitops")
    depot = Depot(folder / "gitops.git", folder / "work", git, fairlead, "gitops/")
    assert depot("publish", "--to", os.fspath(elsewhere.bare)).code == 0
    assert elsewhere.tag("staging") == NEW_TAG

    more_replicas(depot)
    assert depot("publish").code == 0
    assert depot.changed() == [f"gitops/{DEPLOYMENT}"]
    depot.pull()
    assert depot("publish", "--to", os.fspath(elsewhere.bare)).code == 0
    assert elsewhere.changed() == [DEPLOYMENT]


def test_a_remote_may_be_named(depot: Depot, elsewhere: Depot) -> None:
    """One that is not there is told."""
    answer = depot("publish", "--to", "deploy")
    assert (answer.code, answer.stderr) == (
        2,
        "no git remote 'deploy' here (it has: origin); name another, or an address, with --remote\n",
    )
    depot.git(depot.work, "remote", "add", "deploy", os.fspath(elsewhere.bare))
    assert depot("publish", "--to", "deploy").code == 0
    assert elsewhere.tag("prod", TWO) == OLD_TAG


def test_a_checkout_without_a_remote_has_nobody_to_push_to_first(
    depot: Depot, elsewhere: Depot, publish: Callable[..., Answer]
) -> None:
    """The address of the source is then what the command line says."""
    depot.git(depot.work, "remote", "remove", "origin")
    assert publish("--remote", os.fspath(depot.bare)).code == 0
    assert f"Source-Repository: {depot.bare}" in elsewhere.message()


# Trailers that no publication wrote


def forge(elsewhere: Depot, source: str) -> None:
    """Let somebody commit on top of the other repository's branch, with the trailer of a publication."""
    elsewhere.git(elsewhere.bare, "config", "user.name", "Somebody")
    tree = elsewhere.git(elsewhere.bare, "rev-parse", "main^{tree}").strip()
    text = f"Render it\n\nSource-Commit: {source}\n"
    forged = elsewhere.git(elsewhere.bare, "commit-tree", "-p", "main", "-m", text, tree).strip()
    elsewhere.git(elsewhere.bare, "update-ref", "refs/heads/main", forged)


def test_a_forged_publication_of_something_newer_keeps_nothing_back(
    depot: Depot, elsewhere: Depot, publish: Callable[..., Answer]
) -> None:
    """The files of the other repository are not those of that commit, so it did not publish them."""
    publish()
    old = depot.log("%H")[0]
    depot.release("prod", "1.2.0")
    forge(elsewhere, depot.log("%H")[0])
    depot.git(depot.work, "checkout", "--quiet", "--detach", old)
    assert publish().code == 0
    depot.git(depot.work, "checkout", "--quiet", "main")

    assert publish().code == 0
    assert elsewhere.tag("prod") == "1.2.0"


@pytest.mark.parametrize("ago", [0, 1])
def test_a_forged_publication_does_not_hide_what_somebody_changed_there(
    depot: Depot, elsewhere: Depot, publish: Callable[..., Answer], ago: int
) -> None:
    """An edit before it counts as it did: neither the same source nor an older one vouches for it."""
    depot.release("prod", "1.2.0")
    publish()
    sources = depot.log("%H")
    elsewhere.by_somebody(RECORD, elsewhere.file(RECORD).replace("1.2.0", "9.9.9"))
    forge(elsewhere, sources[ago])
    depot.release("prod", "1.3.0")
    answer = publish()

    assert (answer.code, elsewhere.tag("prod")) == (5, "9.9.9")
    assert f"published them: {RECORD}" in answer.stderr
