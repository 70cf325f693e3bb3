"""The release record: the one value in a rendered file that releases own. Anybody may write it, a line an image."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Fairlead, Git

REGISTRY = "033870383707.dkr.ecr.us-west-2.amazonaws.com"
FRONTEND = "overlays/dev/frontend/kustomization.yaml"
ORDERS = "overlays/dev/orders-service/kustomization.yaml"
THOUGHTS = "overlays/dev/thoughts-backend/kustomization.yaml"
DIGEST = f"sha256:{'0123456789abcdef' * 4}"


def numstat(git: Git, root: Path) -> list[str]:
    """Return what `git diff --numstat` says: lines added, lines removed, file."""
    return git(root, "diff", "--numstat").splitlines()


def record(root: Path, path: str) -> list[str]:
    """Return the values of an overlay's record as they are written, quotes included."""
    return re.findall(r"^ +(?:newTag|digest): (.*)$", (root / path).read_text(encoding="utf-8"), re.MULTILINE)


def set_line(root: Path, path: str, line: str) -> None:
    """Replace the first `newTag` line of a kustomization, as an editor or a bot does."""
    text = (root / path).read_text(encoding="utf-8")
    (root / path).write_text(re.sub("^  newTag: .*$", line, text, count=1, flags=re.MULTILINE), encoding="utf-8")


def edit_set_image(kustomize: Path, root: Path, path: str, image: str) -> None:
    """Run the real `kustomize edit set image` in an overlay."""
    argv = [os.fspath(kustomize), "edit", "set", "image", image]
    subprocess.run(argv, cwd=(root / path).parent, check=True, capture_output=True)


# One line, whoever writes it


def test_an_edit_of_the_tag_is_one_line(repository: Path, fairlead: Fairlead, git: Git) -> None:
    """A person types another tag: no drift, and nothing for `generate` to do."""
    set_line(repository, FRONTEND, '  newTag: "1.5.0"')
    assert fairlead("generate", "--check", root=repository).code == 0
    assert fairlead("generate", root=repository).code == 0
    assert numstat(git, repository) == [f"1\t1\t{FRONTEND}"]


@pytest.mark.parametrize(
    ("reference", "written"),
    [
        (f"frontend={REGISTRY}/frontend:1.5.0", '"1.5.0"'),
        ("frontend=*:1.5.0", '"1.5.0"'),
        ("frontend=*:v1.5.0", '"v1.5.0"'),
        ("frontend=*:1.10", '"1.10"'),
        ("frontend=*:1e3", '"1e3"'),
        (f"frontend=*@{DIGEST}", f'"{DIGEST}"'),
        (f"frontend={REGISTRY}/frontend@{DIGEST}", f'"{DIGEST}"'),
    ],
)
def test_kustomize_edit_set_image_is_one_line(  # noqa: PLR0913, PLR0917  # pytest hands over a parameter a fixture
    repository: Path, fairlead: Fairlead, git: Git, kustomize: Path, reference: str, written: str
) -> None:
    """The real tool's edit is no drift, and after `generate` exactly the line of the tag or digest differs."""
    edit_set_image(kustomize, repository, FRONTEND, reference)
    checked = fairlead("generate", "--check", root=repository)
    assert checked.code == 0, checked.text
    assert fairlead("generate", root=repository).code == 0
    assert numstat(git, repository) == [f"1\t1\t{FRONTEND}"]
    assert record(repository, FRONTEND) == [written]


def test_kustomize_edit_of_one_image_of_two(repository: Path, fairlead: Fairlead, git: Git, kustomize: Path) -> None:
    """The tool sorts the entries by name; the other image's entry comes out as it was."""
    edit_set_image(kustomize, repository, ORDERS, "coffeemesh-orders=*:1.1")
    checked = fairlead("generate", "--check", root=repository)
    assert checked.code == 0, checked.text
    assert fairlead("generate", root=repository).code == 0
    assert numstat(git, repository) == [f"1\t1\t{ORDERS}"]


def test_kustomize_edit_that_drops_the_registry_is_drift(repository: Path, fairlead: Fairlead, kustomize: Path) -> None:
    """Without `*` or a name the tool removes `newName`, and the image would come from Docker Hub."""
    edit_set_image(kustomize, repository, FRONTEND, "frontend:1.5.0")
    answer = fairlead("generate", "--check", root=repository)
    assert answer.code == 1
    assert f"{FRONTEND}:" in answer.text


