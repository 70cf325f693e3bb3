from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest

from generator.findings.errors import ToolError, UsageError
from generator.registry.images import UnreachableError, open_registry

from .conftest import QUICK
from .images import DOCKER, push, push_single
from .server import Reply, closed, replying, serving, silent

if TYPE_CHECKING:
    from pathlib import Path

    from generator.tools.registry import Registry

    from .server import Server

DIGEST = f"sha256:{'0123456789abcdef' * 4}"
NO_SUCH_TAG = b'{"errors": [{"code": "MANIFEST_UNKNOWN", "message": "Requested image not found"}]}'
NO_SUCH_REPOSITORY = b'{"errors": [{"code": "NAME_UNKNOWN", "message": "The repository does not exist"}]}'
HARBOR = b'{"errors": [{"code": "NOT_FOUND", "message": "artifact shop/web:1.0.0 not found"}]}'
MANIFEST = b'{"schemaVersion": 2, "config": {}, "layers": []}'


def test_a_tag_has_the_digest_of_its_index(registry: Registry, source: Server) -> None:
    """The registry is asked once, for the manifest itself."""
    digest = push(source.address, "shop/web", "1.0.0")
    assert registry.digest(f"{source.address}/shop/web:1.0.0") == digest
    assert source.asked("GET /v2/shop/web/manifests/1.0.0 200")


def test_an_image_can_be_asked_for_by_digest(registry: Registry, source: Server) -> None:
    """What is there has the digest that was asked for."""
    digest = push(source.address, "shop/web", "1.0.0")
    assert registry.digest(f"{source.address}/shop/web@{digest}") == digest


@pytest.mark.parametrize("reference", ["shop/web:1.0.1", "shop/other:1.0.0", f"shop/web@{DIGEST}"])
def test_what_a_registry_does_not_have_is_none(registry: Registry, source: Server, reference: str) -> None:
    """Another tag, another repository, another digest."""
    push(source.address, "shop/web", "1.0.0")
    assert registry.digest(f"{source.address}/{reference}") is None


def test_docker_formats_have_digests_too(registry: Registry, source: Server) -> None:
    """A list of manifests, and a single schema 2 image."""
    listed = push(source.address, "shop/web", "list", media=DOCKER)
    single = push_single(source.address, "shop/web", "single", media=DOCKER)
    assert registry.digest(f"{source.address}/shop/web:list") == listed
    assert registry.digest(f"{source.address}/shop/web:single") == single


@pytest.mark.parametrize("body", [NO_SUCH_TAG, NO_SUCH_REPOSITORY, HARBOR], ids=["tag", "repository", "harbor"])
def test_registries_have_several_ways_to_say_no(registry: Registry, body: bytes) -> None:
    """ECR's words differ from the reference implementation's, Harbor has a code of its own."""
    with replying(Reply(404, body)) as address:
        assert registry.digest(f"{address}/shop/web:1.0.0") is None


@pytest.mark.parametrize(
    "reply",
    [
        Reply(500, b'{"errors": [{"code": "UNKNOWN", "message": "unknown error"}]}'),
        Reply(500, NO_SUCH_TAG),
        Reply(503, b"<h1>manifest unknown</h1>", "text/html"),
        Reply(404, b"<h1>manifest unknown: NAME_UNKNOWN</h1>\nError: GET x: NAME_UNKNOWN: no", "text/html"),
        Reply(404, b'{"message": "no route"}'),
        Reply(401, b'{"errors": [{"code": "UNAUTHORIZED", "message": "manifest unknown"}]}'),
        Reply(403, b'{"errors": [{"code": "DENIED", "message": "Your authorization token has expired."}]}'),
        Reply(403, b"Forbidden", "text/plain"),
        Reply(200, b"<h1>Welcome, please sign in</h1>", "text/html"),
        Reply(200, b"{}"),
    ],
    ids=["500", "500-code", "503", "404-page", "404-route", "401", "403", "403-text", "page", "no-manifest"],
)
def test_an_unclear_answer_is_no_missing_image(registry: Registry, reply: Reply) -> None:
    """Only a registry's own code for it means that an image is not there."""
    with replying(reply) as address, pytest.raises(UnreachableError) as raised:
        registry.digest(f"{address}/shop/web:1.0.0")
    assert raised.value.exit_code == 3
    assert f"{address}/shop/web:1.0.0" in str(raised.value)


