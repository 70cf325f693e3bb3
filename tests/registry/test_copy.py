from __future__ import annotations

import os
from typing import TYPE_CHECKING

import msgspec
import pytest

from generator.findings.errors import ToolError, UsageError
from generator.findings.progress import Silent
from generator.layout.release import Release
from generator.records.move import Move
from generator.registry.images import Copied, OverwriteError, UnreachableError, copy_images, open_registry

from .conftest import QUICK
from .images import DOCKER, OCI, PLATFORMS, digest_of, layer_of, pulled, push, push_single
from .server import Reply, closed, replying, stalling

if TYPE_CHECKING:
    from generator.tools.registry import Registry

    from .images import Media
    from .server import Server

DIGEST = f"sha256:{'0123456789abcdef' * 4}"


def move(tag: str | None = "1.0.0", digest: str | None = None, image: str = "shop/web") -> Move:
    """Return a move of one image to prod."""
    after = Release(newTag=tag, digest=digest)
    return Move(service="web", environment="prod", image=image, before=None, after=after)


@pytest.mark.parametrize("media", [OCI, DOCKER], ids=["oci", "docker"])
def test_every_platform_is_copied(registry: Registry, source: Server, target: Server, media: Media) -> None:
    """The index keeps its digest, and everything below it can be pulled from the target."""
    digest = push(source.address, "shop/web", "1.0.0", b"one", media)
    done = copy_images(registry, [move()], source.address, target.address, Silent())
    assert done == [Copied(image="shop/web", tag="1.0.0", digest=digest)]
    layers = pulled(target.address, "shop/web", "1.0.0", media)
    assert layers == {platform: layer_of(platform, b"one") for platform in PLATFORMS}


@pytest.mark.parametrize("media", [OCI, DOCKER], ids=["oci", "docker"])
def test_an_image_without_an_index_is_copied(registry: Registry, source: Server, target: Server, media: Media) -> None:
    """One platform, no conversion to another format."""
    digest = push_single(source.address, "shop/web", "1.0.0", b"one", media)
    copy_images(registry, [move()], source.address, target.address, Silent())
    assert registry.digest(f"{target.address}/shop/web:1.0.0") == digest


def test_both_registries_see_the_copy(registry: Registry, source: Server, target: Server) -> None:
    """The source is pulled from by digest and changed by nothing, the target is pushed to."""
    digest = push(source.address, "shop/web", "1.0.0")
    pushed = source.pushes()
    copy_images(registry, [move()], source.address, target.address, Silent())
    assert target.asked("PUT /v2/shop/web/manifests/1.0.0 201")
    assert len(target.asked(r"POST /v2/shop/web/blobs/uploads/\S* 202")) == 4
    assert source.asked(f"GET /v2/shop/web/manifests/{digest} 200")
    assert len(source.asked("GET /v2/shop/web/blobs/sha256:[0-9a-f]+ 200")) == 4
    assert source.pushes() == pushed


def test_an_identical_tag_is_left_alone(registry: Registry, source: Server, target: Server) -> None:
    """Nothing is pushed, and nothing is reported as copied."""
    push(source.address, "shop/web", "1.0.0")
    copy_images(registry, [move()], source.address, target.address, Silent())
    pushes = target.pushes()
    assert copy_images(registry, [move()], source.address, target.address, Silent()) == []
    assert target.pushes() == pushes


def test_a_tag_of_another_image_is_never_overwritten(registry: Registry, source: Server, target: Server) -> None:
    """The target keeps what it has, and the refusal names both digests."""
    digest, other = (push(server.address, "shop/web", "1.0.0", server.address.encode()) for server in (source, target))
    pushes = target.pushes()
    with pytest.raises(OverwriteError, match=f"is {other} already, not {digest}") as raised:
        copy_images(registry, [move()], source.address, target.address, Silent())
    assert raised.value.exit_code == 5
    assert digest_of(target.address, "shop/web", "1.0.0") == other
    assert target.pushes() == pushes


def test_an_image_can_be_copied_by_digest_alone(registry: Registry, source: Server, target: Server) -> None:
    """A record with a digest and no tag: the target gets the image and no tag."""
    digest = push(source.address, "shop/web", "1.0.0")
    done = copy_images(registry, [move(None, digest)], source.address, target.address, Silent())
    assert done == [Copied(image="shop/web", tag=None, digest=digest)]
    assert set(pulled(target.address, "shop/web", digest)) == set(PLATFORMS)
    assert digest_of(target.address, "shop/web", "1.0.0") is None


def test_a_tag_with_a_digest_brings_that_digest(registry: Registry, source: Server, target: Server) -> None:
    """The tag of the source may have gone to another image by now; the release says which one was meant."""
    digest = push(source.address, "shop/web", "1.0.0", b"one")
    push(source.address, "shop/web", "1.0.0", b"two")
    done = copy_images(registry, [move(f"1.0.0@{digest}")], source.address, target.address, Silent())
    assert done == [Copied(image="shop/web", tag="1.0.0", digest=digest)]
    assert digest_of(target.address, "shop/web", "1.0.0") == digest


