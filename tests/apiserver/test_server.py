"""With a real etcd and kube-apiserver: who shares a server, when it ends, and what is left then."""

from __future__ import annotations

import os
import signal
import stat
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from generator.apiserver import lock as lease
from generator.apiserver import server
from generator.apiserver.server import running, stop_all
from generator.apiserver.state import PROCESSES, ServerFolder, states
from generator.findings.progress import Silent

from .conftest import KUBERNETES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from generator.apiserver.client import Client

pytestmark = pytest.mark.usefixtures("cache")

CONFIG_MAP = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "mark"}}
LIST = "/api/v1/namespaces/default/configmaps"


@pytest.fixture(autouse=True)
def nothing_left() -> Iterator[None]:
    """Begin each test without a server, and leave none."""
    yield
    stop_all()
    assert states() == []


def only_state() -> ServerFolder:
    """Return the one server that is there."""
    (state,) = states()
    return state


def number(state: ServerFolder, name: str) -> int:
    """Return the number of a process."""
    return int(state.process(name).read_text())


def until(true: Callable[[], bool]) -> bool:
    """Wait for what is to come within seconds."""
    limit = time.monotonic() + 30
    while not true() and time.monotonic() < limit:
        time.sleep(0.05)
    return true()


def marked(client: Client) -> bool:
    """Return whether this server was marked before, and mark it."""
    return client.create(LIST, CONFIG_MAP).status == 409


def test_a_server_of_the_wanted_version_answers() -> None:
    """Any patch level of the minor version will do."""
    with running(f"{KUBERNETES}.0", "a", progress=Silent(), idle_minutes=0) as client:
        assert client.get("/version").body["gitVersion"].startswith(f"v{KUBERNETES}.")


def test_without_idle_time_nothing_is_left() -> None:
    """No process, no folder, by the time the run goes on."""
    with running(KUBERNETES, "a", progress=Silent(), idle_minutes=0):
        state = only_state()
        numbers = [number(state, name) for name in PROCESSES[1:]]

    assert states() == []
    for process in numbers:
        with pytest.raises(ProcessLookupError):
            os.kill(process, 0)


def test_its_files_are_its_owners_alone() -> None:
    """The token and the keys are for nobody else on this machine."""
    with running(KUBERNETES, "a", progress=Silent(), idle_minutes=0):
        state = only_state()
        assert stat.S_IMODE(state.folder.stat().st_mode) == 0o700
        assert stat.S_IMODE(state.kubeconfig.stat().st_mode) == 0o600
        assert stat.S_IMODE(state.tokens.stat().st_mode) == 0o600


def test_it_listens_to_this_machine_alone() -> None:
    """One port on loopback; etcd has none at all."""
    with running(KUBERNETES, "a", progress=Silent(), idle_minutes=0) as client:
        state = only_state()
        assert listening(number(state, "kube-apiserver")) == {client.base.removeprefix("https://")}
        assert listening(number(state, "etcd")) == set()


def test_the_next_run_finds_it_warm() -> None:
    """The same server, with all that was made in it."""
    with running(KUBERNETES, "a", progress=Silent()) as client:
        first = client.base
        assert not marked(client)
    with running(KUBERNETES, "a", progress=Silent()) as client:
        assert client.base == first
        assert marked(client)


def test_what_is_installed_in_it_makes_another_server() -> None:
    """Two digests, two servers, side by side."""
    with (
        running(KUBERNETES, "a", progress=Silent()) as one,
        running(KUBERNETES, "b", progress=Silent()) as other,
    ):
        assert one.base != other.base
        assert not marked(one)
        assert not marked(other)


def test_runs_at_the_same_moment_share_one() -> None:
    """One starts it and the others wait; the first to end leaves it to them."""
    bases, meet = [], threading.Barrier(3)

    def run() -> None:
        with running(KUBERNETES, "a", progress=Silent(), idle_minutes=0) as client:
            meet.wait(60)
            bases.append(client.base if client.get("/readyz").status == 200 else "")

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(bases) == 3
    assert len(set(bases)) == 1
    assert states() == []


