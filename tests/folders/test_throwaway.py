"""A folder that is gone afterwards, however a run ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING

import pytest

from generator.findings.errors import ToolError
from generator.folders.throwaway import PREFIX, SAFE_AGE, EndedError, sweep, throwaway
from tests.repo.site import left_over

if TYPE_CHECKING:
    from pathlib import Path

# Says where it works, then waits for its end.
HOLDER = "from generator.folders.throwaway import throwaway\nwith throwaway() as f: print(f, flush=True); input()"


def hold() -> tuple[subprocess.Popen[str], str]:
    """Start another run that holds a folder; give it, and the folder's name."""
    pipe = subprocess.PIPE
    child = subprocess.Popen([sys.executable, "-c", HOLDER], stdin=pipe, stdout=pipe, stderr=pipe, text=True)
    assert child.stdout is not None
    return child, child.stdout.readline().strip()


def grow_old(folder: str) -> None:
    """Let a folder look as if it had been made long ago."""
    os.utime(folder, (0, 0))


@pytest.mark.usefixtures("home")
def test_it_is_gone_afterwards() -> None:
    """With all that was put there; nobody else could read it."""
    with throwaway() as folder:
        (folder / "sub").mkdir()
        (folder / "sub/file").write_text("x")
        (folder / "sub/file").chmod(0o400)
        assert folder.stat().st_mode & 0o077 == 0

    assert not folder.exists()


@pytest.mark.usefixtures("home")
def test_it_is_gone_after_an_error() -> None:
    """The error goes on."""
    with pytest.raises(ZeroDivisionError), throwaway() as folder:
        _ = 1 / 0

    assert not folder.exists()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_it_is_gone_after_a_signal(home: Path, number: signal.Signals) -> None:
    """A CI system that cancels a job sends one, and so does a terminal that is closed."""
    child, _ = hold()
    child.send_signal(number)
    _, stderr = child.communicate()

    assert child.returncode != 0
    assert "KeyboardInterrupt" in stderr or "EndedError" in stderr
    assert left_over(home) == []


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_to_end_is_an_interrupt(number: signal.Signals) -> None:
    """The command line answers it as it answers Ctrl-C; a second one does not stop the tidying."""

    def ended_twice() -> None:
        try:
            signal.raise_signal(number)
        finally:
            signal.raise_signal(number)

    with pytest.raises(EndedError, match=number.name), throwaway():
        ended_twice()

    assert signal.getsignal(number) is signal.SIG_DFL


@pytest.mark.usefixtures("home")
def test_a_signal_that_is_ignored_stays_ignored() -> None:
    """As under nohup."""
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with throwaway():
            signal.raise_signal(signal.SIGHUP)
    finally:
        signal.signal(signal.SIGHUP, signal.SIG_DFL)


@pytest.mark.usefixtures("home")
def test_it_works_in_another_thread() -> None:
    """Which cannot take signals."""
    found: list[bool] = []

    def work() -> None:
        with throwaway() as folder:
            found.append(folder.is_dir())

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()

    assert found == [True]


def test_what_a_killed_run_left_is_swept(home: Path) -> None:
    """By the next run, when it is old and nobody holds it."""
    child, folder = hold()
    child.kill()
    child.communicate()
    assert left_over(home) == [os.path.basename(folder)]  # noqa: PTH119

    with throwaway():
        assert os.path.isdir(folder)  # noqa: PTH112 - a young one may be about to be locked
    grow_old(folder)
    with throwaway():
        assert not os.path.exists(folder)  # noqa: PTH110


@pytest.mark.usefixtures("home")
def test_what_a_run_holds_is_not_swept() -> None:
    """However old: a run may be told to try for hours."""
    child, folder = hold()
    grow_old(folder)
    with throwaway():
        assert os.path.isdir(folder)  # noqa: PTH112
    child.communicate("\n")

    assert child.returncode == 0


def test_what_is_not_ours_is_not_swept(home: Path, tmp_path: Path) -> None:
    """Other names, folders without a lock, links, files; and those of other users."""
    top = home.with_name("temporary")
    (tmp_path / "precious").mkdir()
    (tmp_path / "precious/lock").write_text("")
    for name in ("other", f"{PREFIX}none", f"{PREFIX}users"):
        (top / name).mkdir()
    for name in ("other", f"{PREFIX}users"):
        (top / name / "lock").write_text("")
    (top / f"{PREFIX}link").symlink_to(tmp_path / "precious")
    (top / f"{PREFIX}file").write_text("")
    os.chown(top / f"{PREFIX}users", 65534, -1) if os.geteuid() == 0 else (top / f"{PREFIX}users/lock").unlink()
    before = left_over(home)

    sweep(top, time.time() + SAFE_AGE)

    assert left_over(home) == before
    assert (tmp_path / "precious/lock").exists()


def test_no_room_is_said_so(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full or missing folder for temporary files is the machine's trouble: exit 3."""
    monkeypatch.setattr("tempfile.tempdir", os.fspath(home / "missing"))

    with pytest.raises(ToolError, match="no folder for a temporary clone: No such file or directory: "), throwaway():
        pass
