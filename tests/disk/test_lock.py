"""The lock of those who write: who waits in vain is told who holds it, and a note alone holds nothing."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from generator.disk.lock import BusyError, write_lock

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HOLD = """
import sys, pathlib
from generator.disk.lock import write_lock
sys.argv = ["fairlead", "generate", "--remote", "https://me:a-password@git.example.com/x.git"]
with write_lock(pathlib.Path({folder!r}), 5):
    print("held", flush=True)
    sys.stdin.read()
"""
NOTE = "write.holder.json"


@pytest.fixture
def other(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run another process that holds the lock until its input ends."""
    argv = [sys.executable, "-c", HOLD.format(folder=os.fspath(tmp_path))]
    with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"held\n"
        yield child
        child.kill()


def busy(folder: Path) -> str:
    """Wait in vain, and give the message."""
    with pytest.raises(BusyError) as caught, write_lock(folder, 0.1):
        pass
    assert caught.value.exit_code == 4
    return str(caught.value)


def test_who_waits_in_vain_is_told_who_holds_it(other: subprocess.Popen[bytes], tmp_path: Path) -> None:
    """Process, host, since when and what it does, without a password."""
    said = busy(tmp_path)
    assert f": process {other.pid} on {socket.gethostname()} since 20" in said
    assert "(`fairlead generate --remote" in said
    assert said.endswith("; nothing was written")
    assert "a-password" not in said


def test_what_a_killed_run_left_behind_holds_nothing(other: subprocess.Popen[bytes], tmp_path: Path) -> None:
    """The lock went with the process; its note is there still."""
    other.kill()
    other.wait()
    assert (tmp_path / NOTE).exists()
    with write_lock(tmp_path, 0.1):
        assert f'"pid":{os.getpid()}' in (tmp_path / NOTE).read_text(encoding="utf-8")
    assert not (tmp_path / NOTE).exists()


@pytest.mark.parametrize("note", [None, b"", b"{", b'{"pid": "1"}', b"[" * 100_000, b'{"pid":1e99}'])
@pytest.mark.usefixtures("other")
def test_a_note_that_says_nothing_is_told_as_that(note: bytes | None, tmp_path: Path) -> None:
    """Whoever wrote it."""
    (tmp_path / NOTE).unlink()
    if note is not None:
        (tmp_path / NOTE).write_bytes(note)
    assert "it left no note of who it is" in busy(tmp_path)


@pytest.mark.usefixtures("other")
def test_a_note_of_a_process_that_has_ended_names_no_culprit(tmp_path: Path) -> None:
    """Somebody else holds the lock."""
    ended = subprocess.Popen(["true"])
    ended.wait()
    text = f'{{"pid":{ended.pid},"host":"{socket.gethostname()}","command":"fairlead generate","since":"2026"}}'
    (tmp_path / NOTE).write_text(text, encoding="utf-8")
    assert "which has ended" in busy(tmp_path)


def test_a_link_in_the_place_of_the_note_is_not_followed(tmp_path: Path) -> None:
    """What it leads to stays as it is."""
    target = tmp_path / "target"
    target.write_text("kept", encoding="utf-8")
    folder = tmp_path / "state"
    folder.mkdir()
    (folder / NOTE).symlink_to(target)
    with write_lock(folder, 1):
        pass
    assert target.read_text(encoding="utf-8") == "kept"
