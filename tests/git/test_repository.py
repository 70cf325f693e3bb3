"""Which repository a folder lies in, and when nobody can tell: "could not check" is never 0."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest

from generator.findings.errors import ToolError
from generator.git import repository as module
from generator.git.repository import Repository, find_repository

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Fairlead, Git


@pytest.fixture
def work(tmp_path: Path, git: Git) -> Path:
    """Return a work tree with one commit."""
    git(tmp_path, "init", "--quiet", "--initial-branch=main", os.fspath(tmp_path / "work"))
    (tmp_path / "work" / "inner").mkdir()
    (tmp_path / "work" / "inner" / "page.yaml").write_text("a: b\n", encoding="utf-8")
    git(tmp_path / "work", "add", ".")
    git(tmp_path / "work", "commit", "--quiet", "--message=First")
    return tmp_path / "work"


# Where it is


def test_a_folder_of_a_work_tree(work: Path) -> None:
    """The nearest `.git` at or above it counts."""
    assert find_repository(work) == Repository(work, work / ".git", work / ".git")
    assert find_repository(work / "inner") == Repository(work, work / ".git", work / ".git", "inner/")


def test_a_linked_work_tree(work: Path, tmp_path: Path, git: Git) -> None:
    """Its `.git` is a file, and objects and refs are those of the first one."""
    git(work, "worktree", "add", "--quiet", os.fspath(tmp_path / "linked"))
    own = work / ".git/worktrees/linked"
    assert find_repository(tmp_path / "linked") == Repository(tmp_path / "linked", own, work / ".git")


def test_a_submodule(work: Path, tmp_path: Path, git: Git) -> None:
    """Its `.git` names a folder inside that of the outer repository."""
    git(tmp_path, "init", "--quiet", os.fspath(tmp_path / "outer"))
    git(tmp_path / "outer", "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", os.fspath(work), "inner")
    git_dir = tmp_path / "outer/.git/modules/inner"
    assert find_repository(tmp_path / "outer/inner") == Repository(tmp_path / "outer/inner", git_dir, git_dir)


def test_a_folder_in_no_repository(tmp_path: Path) -> None:
    """That is an answer, and no error."""
    assert find_repository(tmp_path) is None


def test_a_bare_repository_is_no_work_tree(work: Path, tmp_path: Path, git: Git) -> None:
    """What only has the shape of a git folder may be part of a pull request."""
    git(tmp_path, "clone", "--quiet", "--bare", os.fspath(work), os.fspath(tmp_path / "bare"))
    assert find_repository(tmp_path / "bare") is None


# Whose it is


@pytest.fixture
def foreign(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let everything belong to somebody else: the real owner cannot be changed without being root."""
    monkeypatch.setattr(module, "_is_ours", lambda _: False)