def test_an_image_that_the_source_lacks_is_named(registry: Registry, source: Server, target: Server) -> None:
    """It cannot be copied, and it is no fault of the network."""
    with pytest.raises(ToolError, match=rf"shop/web:1\.0\.0 is not in {source.address}") as raised:
        copy_images(registry, [move()], source.address, target.address, Silent())
    assert not isinstance(raised.value, UnreachableError)
    assert target.pushes() == []


def test_a_digest_that_the_source_lacks_is_named(registry: Registry, source: Server, target: Server) -> None:
    """Nobody looked it up before; the copy itself finds out."""
    with pytest.raises(ToolError, match="cannot be copied") as raised:
        copy_images(registry, [move(None, DIGEST)], source.address, target.address, Silent())
    assert not isinstance(raised.value, UnreachableError)


def test_several_images_are_copied(registry: Registry, source: Server, target: Server) -> None:
    """Those that are there are passed over, and the rest is reported in order."""
    images = ["shop/web", "shop/orders", "shop/orders-migrations"]
    for image in images:
        push(source.address, image, "1.0.0", image.encode())
    moves = [move(image=image) for image in images]
    copy_images(registry, moves[1:2], source.address, target.address, Silent())
    done = copy_images(registry, moves, source.address, target.address, Silent())
    assert [one.image for one in done] == ["shop/web", "shop/orders-migrations"]


@pytest.mark.usefixtures("client")
def test_an_interrupted_copy_goes_on_when_it_is_repeated(source: Server, target: Server) -> None:
    """The network dies on the way and the program is killed: no tag then, and the next run brings the whole image."""
    content = os.urandom(1_000_000)
    digest = push(source.address, "shop/web", "1.0.0", content)
    hasty = msgspec.structs.replace(QUICK, copy=3)
    with (
        stalling(target.address, after=1_200_000) as dying,
        open_registry(patience=hasty) as registry,
        pytest.raises(UnreachableError, match="no answer after 3 s, killed"),
    ):
        registry.copy(f"{source.address}/shop/web@{digest}", f"{dying}/shop/web:1.0.0")
    assert target.asked(r"POST /v2/shop/web/blobs/uploads/\S* 202")
    assert digest_of(target.address, "shop/web", "1.0.0") is None
    with open_registry(patience=QUICK) as registry:
        copy_images(registry, [move()], source.address, target.address, Silent())
    assert pulled(target.address, "shop/web", "1.0.0")["arm64"] == layer_of("arm64", content)


def test_a_target_that_refuses_connections_is_unreachable(registry: Registry, source: Server) -> None:
    """It is found out before anything is copied."""
    push(source.address, "shop/web", "1.0.0")
    with closed() as address, pytest.raises(UnreachableError, match="connection refused"):
        copy_images(registry, [move()], source.address, address, Silent())


def test_a_repository_that_must_be_made_first_is_named(registry: Registry, source: Server) -> None:
    """ECR makes no repository when an image is pushed; the remedy says so."""
    push(source.address, "shop/web", "1.0.0")
    unknown = b'{"errors": [{"code": "NAME_UNKNOWN", "message": "The repository with name shop/web does not exist"}]}'
    with (
        replying(Reply(404, unknown), uploads=Reply(404, unknown)) as address,
        pytest.raises(ToolError, match="create the repository first") as raised,
    ):
        copy_images(registry, [move()], source.address, address, Silent())
    assert not isinstance(raised.value, UnreachableError)


def test_a_push_that_is_denied_says_how_to_log_in(registry: Registry, source: Server) -> None:
    """Reading was allowed, writing is not: that is no answer about images."""
    push(source.address, "shop/web", "1.0.0")
    unknown = Reply(404, b'{"errors": [{"code": "MANIFEST_UNKNOWN", "message": "Requested image not found"}]}')
    denied = Reply(403, b'{"errors": [{"code": "DENIED", "message": "not authorized to perform: ecr:PutImage"}]}')
    with (
        replying(unknown, uploads=denied) as address,
        pytest.raises(UnreachableError, match=f"cannot be copied to {address}/shop/web:1.0.0: .*; log in: `"),
    ):
        copy_images(registry, [move()], source.address, address, Silent())


@pytest.mark.parametrize("target", ["--all-tags", "registry.example.com/web", "x@registry.example.com/web:1"])
def test_nothing_but_references_is_copied(registry: Registry, target: str) -> None:
    """Neither side can hold an option."""
    with pytest.raises(UsageError, match="is no image reference"):
        registry.copy("registry.example.com/web:1.0.0", target)
    with pytest.raises(UsageError, match="is no image reference"):
        registry.copy(target, "registry.example.com/web:1.0.0")
