"""Images of Docker Hub are written without a host everywhere but here, where such a name is one of our own images."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.prove.shop import FILES, make_shop

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Fairlead


@pytest.mark.parametrize(
    ("image", "hub"),
    [
        ("redis:7.2", "docker.io/library/redis:7.2"),
        ("grafana/grafana:11.2", "docker.io/grafana/grafana:11.2"),
        (f"redis@sha256:{'a' * 64}", f"docker.io/library/redis@sha256:{'a' * 64}"),
    ],
)
def test_an_image_with_a_tag_is_told_with_its_host(tmp_path: Path, fairlead: Fairlead, image: str, hub: str) -> None:
    """Beside the way of our own images; what is told is taken as it stands."""
    page = FILES["services/cart.yaml"]
    root = make_shop(tmp_path, services__cart=page.replace("image: cart", f"image: {image}"))
    refused = fairlead("generate", root=root)
    name = re.split("[:@]", image)[0]

    assert refused.code == 2
    assert refused.stderr.splitlines()[0] == (
        f"services/cart.yaml:2:8: error SPC008: '{image}' has a tag: those of our own images live in the release "
        f"record; write `image: {name}`, then `fairlead bump SERVICE --env ENV --tag TAG`; "
        f"an image of Docker Hub is pinned with its host, `image: {hub}`"
    )
    make_shop(tmp_path, services__cart=page.replace("image: cart", f"image: {hub}"))
    assert fairlead("generate", root=root).code == 0


@pytest.mark.parametrize(
    ("word", "option"),
    [
        ("initContainers: {prepare: {image: prepare}}", "--image prepare=TAG"),
        ("containers: {proxy: {image: shop/proxy}}", "--image shop/proxy=TAG"),
        ("containers: {proxy: {image: shop/proxy, releasedTogether: true}}", "--tag TAG"),
        ("migrations: {image: shop/migrations}", "--tag TAG"),
    ],
)
def test_the_command_for_an_image_of_ours_moves_that_one(
    tmp_path: Path, fairlead: Fairlead, word: str, option: str
) -> None:
    """It is run here as it is told, once the tag is off the page."""
    small = "resources: {requests: {cpu: 10m, memory: 16Mi}, limits: {memory: 16Mi}}"
    word = word.replace("}}", f", {small}}}}}") if "}}" in word else word.replace("}", f", {small}}}")
    page = FILES["services/cart.yaml"]
    root = make_shop(tmp_path, services__cart=page)
    assert fairlead("bump", "cart", "--env", "dev", "--tag", "1.0.0", root=root).code == 0
    tagged = re.sub(r"(image: [a-z/]+)", r"\1:7.2", word)
    make_shop(tmp_path, services__cart=f"{page}{tagged}\n")

    (command,) = re.findall("`fairlead (bump .*?)`", fairlead("generate", root=root).stderr)

    assert command == f"bump SERVICE --env ENV {option}"
    make_shop(tmp_path, services__cart=f"{page}{word}\n")
    answer = fairlead(
        *command.replace("SERVICE", "cart").replace("ENV", "dev").replace("TAG", "7.2").split(), root=root
    )
    assert answer.code == 0, answer.text
    assert fairlead("generate", root=root).code == 0