def test_a_run_without_idle_time_spares_a_server_that_another_uses() -> None:
    """It ends with the last of them."""
    with running(KUBERNETES, "a", progress=Silent(), idle_minutes=0) as client:
        with running(KUBERNETES, "a", progress=Silent(), idle_minutes=0):
            pass
        assert client.get("/readyz").status == 200
    assert states() == []


def test_it_ends_when_nobody_has_used_it_for_its_time() -> None:
    """The keeper ends both and removes what they wrote."""
    with running(KUBERNETES, "a", progress=Silent(), idle_minutes=0.02):
        assert only_state().alive
    assert until(lambda: states() == [])


@pytest.mark.parametrize("name", PROCESSES)
def test_a_server_that_was_killed_is_replaced(name: str) -> None:
    """Whichever of its processes is gone, the others go too, and the next run starts anew."""
    with running(KUBERNETES, "a", progress=Silent()) as client:
        state = only_state()
        numbers = {process: number(state, process) for process in PROCESSES}
        assert not marked(client)
    os.kill(numbers[name], signal.SIGKILL)

    assert until(lambda: not any(lease.alive(state.process(process)) for process in PROCESSES))
    with running(KUBERNETES, "a", progress=Silent(), idle_minutes=0) as client:
        assert number(only_state(), name) != numbers[name]
        assert not marked(client)


def test_a_server_that_hangs_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that is there and does not answer is of no use."""
    with running(KUBERNETES, "a", progress=Silent()):
        hanging = number(only_state(), "kube-apiserver")
    os.kill(hanging, signal.SIGSTOP)
    assert until(lambda: stopped(hanging))
    monkeypatch.setattr("generator.apiserver.client._SECONDS", 0.5)
    monkeypatch.setattr(server, "_ANSWER_SECONDS", 1.0)
    with running(KUBERNETES, "a", progress=Silent(), idle_minutes=0):
        assert number(only_state(), "kube-apiserver") != hanging


def test_there_are_not_more_than_a_few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of those that nobody uses, the one that was used longest ago makes room for a new one."""
    monkeypatch.setattr(server, "_MOST", 2)
    with running(KUBERNETES, "a", progress=Silent()) as used:
        for digest in "bc":
            with running(KUBERNETES, digest, progress=Silent()) as client:
                assert not marked(client)
        assert len(states()) == 2
        assert used.get("/readyz").status == 200
    with running(KUBERNETES, "c", progress=Silent()) as client:
        assert marked(client)


def test_every_server_can_be_stopped_at_once() -> None:
    """`fairlead tools stop`, without waiting for the idle time."""
    for digest in "ab":
        with running(KUBERNETES, digest, progress=Silent()):
            pass
    assert stop_all() == 2
    assert stop_all() == 0


def stopped(process: int) -> bool:
    """Return whether every thread of a process stands still (Linux)."""
    return all(") T " in line.read_text() for line in Path(f"/proc/{process}/task").glob("*/stat"))


def listening(process: int) -> set[str]:
    """Return the addresses on which a process listens, `127.0.0.1:6443` (Linux)."""
    sockets = {str(file.readlink()) for file in Path(f"/proc/{process}/fd").iterdir() if file.is_symlink()}
    found = set()
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/{process}/net/{table}").read_text().splitlines()[1:]:
            _, local, _, state, _, _, _, _, _, inode = line.split()[:10]
            if state == "0A" and f"socket:[{inode}]" in sockets:
                found.add(_address(local))
    return found


def _address(local: str) -> str:
    host, _, port = local.partition(":")
    numbers = ".".join(str(part) for part in reversed(bytes.fromhex(host)))
    return f"{numbers}:{int(port, 16)}"


def test_a_server_knows_for_which_repositories_it_ran(tmp_path: Path) -> None:
    """So that ending those of one repository spares another's."""
    roots = [tmp_path / name for name in ("one", "two")]
    for root in roots:
        root.mkdir()
        with running(KUBERNETES, "a", progress=Silent(), root=root):
            pass
    assert only_state().repositories == {str(root) for root in roots}
    assert server.stop(roots[0]) == (0, 1)
    assert server.stop(roots[1]) == (1, 0)
