"""A file is old or new, never half: whatever the disk says, and whenever the run is killed."""

from __future__ import annotations

import errno
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from generator.change import Change
from generator.disk.tree import TEMPORARY, read
from generator.disk.writer import WriteError, write
from generator.roots import is_rendered_path
from tests.conftest import CHECKOUT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import Fairlead, Git

NOBODY = 65534
KILLS = 20


class Killed(BaseException):
    """The end of a process, for a run inside this one: nothing catches it."""


def rendered(root: Path) -> dict[str, bytes]:
    """Return every rendered file."""
    return {path: data for path, data in read(root).files.items() if is_rendered_path(path)}


def leftovers(root: Path) -> list[str]:
    """Return the temporary files that lie around in the repository."""
    return [os.fspath(path.relative_to(root)) for path in root.rglob(f"{TEMPORARY}*") if ".git" not in path.parts]


def set_grace(root: Path, seconds: int) -> None:
    """Change one word on every page, which changes a file in every base."""
    for page in (root / "services").glob("*.yaml"):
        text = page.read_text(encoding="utf-8")
        others = re.sub(r"^terminationGracePeriodSeconds: .*\n", "", text, flags=re.MULTILINE)
        changed = others.replace("\nport: 8000\n", f"\nport: 8000\nterminationGracePeriodSeconds: {seconds}\n")
        page.write_text(changed, encoding="utf-8")


def start(root: Path, *wrapper: str) -> subprocess.Popen[str]:
    """Start `generate` in a process of its own that says "ready" when it has only the run itself before it."""
    script = (
        "import sys; from generator.cli import run; import generator.cli.generate, generator.units;"
        " print('ready', flush=True); sys.exit(run(['generate', '--root', sys.argv[1]]))"
    )
    argv = [*wrapper, sys.executable, "-c", script, os.fspath(root)]
    environment = {**os.environ, "PYTHONPATH": os.fspath(CHECKOUT)}
    pipe = subprocess.PIPE
    return subprocess.Popen(argv, env=environment, cwd=CHECKOUT, stdout=pipe, stderr=pipe, text=True)


# Symbolic links


def test_a_link_on_the_way_is_refused(fresh: Path, fairlead: Fairlead, tmp_path: Path) -> None:
    """A folder that is a link leads out of the repository: nothing is written through it."""
    outside = tmp_path / "outside"
    (fresh / "base" / "frontend").rename(outside)
    (fresh / "base" / "frontend").symlink_to(outside)
    before = {path.name: path.read_bytes() for path in outside.iterdir()}
    set_grace(fresh, 45)
    answer = fairlead("generate", root=fresh)
    assert answer.code != 0
    assert "base/frontend:1:1: error SPC005: a symbolic link" in answer.stderr
    assert {path.name: path.read_bytes() for path in outside.iterdir()} == before


@pytest.mark.parametrize("after", ["new\n", None], ids=["written", "deleted"])
def test_a_link_that_appears_after_planning_is_refused(tmp_path: Path, after: str | None) -> None:
    """The writer looks again at every component: a plan may be older than the link."""
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "file.yaml").write_bytes(b"old\n")
    root = tmp_path / "root"
    (root / "base").mkdir(parents=True)
    (root / "base" / "frontend").symlink_to(tmp_path / "outside")
    with pytest.raises(WriteError, match="a symbolic link"):
        write(root, [Change(path="base/frontend/file.yaml", before=b"old\n", after=after)])
    assert (tmp_path / "outside" / "file.yaml").read_bytes() == b"old\n"


@pytest.mark.parametrize("after", ["new\n", None], ids=["written", "deleted"])
def test_a_path_outside_the_repository_is_refused(tmp_path: Path, after: str | None) -> None:
    """Not even a planner with a bug can make the writer leave its root."""
    (tmp_path / "file.yaml").write_bytes(b"old\n")
    root = tmp_path / "root"
    root.mkdir()
    with pytest.raises(WriteError):
        write(root, [Change(path="../file.yaml", before=b"old\n", after=after)])
    assert (tmp_path / "file.yaml").read_bytes() == b"old\n"


# A disk that refuses