@pytest.mark.usefixtures("foreign")
def test_a_repository_that_is_ours_to_git_is_ours(work: Path) -> None:
    """Git has the last word."""
    assert find_repository(work) is not None


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_a_repository_of_another_user_is_refused(work: Path, fairlead: Fairlead) -> None:
    """With git's own words, which name the remedy; an explicit GIT_DIR would have skipped git's check."""
    shutil.copy(work / "inner/page.yaml", work / "gitops.yaml")
    os.chown(work, 65534, 65534)
    with pytest.raises(ToolError, match=r"(?s)detected dubious ownership.*safe\.directory"):
        find_repository(work)
    assert fairlead("history", root=work).code == 3


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
@pytest.mark.parametrize("owned", [".git", ".git/objects/..", "."])
def test_safe_directory_of_the_user_takes_it(
    work: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, owned: str
) -> None:
    """As git's documentation says: of the user's or the system's configuration, never of the repository's."""
    os.chown(work / owned, 65534, 65534)
    with pytest.raises(ToolError):
        find_repository(work)
    (work / ".git/config").write_text(f"[safe]\n\tdirectory = {work}\n", encoding="utf-8")
    with pytest.raises(ToolError):
        find_repository(work)
    (tmp_path / "config").write_text(f"[safe]\n\tdirectory = {work}\n", encoding="utf-8")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.fspath(tmp_path / "config"))
    assert find_repository(work) is not None


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_the_caller_of_sudo_is_trusted(work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As by git: root works for that user."""
    os.chown(work, 65534, 65534)
    monkeypatch.setenv("SUDO_UID", "65534")
    assert find_repository(work) is not None


# What cannot be read


def _remove(name: str) -> Callable[[Path], object]:
    return lambda git_dir: shutil.rmtree(git_dir / name) if (git_dir / name).is_dir() else (git_dir / name).unlink()


def _overwrite(name: str, text: str) -> Callable[[Path], object]:
    return lambda git_dir: (git_dir / name).write_text(text, encoding="utf-8")


def _lose_commit(git_dir: Path) -> None:
    for path in git_dir.glob("objects/??/*"):
        path.unlink()


DAMAGES = {
    "no HEAD": _remove("HEAD"),
    "HEAD of zeros": _overwrite("HEAD", "\0" * 41),
    "an empty HEAD": _overwrite("HEAD", ""),
    "HEAD that names no commit": _overwrite("HEAD", "a" * 40 + "\n"),
    "HEAD that names no ref": _overwrite("HEAD", "ref: ../../etc/passwd\n"),
    "no objects": _remove("objects"),
    "the objects gone": _lose_commit,
    "no refs": _remove("refs"),
    "a cut branch": _overwrite("refs/heads/main", ""),
    "a branch of zeros": _overwrite("refs/heads/main", "\0" * 41),
    "a branch that names no commit": _overwrite("refs/heads/main", "a" * 40 + "\n"),
    "a broken config": _overwrite("config", "[core\n"),
}
COMMANDS = (
    ("validate",),
    ("generate", "--check"),
    ("generate",),
    ("bump", "frontend", "--env", "dev", "--tag", "9.9.9"),
)


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: " ".join(command[:2]))
def test_a_damaged_repository_is_an_error(
    fresh: Path, fairlead: Fairlead, damage: str, command: tuple[str, ...]
) -> None:
    """Not "nothing was committed": what was lost since the last commit cannot be told, so the answer is 3."""
    DAMAGES[damage](fresh / ".git")
    before = {path: path.read_bytes() for path in fresh.glob("overlays/**/*.yaml")}
    answer = fairlead(*command, root=fresh)
    assert answer.code == 3, answer.text
    assert "Traceback" not in answer.text
    assert {path: path.read_bytes() for path in fresh.glob("overlays/**/*.yaml")} == before


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: " ".join(command[:2]))
def test_without_git_nothing_is_told_of_a_repository(
    fresh: Path, fairlead: Fairlead, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    """It is there, and cannot be asked."""
    monkeypatch.setenv("PATH", os.fspath(tmp_path))
    answer = fairlead(*command, root=fresh)
    assert (answer.code, answer.stderr) == (3, "no git on the PATH; install it\n")


@pytest.mark.parametrize("command", COMMANDS[:3], ids=lambda command: " ".join(command[:2]))
def test_a_folder_that_never_was_a_repository_passes_and_is_told(
    fresh: Path, fairlead: Fairlead, command: tuple[str, ...]
) -> None:
    """An unpacked archive has no commit to compare with."""
    shutil.rmtree(fresh / ".git")
    answer = fairlead(*command, root=fresh)
    assert answer.code == 0
    assert "not in a git repository: what was lost or edited since the last commit is not looked at" in answer.stderr


def test_before_the_first_commit_nothing_can_be_lost(fresh: Path, fairlead: Fairlead, git: Git) -> None:
    """An unborn branch is no damage."""
    shutil.rmtree(fresh / ".git")
    git(fresh, "init", "--quiet")
    answer = fairlead("validate", root=fresh)
    assert (answer.code, answer.stderr) == (0, "")


# What the user configured


def test_every_git_obeys_one_configuration(
    fresh: Path, fairlead: Fairlead, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A GIT_CONFIG_GLOBAL that plain git needs is heard by those commands too that only read."""
    (tmp_path / "config").write_text("[broken\n", encoding="utf-8")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.fspath(tmp_path / "config"))
    assert "bad config line 1" in fairlead("validate", root=fresh).stderr
    assert "bad config line 1" in fairlead("history", root=fresh).stderr