@pytest.mark.parametrize(
    "line",
    [
        '  newTag: "1.5.0"',
        f'  newTag: "1.5.0@{DIGEST}"',
        "  newTag: 1.5.0",
        "  newTag: '1.5.0'",
        "  newTag: v1.5.0",
        f"  newTag: 1.5.0@{DIGEST}",
        f"  digest: {DIGEST}",
    ],
)
def test_a_bot_may_write_the_line_in_its_own_style(repository: Path, fairlead: Fairlead, git: Git, line: str) -> None:
    """Renovate and others keep or drop quotes; `generate` puts double quotes, and the line stays one."""
    set_line(repository, FRONTEND, line)
    assert fairlead("generate", "--check", root=repository).code == 0
    assert fairlead("generate", root=repository).code == 0
    assert numstat(git, repository) == [f"1\t1\t{FRONTEND}"]
    key, _, value = line.strip().partition(": ")
    bare = value.strip("\"'")
    assert f'  {key}: "{bare}"\n' in (repository / FRONTEND).read_text(encoding="utf-8")


def test_a_bot_may_write_the_block_in_its_own_style(repository: Path, fairlead: Fairlead, git: Git) -> None:
    """Indented entries with sorted keys and bare words read the same; `generate` puts them back."""
    text = (repository / FRONTEND).read_text(encoding="utf-8")
    head, _, _ = text.partition("images:\n")
    block = f"  - name: frontend\n    newTag: '1.5.0'\n    newName: {REGISTRY}/frontend\n"
    (repository / FRONTEND).write_text(f"{head}images:\n{block}", encoding="utf-8")
    assert fairlead("generate", "--check", root=repository).code == 0
    assert fairlead("generate", root=repository).code == 0
    assert numstat(git, repository) == [f"1\t1\t{FRONTEND}"]


def test_another_registry_is_drift(repository: Path, fairlead: Fairlead) -> None:
    """The name belongs to the environment: only tag and digest may change hands."""
    text = (repository / FRONTEND).read_text(encoding="utf-8")
    (repository / FRONTEND).write_text(text.replace(REGISTRY, "registry.example.com"), encoding="utf-8")
    answer = fairlead("generate", "--check", root=repository)
    assert answer.code == 1
    assert f"{FRONTEND}:10:1: error KUS004: " in answer.text


# Values that are no release


@pytest.mark.parametrize("value", ["1.10", "7", "1e3", "0x10", "010", "on", "no", "1_000", "2024-01-01"])
def test_an_unquoted_number_is_refused(repository: Path, fairlead: Fairlead, value: str) -> None:
    """Readers of YAML disagree about it, and `1.10` would become `1.1`; nothing is written."""
    set_line(repository, FRONTEND, f"  newTag: {value}")
    before = (repository / FRONTEND).read_bytes()
    answer = fairlead("generate", root=repository)
    assert answer.code == 2
    assert f"{FRONTEND}:11:11: error WRK003: " in answer.stderr
    assert f'"{value}"' in answer.stderr
    assert (repository / FRONTEND).read_bytes() == before


@pytest.mark.parametrize(
    "value", ['""', '"a b"', '"-1"', '".1"', '"1.0:2"', '"a/b"', f'"{"x" * 129}"', '"1.0@sha256:abc"']
)
def test_what_no_registry_takes_is_refused(repository: Path, fairlead: Fairlead, value: str) -> None:
    """The complaint is at the value's line and column."""
    set_line(repository, FRONTEND, f"  newTag: {value}")
    answer = fairlead("generate", root=repository)
    assert answer.code == 2
    assert f"{FRONTEND}:11:11: error REL002: " in answer.stderr


@pytest.mark.parametrize("value", ["{a: b}", "[a]"])
def test_a_value_that_is_no_text_is_refused(repository: Path, fairlead: Fairlead, value: str) -> None:
    """Nor is a mapping or a list a tag, and it is not called a number."""
    set_line(repository, FRONTEND, f"  newTag: {value}")
    answer = fairlead("generate", root=repository)
    assert answer.code == 2
    assert f"{FRONTEND}:11:11: error " in answer.stderr
    assert "number" not in answer.stderr


@pytest.mark.parametrize("value", ["", " null", " ~"])
def test_an_entry_without_a_release_is_refused(repository: Path, fairlead: Fairlead, value: str) -> None:
    """An image without tag and digest would be `latest`."""
    set_line(repository, FRONTEND, f"  newTag:{value}")
    answer = fairlead("generate", root=repository)
    assert answer.code == 2
    assert f"{FRONTEND}:9:3: error REL002: an entry without newTag and digest" in answer.stderr


