"""Definitions of custom resources: found, read, installed and awaited."""

from __future__ import annotations

from typing import Any, cast

import msgspec
import pytest

from generator.apiserver import definitions as module
from generator.apiserver.client import Client, Response
from generator.apiserver.definitions import defined_among, definitions, install
from generator.apiserver.discovery import Discovery, fetch_kinds
from generator.apiserver.namespaces import ensure, strict_namespace
from generator.crds.definition import definition
from generator.findings.errors import InputError, ToolError
from tests.apiserver.cases import WIDGET

REFUSED = {"details": {"causes": [{"field": "spec.scope", "message": "Required value"}]}}


class Scripted:
    """Answers as it was told, and keeps what it was asked."""

    def __init__(self, **answers: Response) -> None:
        self._answers = answers
        self.asked: list[str] = []

    def _answer(self, how: str, path: str) -> Response:
        self.asked.append(path)
        return self._answers.get(how, Response(200, {}))

    def get(self, path: str) -> Response:
        """Return the answer to `get`."""
        return self._answer("get", path)

    def apply(self, path: str, _: Any, *, dry_run: bool) -> Response:
        """Return the answer to `apply`."""
        return self._answer(f"apply{'_dry' if dry_run else ''}", path)

    def create(self, path: str, _: Any) -> Response:
        """Return the answer to `create`."""
        return self._answer("create", path)


def client(**answers: Response) -> Client:
    """Return a client of a server that only says these."""
    return cast("Client", Scripted(**answers))


@pytest.mark.parametrize("data", [b"{", b"[]", b'{"kind": "Widget"}'])
def test_a_file_that_holds_no_definition_is_named(data: bytes) -> None:
    """The repository's own may be anybody's work."""
    with pytest.raises(InputError, match=r"schemas/crds/example\.com/widgets\.crd\.json:1:1: error API001"):
        definitions({"example.com/widgets.crd.json": data})


def test_definitions_are_read_from_their_files() -> None:
    """With group, kind and versions."""
    (found,) = definitions({"example.com/widgets.crd.json": msgspec.json.encode(WIDGET)})
    assert (found.group, found.kind, found.versions) == ("example.com", "Widget", ("v1",))


def test_what_claims_to_be_a_definition_and_is_none_defines_nothing() -> None:
    """Kubeconform and the server have both refused it."""
    assert [found.kind for found in defined_among([WIDGET, {**WIDGET, "spec": {}}, {"kind": "Pod"}])] == ["Widget"]


def test_a_definition_that_the_server_refuses_ends_the_run() -> None:
    """Its objects could not be asked about."""
    with pytest.raises(ToolError, match=r"definition of example\.com Widget: spec\.scope: Required value"):
        install(client(apply=Response(422, REFUSED)), [definition(WIDGET)])


def test_a_definition_that_is_never_served_ends_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """It was taken, and nothing came of it."""
    monkeypatch.setattr(module, "_SECONDS", 0.0)
    with pytest.raises(ToolError, match="still does not serve Widget after 0 s"):
        install(client(get=Response(200, {"status": {"conditions": None}})), [definition(WIDGET)])


def test_a_version_that_the_server_lacks_has_no_kinds() -> None:
    """That is an answer."""
    lacking = client(get=Response(404, {}))
    assert Discovery(lacking).resource("example.com/v1", "Widget") is None


def test_a_version_is_asked_for_once() -> None:
    """However many of its kinds are wanted."""
    listed = {"resources": [{"kind": "Pod", "name": name, "namespaced": True} for name in ("pods", "pods/log")]}
    server = Scripted(get=Response(200, listed))
    discovery = Discovery(cast("Client", server))
    assert [discovery.resource("v1", kind) is None for kind in ("Pod", "Node")] == [False, True]
    assert server.asked == ["/api/v1"]


def test_a_server_that_does_not_say_what_it_has_ends_the_run() -> None:
    """It is not taken for one that has nothing."""
    with pytest.raises(ToolError, match=r"does not say what apps/v1 is: who are you"):
        fetch_kinds(client(get=Response(401, {"message": "who are you"})), "apps/v1")


def test_a_namespace_that_is_there_is_as_good_as_new() -> None:
    """Another run made it."""
    assert ensure(client(create=Response(409, {"reason": "AlreadyExists"})), ["shop"]) == {}


def test_a_namespace_that_the_server_refuses_is_told_with_its_words() -> None:
    """What is in it will be refused with the same words."""
    assert ensure(client(create=Response(422, REFUSED)), ["Shop"]) == {"Shop": "Required value"}


@pytest.mark.parametrize("level", [None, "privileged"])
def test_a_namespace_that_takes_all_pods_is_not_asked(level: str | None) -> None:
    """Nor is one without any word of it."""
    labels = {} if level is None else {"pod-security.kubernetes.io/enforce": level}
    assert strict_namespace(client(), labels) is None


def test_namespaces_that_judge_alike_are_one() -> None:
    """Only the labels about pods count."""
    enforced = {"pod-security.kubernetes.io/enforce": "restricted"}
    names = {strict_namespace(client(), labels) for labels in (enforced, {**enforced, "team": "shop"})}
    assert len(names) == 1
    assert None not in names
