"""Reading the last commit."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from generator.repo.head import head_files, head_overlays

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from tests.conftest import Git


def test_bytes_come_as_committed(tmp_path: Path, git: Git) -> None:
    """Binary, empty and odd names are given as they are; what HEAD lacks is left out."""
    git(tmp_path, "init", "-q")
    contents = {"a.yaml": b"a\n", "empty": b"", "folder/b b": bytes(range(256)), "no-newline": b"x"}
    for path, data in contents.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_bytes(data)
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "x")
    (tmp_path / "a.yaml").write_bytes(b"changed\n")

    assert head_files(tmp_path, [*contents, "missing"]) == contents


def test_a_repository_below_the_top_of_git_is_read_from_there(tmp_path: Path, git: Git) -> None:
    """Paths are relative to the GitOps repository, not to git's top."""
    inner = tmp_path / "inner"
    (inner / "overlays/dev/cart").mkdir(parents=True)
    (inner / "overlays/dev/cart/kustomization.yaml").write_text("kind: Kustomization\n")
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "x")

    assert head_overlays(inner) == {("dev", "cart")}
    assert head_files(inner, ["overlays/dev/cart/kustomization.yaml"])


def test_without_git_or_commit_nothing_is_committed(tmp_path: Path, git: Git) -> None:
    """Neither a plain folder nor an empty repository is an error."""
    assert head_overlays(tmp_path) == frozenset()
    git(tmp_path, "init", "-q")
    assert head_overlays(tmp_path) == frozenset()
    assert head_files(tmp_path, ["a"]) == {}


def test_a_hooks_environment_does_not_leak(tmp_path: Path, git: Git, monkeypatch: pytest.MonkeyPatch) -> None:
    """Inside another repository's hook GIT_DIR points elsewhere; the right repository is read all the same."""
    other, mine = tmp_path / "other", tmp_path / "mine"
    for root, text in ((other, "other"), (mine, "mine")):
        root.mkdir()
        (root / "a").write_text(text)
        git(root, "init", "-q")
        git(root, "add", ".")
        git(root, "commit", "-qm", "x")
    monkeypatch.setenv("GIT_DIR", os.fspath(other / ".git"))
    monkeypatch.setenv("GIT_INDEX_FILE", os.fspath(other / ".git/index"))

    assert head_files(mine, ["a"]) == {"a": b"mine"}