def test_two_entries_for_one_image_are_refused(repository: Path, fairlead: Fairlead) -> None:
    """Which of them holds nobody should have to know."""
    with (repository / FRONTEND).open("a", encoding="utf-8") as file:
        file.write('- name: frontend\n  newTag: "9"\n')
    answer = fairlead("generate", root=repository)
    assert answer.code == 2
    assert f"{FRONTEND}:12:3: error REL002: a second entry for image 'frontend'" in answer.stderr


def test_a_missing_entry_is_refused(repository: Path, fairlead: Fairlead) -> None:
    """An image of the page that the record does not know is named, with the command that gives it a release."""
    text = (repository / THOUGHTS).read_text(encoding="utf-8")
    gone = re.sub(r"- name: thoughts_backend_db\n(?:  .*\n)+", "", text)
    (repository / THOUGHTS).write_text(gone, encoding="utf-8")
    answer = fairlead("generate", root=repository)
    assert answer.code == 2
    assert f"{THOUGHTS}:" in answer.stderr
    assert "fairlead bump thoughts-backend --env dev --image thoughts_backend_db=TAG" in answer.stderr


# bump


def test_a_bump_is_one_line(repository: Path, fairlead: Fairlead, git: Git) -> None:
    """One image moves: one line of one file."""
    assert fairlead("bump", "frontend", "--env", "dev", "--tag", "1.5.0", root=repository).code == 0
    assert numstat(git, repository) == [f"1\t1\t{FRONTEND}"]
    assert record(repository, FRONTEND) == ['"1.5.0"']


def test_a_bump_takes_the_migrations_along(repository: Path, fairlead: Fairlead, git: Git) -> None:
    """Two images that are released together: two lines of one file."""
    assert fairlead("bump", "orders-service", "--env", "dev", "--tag", "1.1", root=repository).code == 0
    assert numstat(git, repository) == [f"2\t2\t{ORDERS}"]
    assert record(repository, ORDERS) == ['"1.1"', '"1.1"']


@pytest.mark.parametrize("tag", ["1.1", "1.10", "7", "1e3", "0x10", "on", "null", "v2.0.0", "main-4f2a91c"])
def test_a_bump_is_final(repository: Path, fairlead: Fairlead, git: Git, tag: str) -> None:
    """Every tag is written in double quotes at once: `generate` finds nothing to tidy."""
    assert fairlead("bump", "frontend", "--env", "dev", "--tag", tag, root=repository).code == 0
    bumped = git(repository, "diff")
    answer = fairlead("generate", root=repository)
    assert answer.stdout.startswith("nothing to do, ")
    assert "tidied" not in answer.stdout
    assert git(repository, "diff") == bumped
    assert record(repository, FRONTEND) == [f'"{tag}"']


def test_a_bump_after_a_bots_edit_keeps_its_other_lines(repository: Path, fairlead: Fairlead) -> None:
    """Only the scalar is replaced, whatever style the rest of the file is in."""
    text = (repository / FRONTEND).read_text(encoding="utf-8").replace('newTag: "1.4.2"', "newTag: 1.4.3 # by hand")
    (repository / FRONTEND).write_text(text, encoding="utf-8")
    assert fairlead("bump", "frontend", "--env", "dev", "--tag", "1.5.0", root=repository).code == 0
    expected = text.replace("newTag: 1.4.3 # by hand", 'newTag: "1.5.0" # by hand')
    assert (repository / FRONTEND).read_text(encoding="utf-8") == expected


def test_a_bump_to_the_same_tag_changes_nothing(repository: Path, fairlead: Fairlead, git: Git) -> None:
    """It says so, and exits with 0: a repeated pipeline is no fault."""
    answer = fairlead("bump", "frontend", "--env", "dev", "--tag", "1.4.2", root=repository)
    assert (answer.code, answer.stdout) == (0, "nothing to do: the record says so already\n")
    assert git(repository, "status", "--porcelain") == ""


def test_a_bump_of_a_digest(repository: Path, fairlead: Fairlead, git: Git) -> None:
    """A digest takes the tag's place, in the same line."""
    assert fairlead("bump", "frontend", "--env", "dev", "--digest", DIGEST, root=repository).code == 0
    assert numstat(git, repository) == [f"1\t1\t{FRONTEND}"]
    assert record(repository, FRONTEND) == [f'"{DIGEST}"']


def test_a_bump_of_tag_and_digest(repository: Path, fairlead: Fairlead, git: Git) -> None:
    """Both go into `newTag`, where Renovate still finds them."""
    arguments = ["bump", "frontend", "--env", "dev", "--tag", "1.5.0", "--digest", DIGEST]
    assert fairlead(*arguments, root=repository).code == 0
    assert numstat(git, repository) == [f"1\t1\t{FRONTEND}"]
    assert record(repository, FRONTEND) == [f'"1.5.0@{DIGEST}"']


