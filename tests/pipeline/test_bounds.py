"""Files that are too much: each is refused by its name before anything reads it, within 2 s and 300 MB."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

import pytest

from tests.rlimits import refused_within

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Fairlead, Git

ZEROS = 1_500_000_000
COMMITTED_ZEROS = 400 << 20  # more than fits into the memory that there is, and git takes 2 s for them
OWN = "overlays/dev/frontend/resources/own.yaml"

BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{name}: &{name} [{','.join([f'*{before}'] * 9)}]\n" for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)
OBJECT = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: own, namespace: example}\n"

OWN_FILES = {
    "aliases without an end": (OBJECT + "data:\n  " + BOMB.replace("\n", "\n  ").rstrip(" "), "SPC002"),
    "aliases in a second document": (OBJECT + "---\n" + BOMB, "SPC002"),
    "an alias to what it stands in": (OBJECT + "data: &a {b: *a}\n", "SPC002"),
    "many values": (OBJECT + "data:\n  a: [" + "x," * 400_000 + "]\n", "SPC002"),
    "many documents": (OBJECT + "---\n- a\n" * 200_000, "SPC002"),
    "too deep": (OBJECT + "data: " + "[" * 50_000, "SPC002"),
    "five megabytes": (OBJECT + "data: {a: '" + "x" * (5 << 20) + "'}\n", "SPC001"),
}


def own_file(root: Path, text: str) -> None:
    """Let the page of frontend list a file of somebody's own in dev."""
    page = root / "services/frontend.yaml"
    text_of_page = page.read_text(encoding="utf-8")
    page.write_text(
        text_of_page.replace("environments:\n", "environments:\n  dev: {extraResources: [own.yaml]}\n"),
        encoding="utf-8",
    )
    (root / OWN).parent.mkdir(parents=True, exist_ok=True)
    (root / OWN).write_text(text, encoding="utf-8")


def zeros(path: Path, count: int = ZEROS) -> None:
    """Make a file of zeros; the disk holds none of them, and git a thousandth."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as stream:
        stream.truncate(count)


@pytest.mark.parametrize("name", OWN_FILES)
@pytest.mark.parametrize("command", ["generate", "validate"])
def test_an_own_file_is_bounded_before_kustomize_reads_it(repository: Path, name: str, command: str) -> None:
    """At its line where it has one; kustomize could not even start within those limits."""
    text, rule = OWN_FILES[name]
    own_file(repository, text)
    said = refused_within(repository, command)
    assert re.search(rf"^{OWN}:\d+:\d+: error {rule}: ", said, re.MULTILINE), said


@pytest.mark.parametrize(
    "path",
    ["services/frontend.yaml", "services/new.yaml", "gitops.yaml", "base/frontend/x.bin", "overlays/dev/x", OWN],
)
@pytest.mark.parametrize("command", ["generate", "validate", "status"])
def test_a_gigabyte_is_not_read(repository: Path, path: str, command: str) -> None:
    """Wherever it lies among what fairlead reads."""
    zeros(repository / path)
    assert f"{path}:1:1: error SPC001: {ZEROS} bytes; the limit is" in refused_within(repository, command)


def test_a_huge_file_in_the_last_commit_is_not_read(repository: Path, git: Git) -> None:
    """400 kB of git unfold to 400 MB: the size is asked before the contents are."""
    service = repository / "base/frontend/service.yaml"
    service.write_bytes(b"")
    zeros(service, COMMITTED_ZEROS)
    git(repository, "-c", "core.bigFileThreshold=2g", "commit", "--quiet", "--all", "--message=Grow")
    git(repository, "checkout", "--quiet", "HEAD~1", "--", "base/frontend/service.yaml")
    service.write_text("# edited\n", encoding="utf-8")
    said = refused_within(repository, "generate")
    assert f"base/frontend/service.yaml:1:1: error SPC001: {COMMITTED_ZEROS} bytes" in said


@pytest.mark.parametrize("command", ["generate", "validate"])
def test_a_pipe_keeps_nobody_waiting(repository: Path, fairlead: Fairlead, command: str) -> None:
    """It is no file, so nothing of it is read."""
    os.mkfifo(repository / "services/pipe.yaml")
    os.mkfifo(repository / "overlays/dev/pipe")
    assert fairlead(command, root=repository).code == 0
