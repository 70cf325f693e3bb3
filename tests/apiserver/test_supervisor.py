"""The keeper in this process, with programs that stand in for etcd and kube-apiserver."""

from __future__ import annotations

import os
import signal
import sys
import threading
from typing import TYPE_CHECKING

import pytest

from generator.apiserver import lock as lease
from generator.apiserver import supervisor as keeper
from generator.apiserver.kubeconfig import read_access
from generator.apiserver.state import ServerFolder, make_folder

from .fakes import FAILS, fakes, lives, started

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


class Day:
    """A clock that moves by one second each time the keeper looks, and what happens then."""

    def __init__(self) -> None:
        self.now = 0.0
        self.events: dict[int, Callable[[], object]] = {}

    def monotonic(self) -> float:
        """Tell the time."""
        return self.now

    def look(self, told: threading.Event) -> bool:
        """Wait, as the keeper does."""
        self.now += 1
        self.events.get(int(self.now), lambda: None)()
        return told.is_set()


@pytest.fixture
def day(monkeypatch: pytest.MonkeyPatch) -> Day:
    """Return the keeper a day of its own."""
    day = Day()
    monkeypatch.setattr(keeper, "time", day)
    monkeypatch.setattr(threading.Event, "wait", lambda told, _: day.look(told))
    return day


@pytest.fixture
def state(tmp_path: Path) -> Iterator[ServerFolder]:
    """Return a folder as a run makes it, of a server that outlives its last user by five seconds."""
    state = ServerFolder(tmp_path / "server")
    make_folder(state)
    state.outlive(5)
    handler = signal.getsignal(signal.SIGTERM)
    yield state
    signal.signal(signal.SIGTERM, handler)


def keep(state: ServerFolder, folder: Path, **behaviour: str) -> None:
    """Be the keeper."""
    programs = fakes(folder, **behaviour)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["keeper", str(state.folder), str(programs.etcd), str(programs.apiserver)])
        keeper.main()


def test_a_server_that_nobody_uses_ends(state: ServerFolder, day: Day, tmp_path: Path) -> None:
    """Both programs, and the folder with all that they wrote."""
    keep(state, tmp_path / "bin")
    assert not any(map(lives, started(tmp_path / "bin")))
    assert list(tmp_path.iterdir()) in ([], [tmp_path / "bin"])
    assert day.now == 1 + 5


def test_a_server_in_use_goes_on(state: ServerFolder, day: Day, tmp_path: Path) -> None:
    """Only the end of the last use begins its time."""
    use = lease.take_lock(state.use, shared=True)
    assert use is not None
    found = []
    day.events = {9: lambda: found.append(read_access(state.kubeconfig)), 10: use.close}
    keep(state, tmp_path / "bin")
    assert found[0] is not None
    assert found[0].base.startswith("https://127.0.0.1:")
    assert day.now == 9 + 5


def test_a_new_use_begins_the_time_anew(state: ServerFolder, day: Day, tmp_path: Path) -> None:
    """Also one that came and went between two looks."""
    day.events = {4: lambda: os.utime(state.use, ns=(1, 1))}
    keep(state, tmp_path / "bin")
    assert day.now == 4 + 5


@pytest.mark.parametrize("name", ["etcd", "apiserver"])
def test_it_ends_with_the_last_words_of_a_program_that_ended(state: ServerFolder, tmp_path: Path, name: str) -> None:
    """The other is ended too; the folder stays for whoever wonders."""
    with pytest.raises(SystemExit, match=r"ended with exit code 3: E1 run\.go:72\] no room left"):
        keep(state, tmp_path / "bin", **{name: FAILS})
    assert not any(map(lives, started(tmp_path / "bin")))
    assert state.folder.is_dir()


def test_it_ends_when_told(state: ServerFolder, day: Day, tmp_path: Path) -> None:
    """By whoever shuts the machine down."""
    day.events = {2: lambda: signal.raise_signal(signal.SIGTERM)}
    keep(state, tmp_path / "bin")
    assert day.now == 2
    assert not state.folder.exists()


def test_it_ends_when_its_folder_is_gone(state: ServerFolder, day: Day, tmp_path: Path) -> None:
    """Somebody emptied the cache."""
    day.events = {2: lambda: state.folder.rename(tmp_path / "elsewhere")}
    keep(state, tmp_path / "bin")
    assert day.now == 2
    assert not any(map(lives, started(tmp_path / "bin")))