def test_a_bump_of_one_image_with_its_own_tag(repository: Path, fairlead: Fairlead, git: Git) -> None:
    """The database beside the service moves alone."""
    answer = fairlead(
        "bump", "thoughts-backend", "--env", "dev", "--image", "thoughts_backend_db=16.5", root=repository
    )
    assert answer.code == 0
    assert numstat(git, repository) == [f"1\t1\t{THOUGHTS}"]
    assert '"16.5"' in record(repository, THOUGHTS)


def test_a_bump_of_several_services(repository: Path, fairlead: Fairlead, git: Git) -> None:
    """Each with a tag of its own, one line each."""
    assert fairlead("bump", "frontend=2.0", "users-backend=3.0", "--env", "dev", root=repository).code == 0
    assert numstat(git, repository) == [f"1\t1\t{FRONTEND}", "1\t1\toverlays/dev/users-backend/kustomization.yaml"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("frontned --env dev --tag 1.5.0", "no service 'frontned'; did you mean 'frontend'?"),
        ("frontend --env dve --tag 1.5.0", "frontend does not run in 'dve'; did you mean 'dev'?"),
        (
            "frontend --env dev --image frontent=1.5.0",
            "frontend has no image 'frontent' in dev; did you mean 'frontend'?",
        ),
        (
            "users-backend --env prod --image users_backend_db=1",
            "users-backend has no image 'users_backend_db' in prod",
        ),
        ("frontend --env dev --tag 1.5:0", "'1.5:0' is no image tag"),
        ("frontend --env dev --digest sha256:abc", "'sha256:abc' is no digest"),
        ("frontend --env dev", "say which release: --tag TAG, --digest sha256:..., or both"),
    ],
)
def test_a_bump_of_what_there_is_not_is_refused(
    repository: Path, fairlead: Fairlead, git: Git, arguments: str, said: str
) -> None:
    """The complaint names the nearest thing that there is; nothing is written."""
    answer = fairlead("bump", *arguments.split(), root=repository)
    assert answer.code == 2
    assert answer.stderr.startswith(said)
    assert git(repository, "status", "--porcelain") == ""


# The first release


@pytest.fixture
def unreleased(repository: Path, git: Git) -> Path:
    """Take frontend and thoughts-backend out of dev, as if they had never been there."""
    for service in ("frontend", "thoughts-backend"):
        shutil.rmtree(repository / "overlays" / "dev" / service)
    git(repository, "commit", "--quiet", "--all", "--message=Before the first release")
    return repository


def test_a_service_that_is_not_released_has_no_overlay(unreleased: Path, fairlead: Fairlead) -> None:
    """`generate` makes nothing where there is no release, and that is no drift."""
    assert fairlead("generate", "--check", root=unreleased).code == 0
    assert fairlead("generate", root=unreleased).code == 0
    assert not (unreleased / "overlays/dev/frontend").exists()


def test_the_first_bump_makes_the_overlay(unreleased: Path, fairlead: Fairlead, git: Git) -> None:
    """All of it, as it was before: the only difference is the tag."""
    assert fairlead("bump", "frontend", "--env", "dev", "--tag", "1.5.0", root=unreleased).code == 0
    git(unreleased, "add", ".")
    assert fairlead("generate", "--check", root=unreleased).code == 0
    stat = git(unreleased, "diff", "--cached", "--numstat", "HEAD~1", "--", "overlays/dev/frontend")
    assert stat.splitlines() == [f"1\t1\t{FRONTEND}"]


def test_the_first_bump_needs_every_image(unreleased: Path, fairlead: Fairlead) -> None:
    """A pod with one image without a tag cannot start: the missing one is named, and nothing is written."""
    answer = fairlead("bump", "thoughts-backend", "--env", "dev", "--tag", "1.3.0", root=unreleased)
    assert answer.code == 2
    assert "image 'thoughts_backend_db' has no release in dev" in answer.stderr
    assert not (unreleased / "overlays/dev/thoughts-backend").exists()


def test_the_first_bump_of_two_images(unreleased: Path, fairlead: Fairlead, git: Git) -> None:
    """With `--image NAME=TAG` beside the service's own tag both are released."""
    arguments = ["bump", "thoughts-backend", "--env", "dev", "--tag", "1.3.0", "--image", "thoughts_backend_db=16.4"]
    assert fairlead(*arguments, root=unreleased).code == 0
    assert sorted(record(unreleased, THOUGHTS)) == ['"1.3.0"', '"16.4"']
    git(unreleased, "add", ".")
    assert fairlead("generate", "--check", root=unreleased).code == 0