def test_another_image_than_the_one_asked_for_is_no_answer(registry: Registry) -> None:
    """A digest says which bytes are meant."""
    with replying(Reply(200, MANIFEST)) as address, pytest.raises(UnreachableError, match="digest"):
        registry.digest(f"{address}/shop/web@{DIGEST}")


def test_a_closed_port_is_no_missing_image(registry: Registry) -> None:
    """Nobody listens there."""
    with closed() as address, pytest.raises(UnreachableError, match="connection refused"):
        registry.digest(f"{address}/shop/web:1.0.0")


def test_a_silent_server_is_given_up(client: Path) -> None:
    """It takes the connection and says nothing; it is not asked a second time."""
    patience = msgspec.structs.replace(QUICK, look=0.5)
    with (
        silent() as address,
        open_registry(patience=patience) as registry,
        pytest.raises(UnreachableError, match=f"{client.name} .*: no answer after 0.5 s, killed"),
    ):
        registry.digest(f"{address}/shop/web:1.0.0")


def test_a_login_that_is_missing_is_asked_for(client: Path, distribution: Path, tmp_path: Path) -> None:
    """A registry that lets nobody in says nothing about its images; the message says how to get in."""
    login = {"crane": "crane auth login", "skopeo": "skopeo login"}[client.name]
    with (
        serving(distribution, tmp_path / "guarded", guarded=True) as guarded,
        open_registry(patience=QUICK) as registry,
    ):
        with pytest.raises(UnreachableError, match=f"log in: `{login} {guarded.address}`"):
            registry.digest(f"{guarded.address}/shop/web:1.0.0")
        assert guarded.asked("GET /v2/ 401")


# How often a program tries by itself when it is started once.
OWN_ATTEMPTS = {"crane": 3, "skopeo": 1}
BUSY = Reply(503, b"busy", "text/plain")


def test_a_passing_fault_is_tried_again(client: Path) -> None:
    """What one start of the program did not get over, a second one may."""
    failures = [BUSY] * OWN_ATTEMPTS[client.name]
    with replying(*failures, Reply(200, MANIFEST)) as address, open_registry(patience=QUICK) as registry:
        assert registry.digest(f"{address}/shop/web:1.0.0") is not None


def test_a_lasting_fault_is_tried_twice(client: Path) -> None:
    """Then it is reported, though the next answer would have been a good one."""
    failures = [BUSY] * OWN_ATTEMPTS[client.name] * 2
    with (
        replying(*failures, Reply(200, MANIFEST)) as address,
        open_registry(patience=QUICK) as registry,
        pytest.raises(UnreachableError, match="503 Service Unavailable"),
    ):
        registry.digest(f"{address}/shop/web:1.0.0")


def test_what_does_not_pass_is_not_tried_again(registry: Registry) -> None:
    """A refusal stays one: the answer that would come next is never fetched."""
    refusal = Reply(403, b'{"errors": [{"code": "DENIED", "message": "no"}]}')
    with replying(refusal, Reply(200, MANIFEST)) as address, pytest.raises(UnreachableError):
        registry.digest(f"{address}/shop/web:1.0.0")


@pytest.mark.parametrize(
    "reference",
    ["--help", "web:1.0.0", "registry.example.com/web", "registry.example.com/web:1.0.0@" + DIGEST,
     "user:password@registry.example.com/web:1", "registry.example.com/../web:1.0.0 x", "--authfile=/etc/web:1"],
)  # fmt: skip
def test_nothing_but_a_reference_reaches_a_program(registry: Registry, reference: str) -> None:
    """Options, users and short names are refused before anything starts."""
    with pytest.raises(UsageError, match="is no image reference"):
        registry.digest(reference)


def test_without_a_program_both_remedies_are_named(path: Path) -> None:
    """Either will do."""
    assert not list(path.iterdir())
    with pytest.raises(ToolError, match=r"crane or skopeo.*go install \S+/crane@.*package `skopeo`"), open_registry():
        pass
