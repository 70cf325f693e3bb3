"""The client, against a real kube-apiserver."""

from __future__ import annotations

import contextlib
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from generator.apiserver.client import Client
from generator.apiserver.kubeconfig import read_access
from generator.apiserver.server import running, stop_all
from generator.apiserver.state import states
from generator.findings.errors import ToolError
from generator.findings.progress import Silent

from .conftest import KUBERNETES

if TYPE_CHECKING:
    from generator.apiserver.kubeconfig import Kubeconfig

LIST = "/api/v1/namespaces/default/configmaps"


def config_map(name: str, **other: Any) -> dict[str, Any]:
    """Write a small object."""
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}, **other}


def access() -> Kubeconfig:
    """Return the way to the server that the tests share."""
    found = read_access(states()[0].kubeconfig)
    assert found is not None
    return found


def test_an_applied_object_is_there(client: Client) -> None:
    """The answer is the object, with what the server added to it."""
    answer = client.apply(f"{LIST}/applied", config_map("applied", data={"a": "b"}), dry_run=False)

    assert answer.status == 201
    assert answer.body["metadata"]["managedFields"][0]["manager"] == "fairlead"
    assert client.get(f"{LIST}/applied").body["data"] == {"a": "b"}


def test_a_dry_run_changes_nothing(client: Client) -> None:
    """The server answers as if it had."""
    assert client.apply(f"{LIST}/dry", config_map("dry"), dry_run=True).status == 201
    assert client.get(f"{LIST}/dry").status == 404


def test_an_object_is_created_and_deleted(client: Client) -> None:
    """A second time it is refused: the name is taken."""
    assert client.create(LIST, config_map("created")).status == 201
    assert client.create(LIST, config_map("created")).status == 409
    assert client.delete(f"{LIST}/created").status == 200
    assert client.get(f"{LIST}/created").status == 404


def test_a_refusal_is_an_answer(client: Client) -> None:
    """A field that the server does not know is refused, in a Status that says why."""
    answer = client.apply(f"{LIST}/odd", config_map("odd", dta={"a": "b"}), dry_run=True)

    assert answer.status >= 400
    assert answer.body["kind"] == "Status"
    assert "dta" in answer.body["message"]


def test_an_answer_that_is_no_object_becomes_a_message(client: Client) -> None:
    """Health checks say `ok`."""
    assert client.get("/healthz").body == {"kind": "Status", "message": "ok"}


def test_several_threads_may_ask(client: Client) -> None:
    """Each gets the answer to its own question."""

    def name_of(number: int) -> str:
        name = f"thread-{number}"
        answer = client.apply(f"{LIST}/{name}", config_map(name), dry_run=True)
        return str(answer.body["metadata"]["name"])

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(name_of, range(100))) == [f"thread-{number}" for number in range(100)]


@pytest.mark.usefixtures("client")
@pytest.mark.parametrize("token", ["", "guessed"])
def test_nobody_gets_in_without_the_token(token: str) -> None:
    """Whoever is on this machine can reach the port."""
    with contextlib.closing(Client(msgspec.structs.replace(access(), token=token))) as stranger:
        assert stranger.get(LIST).status == 401


@pytest.mark.usefixtures("client")
def test_the_token_is_not_shown() -> None:
    """Neither in a message nor in a trace."""
    assert access().token not in f"{access()!r}{access()}"


def test_a_server_that_is_gone_is_an_error(client: Client) -> None:
    """Over a connection that was kept, and over a new one."""
    with running(KUBERNETES, "gone", progress=Silent()) as doomed:
        assert doomed.get(LIST).status == 200
        assert client.get(LIST).status == 200
        stop_all()
        for _ in range(2):
            with pytest.raises(ToolError, match=rf"API server at {doomed.base}: GET {LIST}: "):
                doomed.get(LIST)
