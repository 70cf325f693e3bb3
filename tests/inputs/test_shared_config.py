"""What is remembered of a page ends when a page changes whose ConfigMap it uses, or beside which it is placed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from generator.disk.tree import read
from generator.inputs import load
from tests.prove.shop import FILES, make_shop

if TYPE_CHECKING:
    from pathlib import Path

    from generator.disk.tree import Tree
    from generator.inputs.service_page import ServicePage
    from tests.conftest import Fairlead

CART = FILES["services/cart.yaml"]
COMMON = "system: shop\nservice: null\nconfigMap: {name: settings, files: [a.txt], env: false}\n"
USING = "volumes: {settings: {configMap: {name: settings}}}\nvolumeMounts: {/etc/settings: settings}\n"
DEPLOYMENT = "base/cart/deployment.yaml"


@pytest.fixture
def shop(tmp_path: Path, fairlead: Fairlead) -> Path:
    """Return a shop whose cart uses the ConfigMap of another page; everything is rendered, proven and remembered."""
    root = make_shop(tmp_path, services__common=COMMON, services__cart=CART + USING)
    write(root, "services/common/a.txt", "one\n")
    assert fairlead("bump", "cart", "--env", "dev", "--tag", "1.0", root=root).code == 0
    assert fairlead("generate", root=root).code == 0
    assert fairlead("validate", root=root).code == 0
    return root


def write(root: Path, path: str, text: str) -> None:
    """Write a file of the repository."""
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(text, encoding="utf-8")


CHANGES = {
    "its file": ("services/common/a.txt", "two\n"),
    "its page": ("services/common.yaml", COMMON + "environments: {dev: {configMap: {data: {MORE: x}}}}\n"),
    "its name": ("services/common.yaml", COMMON.replace("settings", "other")),
    "its namespace": ("services/common.yaml", COMMON + "namespace: other\n"),
    "out of the environment": ("services/common.yaml", COMMON + "environments: {dev: false}\n"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_of_the_other_page_is_seen(shop: Path, fairlead: Fairlead, change: str) -> None:
    """By `validate` before anything is rendered, by `generate --check`, and by `generate`, which mends it."""
    namespaces = FILES["systems/shop.yaml"].replace("{shop: {}}", "{shop: {}, other: {}}")
    write(shop, "systems/shop.yaml", namespaces)
    assert fairlead("generate", root=shop).code == 0
    assert fairlead("validate", root=shop).code == 0
    write(shop, *CHANGES[change])

    assert "/cart/deployment.yaml" in fairlead("generate", "--check", root=shop).stdout
    assert "cart/deployment.yaml" in rendered_wrongly(fairlead, shop)
    assert fairlead("generate", root=shop).code == 0
    assert rendered_wrongly(fairlead, shop) == ""


def rendered_wrongly(fairlead: Fairlead, root: Path) -> str:
    """Return what `validate` says of rendered files."""
    lines = fairlead("validate", root=root).stdout.splitlines()
    return "".join(line for line in lines if line.startswith(("base/", "overlays/")))


def test_a_page_that_takes_the_name_is_seen(shop: Path, fairlead: Fairlead) -> None:
    """Nobody rendered the ConfigMap, and now somebody does."""
    (shop / "services/common.yaml").rename(shop / "common.yaml")
    (shop / "services/common/a.txt").unlink()
    assert fairlead("generate", root=shop).code == 0
    assert "checksum/config" not in (shop / DEPLOYMENT).read_text(encoding="utf-8")

    write(shop, "services/flags.yaml", COMMON.replace("files: [a.txt]", "data: {A: b}"))
    assert fairlead("generate", root=shop).code == 0
    assert "checksum/config" in (shop / DEPLOYMENT).read_text(encoding="utf-8")


def test_labels_of_a_service_beside_are_seen(shop: Path, fairlead: Fairlead) -> None:
    """The affinity follows the selector of the other page."""
    write(shop, "services/users.yaml", CART)
    write(shop, "services/cart.yaml", CART + "colocateWith: [users]\n")
    assert fairlead("generate", root=shop).code == 0
    write(shop, "services/users.yaml", CART + "selector: {tier: users}\n")
    assert fairlead("generate", root=shop).code == 0
    assert "tier: users" in (shop / DEPLOYMENT).read_text(encoding="utf-8")


def test_a_page_that_cannot_be_read_is_told_once(shop: Path, fairlead: Fairlead) -> None:
    """The page that uses its ConfigMap says nothing more."""
    write(shop, "services/common.yaml", COMMON + "replica: 1\n")
    answer = fairlead("generate", root=shop)
    assert (answer.code, (answer.stdout + answer.stderr).count("SPC008")) == (2, 1)


def test_a_bump_needs_no_other_page_to_be_sound(shop: Path, fairlead: Fairlead) -> None:
    """A release of one service does not wait for the page of another."""
    write(shop, "services/common.yaml", COMMON + "replica: 1\n")
    assert fairlead("bump", "cart", "--env", "dev", "--tag", "1.1", root=shop).code == 0


def test_only_the_page_that_is_used_is_read(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of all pages that were not asked for."""
    for number in range(5):
        write(shop, f"services/more-{number}.yaml", COMMON.replace("settings", f"more-{number}"))
    read_pages: list[str] = []
    read_other_page = load.read_other_page

    def counted(tree: Tree, name: str) -> ServicePage | None:
        read_pages.append(name)
        return read_other_page(tree, name)

    monkeypatch.setattr(load, "read_other_page", counted)
    project = load.load(read(shop), only={"cart"})
    assert project.service(project.page("cart"), "dev").find_config_map("settings") is not None
    assert read_pages == ["common"]
