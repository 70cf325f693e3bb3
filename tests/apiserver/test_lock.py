from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import pytest

from generator.apiserver import lock as lease
from generator.findings.errors import ToolError

if TYPE_CHECKING:
    import subprocess
    from pathlib import Path


def begin(path: Path, *argv: str) -> subprocess.Popen[bytes]:
    """Start a process with a file."""
    return lease.start(argv, path, path.with_suffix(".log"), {})


def test_many_may_share_and_one_may_have_it_alone(tmp_path: Path) -> None:
    """Users share the lock; the keeper gets it when there are none."""
    path = tmp_path / "use"
    one, other = lease.take_lock(path, shared=True), lease.take_lock(path, shared=True)
    assert one is not None
    assert other is not None
    with one, other:
        assert lease.take_lock(path) is None
    alone = lease.take_lock(path)
    assert alone is not None
    with alone:
        assert lease.take_lock(path, shared=True) is None


def test_a_process_lives_until_it_is_ended(tmp_path: Path) -> None:
    """Its number stands in the file for whoever ends it."""
    path = tmp_path / "sleeper.pid"
    with begin(path, "/bin/sleep", "60") as sleeper:
        assert lease.alive(path)
        assert int(path.read_text()) == sleeper.pid
        lease.end(path)
        assert not lease.alive(path)


def test_a_file_alone_is_no_process(tmp_path: Path) -> None:
    """What a restart of the machine leaves: a number that may be anybody's by now."""
    path = tmp_path / "sleeper.pid"
    assert not lease.alive(path)
    path.write_text(str(os.getpid()))
    assert not lease.alive(path)
    lease.end(path)


def test_a_process_that_does_not_listen_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Asking comes first; what is deaf to it goes too."""
    monkeypatch.setattr(lease, "_ASK_SECONDS", 0.2)
    path = tmp_path / "deaf.pid"
    code = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(flush=True); time.sleep(60)"
    with begin(path, sys.executable, "-c", code):
        while not path.with_suffix(".log").read_text():
            pass
        lease.end(path)
    assert not lease.alive(path)


def test_one_that_cannot_be_ended_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that wrote no number, for instance."""
    monkeypatch.setattr(lease, "_ASK_SECONDS", 0.05)
    monkeypatch.setattr(lease, "_KILL_SECONDS", 0.05)
    path = tmp_path / "nameless.pid"
    lock = lease.take_lock(path)
    assert lock is not None
    with lock, pytest.raises(ToolError, match=r"nameless\.pid: its process cannot be ended"):
        lease.end(path)


def test_two_processes_cannot_have_one_file(tmp_path: Path) -> None:
    """The first one keeps it."""
    path = tmp_path / "sleeper.pid"
    with begin(path, "/bin/sleep", "60") as sleeper:
        with pytest.raises(ToolError, match=r"sleeper\.pid: its process still lives"):
            begin(path, "/bin/sleep", "60")
        sleeper.kill()


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    """A lock is on a file of our own."""
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OSError, match="symbolic link"):
        lease.take_lock(tmp_path / "link")
    assert not (tmp_path / "elsewhere").exists()