def test_a_link_in_the_place_of_the_temporary_file_is_not_followed(tmp_path: Path) -> None:
    """Its name is known beforehand, so a pull request may bring it."""
    root, victim = tmp_path / "root", tmp_path / "victim"
    root.mkdir()
    victim.write_text("mine", encoding="utf-8")
    (root / f"{TEMPORARY}page.yaml").symlink_to(victim)
    write(root, [Change(path="page.yaml", before=None, after="new\n")])
    assert victim.read_text(encoding="utf-8") == "mine"
    assert (root / "page.yaml").read_text(encoding="utf-8") == "new\n"
    assert not (root / "page.yaml").is_symlink()


def test_an_error_names_the_file_that_was_meant(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody knows the temporary file."""

    def full(self: Path, target: Path) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), os.fspath(self), None, os.fspath(target))

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(WriteError) as error:
        write(tmp_path, [Change(path="a/page.yaml", before=None, after="new\n")])
    assert TEMPORARY not in str(error.value)
    assert "tmp" not in Path(str(error.value).partition(": ")[0]).name


def test_a_disk_that_takes_no_more_keeps_the_old_content(fresh: Path, fairlead: Fairlead) -> None:
    """With 1 kB as the most that a file may have, small files could be written and large ones not: none is."""
    before = rendered(fresh)
    set_grace(fresh, 45)
    child = start(fresh, "sh", "-c", 'ulimit -f 2; exec "$0" "$@"')
    _, stderr = child.communicate()
    assert child.returncode == 3, stderr
    assert "nothing half-written was left behind" in stderr
    assert rendered(fresh) == before
    assert leftovers(fresh) == []
    assert fairlead("generate", root=fresh).code == 0


@pytest.fixture
def unprivileged(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """Be a user whom file modes bind, as root is not bound by any."""
    if os.geteuid() != 0:
        yield
        return
    monkeypatch.setenv("HOME", os.fspath(tmp_path))
    opened = [folder for folder in tmp_path.parents if folder.stat().st_mode & 0o005 != 0o005]
    modes = {folder: folder.stat().st_mode for folder in opened}
    for folder in (*opened, tmp_path):
        folder.chmod(folder.stat().st_mode | 0o055)
    for path in (tmp_path, *tmp_path.rglob("*")):
        os.chown(path, NOBODY, NOBODY, follow_symlinks=False)
    os.seteuid(NOBODY)
    yield
    os.seteuid(0)
    for folder, mode in modes.items():
        folder.chmod(mode)


def test_a_read_only_folder_keeps_the_old_content(
    fresh: Path, fairlead: Fairlead, request: pytest.FixtureRequest
) -> None:
    """The error names the folder's file, exits with 3, and every other file is as it was, too."""
    assert fairlead("generate", "--check", root=fresh).code == 0
    before = rendered(fresh)
    set_grace(fresh, 45)
    (fresh / "base" / "orders-service").chmod(0o555)
    request.getfixturevalue("unprivileged")
    answer = fairlead("generate", root=fresh)
    assert answer.code == 3, answer.text
    assert "base/orders-service" in answer.stderr
    assert "Permission denied" in answer.stderr
    assert rendered(fresh) == before
    assert leftovers(fresh) == []


def test_a_repository_that_cannot_be_written_exits_with_3(
    fresh: Path, fairlead: Fairlead, request: pytest.FixtureRequest
) -> None:
    """Not even the folder of the journal can be made: that is the environment's fault, not a bug of ours."""
    set_grace(fresh, 45)
    (fresh / ".git").chmod(0o555)
    request.getfixturevalue("unprivileged")
    answer = fairlead("generate", root=fresh)
    assert answer.code == 3, answer.text


def test_a_read_only_repository_can_be_checked(fresh: Path, fairlead: Fairlead, request: pytest.FixtureRequest) -> None:
    """What earlier runs have learnt cannot be kept there, which only costs time."""
    for folder in (fresh, fresh / ".git"):
        folder.chmod(0o555)
    request.getfixturevalue("unprivileged")
    answer = fairlead("generate", "--check", root=fresh)
    assert answer.code == 0, answer.text


@pytest.mark.parametrize("succeed", [0, 1, 3])
def test_a_failing_rename_leaves_whole_files(
    fresh: Path, fairlead: Fairlead, monkeypatch: pytest.MonkeyPatch, succeed: int
) -> None:
    """Each file is old or new, no temporary file stays, and the next run goes on without --force."""
    before = rendered(fresh)
    set_grace(fresh, 45)
    rename = Path.replace
    renamed: list[Path] = []

    def failing(self: Path, target: Path) -> Path:
        if ".git" not in target.parts:
            if len(renamed) == succeed:
                raise OSError(errno.EIO, os.strerror(errno.EIO), os.fspath(target))
            renamed.append(target)
        return rename(self, target)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", failing)
        answer = fairlead("generate", root=fresh)
    now = rendered(fresh)
    assert answer.code == 3
    assert len([path for path in before if now[path] != before[path]]) == succeed
    assert leftovers(fresh) == []
    assert fairlead("generate", root=fresh).code == 0
    assert fairlead("generate", "--check", root=fresh).code == 0


# Kill -9


def test_a_killed_run_tears_nothing(fresh: Path, fairlead: Fairlead, git: Git) -> None:
    """Killed at twenty moments, each file is what it was or what it becomes, and the next run needs no --force.

    Nothing is committed between: what `generate` wrote before exists nowhere but here.
    """
    states = {}
    for seconds in (40, 50):
        set_grace(fresh, seconds)
        assert fairlead("generate", root=fresh).code == 0
        states[seconds] = rendered(fresh)
    killed = 0
    for number in range(KILLS):
        old, new = (50, 40) if number % 2 == 0 else (40, 50)
        set_grace(fresh, new)
        child = start(fresh)
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
        time.sleep(number * 0.006)
        child.kill()
        child.communicate()
        killed += child.returncode < 0
        found = rendered(fresh)
        assert found.keys() == states[new].keys()
        assert [path for path, data in found.items() if data not in {states[old][path], states[new][path]}] == []
        answer = fairlead("generate", root=fresh)
        assert answer.code == 0, f"after {number * 6} ms: {answer.text}"
        assert rendered(fresh) == states[new]
        assert leftovers(fresh) == []
    assert killed > 0
    assert git(fresh, "status", "--porcelain", "--", "services", "base") != ""


@pytest.mark.parametrize("written", [0, 1])
def test_a_run_that_ended_between_journal_and_files(
    fresh: Path, fairlead: Fairlead, monkeypatch: pytest.MonkeyPatch, written: int
) -> None:
    """The journal already knows the new bytes and the disk has the old ones: our own both, and no hand edit."""
    for seconds in (40, 50):
        set_grace(fresh, seconds)
        assert fairlead("generate", root=fresh).code == 0
    set_grace(fresh, 40)
    rename = Path.replace
    renamed: list[Path] = []

    def ending(self: Path, target: Path) -> Path:
        if ".git" not in target.parts:
            if len(renamed) == written:
                raise Killed
            renamed.append(target)
        return rename(self, target)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", ending)
        with pytest.raises(Killed):
            fairlead("generate", root=fresh)
    answer = fairlead("generate", root=fresh)
    assert answer.code == 0, answer.text
    assert leftovers(fresh) == []


def test_what_a_killed_run_left_behind_is_swept(fresh: Path, fairlead: Fairlead) -> None:
    """The next run removes its temporary files, even when it has nothing to write at their place."""
    left = fresh / "base" / "frontend" / f"{TEMPORARY}deployment.yaml"
    shutil.copy(fresh / "base" / "frontend" / "deployment.yaml", left)
    assert fairlead("generate", root=fresh).code == 0
    assert not left.exists()


def test_a_file_where_a_folder_must_be(fresh: Path, fairlead: Fairlead) -> None:
    """It is no file of ours: it stays, and the answer names it without a traceback."""
    shutil.rmtree(fresh / "base" / "frontend")
    (fresh / "base" / "frontend").write_text("mine\n", encoding="utf-8")
    answer = fairlead("generate", root=fresh)
    assert answer.code in {1, 3}
    assert "base/frontend" in answer.text
    assert "Traceback" not in answer.text
    assert (fresh / "base" / "frontend").read_text(encoding="utf-8") == "mine\n"
