"""Starts that do not succeed, with programs that stand in for etcd and kube-apiserver: nothing of them is left."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import generator
from generator.apiserver import lock as lease
from generator.apiserver import server
from generator.apiserver.server import running, stop_all
from generator.apiserver.state import PROCESSES, ServerFolder, home, states
from generator.findings.errors import ToolError
from generator.findings.progress import Silent

from .fakes import FAILS, fakes, lives, started


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder that is first on the PATH, and an empty cache."""
    monkeypatch.setenv("FAIRLEAD_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("PATH", os.pathsep.join([str(tmp_path / "bin"), os.environ["PATH"]]))
    return tmp_path / "bin"


def start() -> None:
    """Run with a server that never comes."""
    with running("1.35", "a", progress=Silent()):
        pytest.fail("there is no server")


def nothing_left(folder: Path) -> bool:
    """Return whether programs were started, and neither they nor a folder of theirs are there any more."""
    return bool(started(folder)) and not any(map(lives, started(folder))) and states() == []


@pytest.mark.parametrize("name", ["etcd", "apiserver"])
def test_a_program_that_fails_is_quoted(folder: Path, name: str) -> None:
    """Its last words, with the exit code; the other one is ended."""
    fakes(folder, **{name: FAILS})
    with pytest.raises(ToolError) as raised:
        start()
    program = {"etcd": "etcd", "apiserver": "kube-apiserver"}[name]
    assert str(raised.value) == (
        f"the API server does not start: {program} ended with exit code 3: E1 run.go:72] no room left"
    )
    assert nothing_left(folder)


def test_a_program_that_cannot_be_started_is_named(folder: Path) -> None:
    """A program of another machine, for instance."""
    etcd = fakes(folder).etcd
    etcd.write_text(etcd.read_text().replace("#!/bin/sh", "#!/bin/none"))
    programs = fakes(folder.with_name("other"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(server, "binaries", lambda *_: type(programs)(etcd, programs.apiserver))
        with pytest.raises(ToolError, match=r"does not start: .*bin/etcd: cannot be started: No such file"):
            start()
    assert states() == []


def test_a_server_that_is_never_ready_is_given_up(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a time that is more than enough."""
    fakes(folder)
    monkeypatch.setattr("generator.apiserver.start._START_SECONDS", 3.0)
    with pytest.raises(ToolError, match=r"^the API server does not answer within 3 s$"):
        start()
    assert nothing_left(folder)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_start_cleans_up(folder: Path, number: signal.Signals) -> None:
    """Control-C while it starts, or a CI job that is cancelled: the run ends, and with it all that it had begun."""
    fakes(folder)
    code = (
        "from generator import interrupt\ninterrupt.install_handlers()\n"
        "from generator.apiserver.server import running\nfrom generator.findings.progress import Silent\n"
        "with running('1.35', 'a', progress=Silent()): pass"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(generator.__file__).parents[1])}
    with subprocess.Popen([sys.executable, "-c", code], env=environment, stderr=subprocess.PIPE) as run:
        while len(started(folder)) < 2 and run.poll() is None:
            time.sleep(0.02)
        run.send_signal(number)
        said = run.communicate(timeout=30)[1]
    assert b"InterruptError" in said
    assert nothing_left(folder)


def test_what_a_killed_run_left_half_started_is_replaced(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its keeper and programs live, but no server answers: they are ended before anew is begun."""
    fakes(folder)
    monkeypatch.setattr("generator.apiserver.start._START_SECONDS", 3.0)
    monkeypatch.setattr(server, "_ANSWER_SECONDS", 0.5)
    monkeypatch.setattr("generator.apiserver.start.end", lambda _: None)
    with pytest.raises(ToolError):
        start()
    left = started(folder)
    assert all(map(lives, left))
    monkeypatch.undo()
    monkeypatch.setenv("FAIRLEAD_CACHE_DIR", str(folder.with_name("cache")))
    assert stop_all() == 1
    assert nothing_left(folder)
    assert len(left) == 2


@pytest.fixture
def old(folder: Path, monkeypatch: pytest.MonkeyPatch) -> ServerFolder:
    """Return the folder that the next run will look for."""
    home().mkdir(parents=True)
    monkeypatch.setattr(server, "state_of", lambda *_: ServerFolder(home() / "old"))
    fakes(folder, etcd=FAILS)
    return ServerFolder(home() / "old")


@pytest.mark.parametrize("mode", [0o700, 0o777])
def test_what_a_restart_of_the_machine_left_is_replaced(folder: Path, old: ServerFolder, mode: int) -> None:
    """A folder in which no process lives, and above all one in which others may have written."""
    old.folder.mkdir()
    old.folder.chmod(mode)
    for path in (old.use, old.kubeconfig, *map(old.process, PROCESSES)):
        path.write_text("1")
    with pytest.raises(ToolError, match="no room left"):
        start()
    assert nothing_left(folder)


def test_a_process_that_others_name_is_not_ended(old: ServerFolder) -> None:
    """Where others may have written, no number is believed, not even that of a process that lives."""
    old.folder.mkdir()
    old.folder.chmod(0o777)
    with subprocess.Popen(["sleep", "60"]) as innocent:
        lock = lease.take_lock(old.process("etcd"))
        assert lock is not None
        with lock:
            lock.write(b"%d" % innocent.pid)
            with pytest.raises(ToolError, match="no room left"):
                start()
        assert innocent.poll() is None
        innocent.kill()


def test_a_file_in_place_of_the_folder_is_replaced(folder: Path, old: ServerFolder) -> None:
    """Also a link, which is removed and not followed."""
    elsewhere = folder.with_name("elsewhere")
    elsewhere.mkdir()
    old.folder.symlink_to(elsewhere)
    with pytest.raises(ToolError, match="no room left"):
        start()
    assert nothing_left(folder)
    assert elsewhere.is_dir()


def test_what_is_left_of_other_servers_is_removed(folder: Path, old: ServerFolder) -> None:
    """A run with another digest sweeps up."""
    (home() / "1.34-0123456789abcdef").mkdir()
    with pytest.raises(ToolError, match="no room left"):
        start()
    assert nothing_left(folder)
    assert not old.folder.exists()


def test_a_cache_that_cannot_be_written_is_named(folder: Path) -> None:
    """The message says which variable moves the cache."""
    fakes(folder)
    home().parent.mkdir(parents=True)
    home().write_text("a file where the folder should be")
    with pytest.raises(ToolError, match="File exists; set FAIRLEAD_CACHE_DIR to a folder that can be written"):
        start()


def test_a_kubernetes_without_programs_is_refused() -> None:
    """The versions that there are stand in the message."""
    known = r"^Kubernetes 1\.12: no API server of it is known; known are 1\.33, "
    with pytest.raises(ToolError, match=known), running("1.12.3", "a", progress=Silent()):
        pass
