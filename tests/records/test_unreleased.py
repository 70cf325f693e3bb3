"""A page that is released nowhere is told so, with the command that releases it, and is checked all the same."""

from __future__ import annotations

import json
import shlex
from typing import TYPE_CHECKING

import pytest

from tests.prove.shop import FILES, make_shop

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Fairlead

CART = FILES["services/cart.yaml"]
USERS = CART.replace("image: cart", "image: users")
SMALL = "resources: {requests: {cpu: 10m, memory: 16Mi}, limits: {memory: 16Mi}}"
NOWHERE = "released to no environment, so no overlay is rendered and nothing of it runs"


def hint(command: str, place: str = "services/cart.yaml:2:1") -> str:
    """Return the line of the hint."""
    return f"{place}: info SPC014: {NOWHERE}; `{command}` releases it"


def hints(root: Path, fairlead: Fairlead, *command: str) -> list[str]:
    """Return the hints that a command prints, which it does not fail for."""
    answer = fairlead(*command, root=root)
    assert answer.code == 0, answer.text
    return [line for line in answer.stdout.splitlines() if "SPC014" in line]


@pytest.fixture
def shop(tmp_path: Path, fairlead: Fairlead) -> Path:
    """Return a rendered shop with a service that is released, and a cart that is not."""
    root = make_shop(tmp_path, services__users=USERS)
    assert fairlead("bump", "users", "--env", "dev", "--tag", "1.0.0", root=root).code == 0
    assert fairlead("generate", root=root).code == 0
    return root


def test_generate_and_validate_give_a_hint(shop: Path, fairlead: Fairlead) -> None:
    """In every run, and no longer once the page is released."""
    told = [hint("fairlead bump cart --env dev --tag TAG")]

    for command in (["generate"], ["generate", "--check"], ["validate"], ["validate"]):
        assert hints(shop, fairlead, *command) == told
    (found,) = json.loads(fairlead("generate", "--format", "json", root=shop).stdout)["hints"]
    assert (found["rule"], found["severity"]) == ("SPC014", "info")

    assert fairlead("bump", "cart", "--env", "dev", "--tag", "1.0.0", root=shop).code == 0
    assert hints(shop, fairlead, "generate") == hints(shop, fairlead, "validate") == []


@pytest.mark.parametrize(
    ("words", "command"),
    [
        pytest.param("", "fairlead bump cart --env dev --tag TAG", id="one-image"),
        pytest.param(
            f"migrations: {{image: cart-migrations, {SMALL}}}\n",
            "fairlead bump cart --env dev --tag TAG",
            id="together",
        ),
        pytest.param(
            f"containers: {{cache: {{image: shop-cache, {SMALL}}}}}\n",
            "fairlead bump cart --env dev --tag TAG --image shop-cache=TAG",
            id="a-sidecar-with-a-release-of-its-own",
        ),
    ],
)
def test_the_command_of_the_hint_releases_the_page(shop: Path, fairlead: Fairlead, words: str, command: str) -> None:
    """Whichever images the page has: it is run here as it is printed, with a tag."""
    (shop / "services/cart.yaml").write_text(CART + words, encoding="utf-8")
    assert fairlead("generate", root=shop).code == 0
    assert hints(shop, fairlead, "validate") == [hint(command)]

    _, *arguments = shlex.split(command.replace("TAG", "1.0.0"))
    answer = fairlead(*arguments, root=shop)

    assert answer.code == 0, answer.text
    assert hints(shop, fairlead, "generate") == hints(shop, fairlead, "validate") == []


def test_the_first_environment_that_the_page_is_not_shut_out_of_is_named(tmp_path: Path, fairlead: Fairlead) -> None:
    """One that releases are promoted through, if there is any."""
    changes = {
        "gitops": FILES["gitops.yaml"].replace("[dev]", "[local, dev, prod]"),
        "environments__local": "production: false\npromotion: false\n",
        "environments__prod": "production: true\n",
        "systems__shop": FILES["systems/shop.yaml"]
        + "  prod: {cluster: dev, registry: registry.example.com, domain: example.com}\n"
        + "  local: {cluster: dev, registry: registry.example.com, domain: example.org}\n",
    }
    changes["systems__shop"] = changes["systems__shop"].replace("{shop: {}}", '{shop: {name: "shop-{env}"}}')
    root = make_shop(tmp_path, services__users=CART + "environments: {dev: false}\n", **changes)

    assert [line.partition("`")[2].split("`")[0] for line in hints(root, fairlead, "generate")] == [
        "fairlead bump cart --env dev --tag TAG",
        "fairlead bump users --env prod --tag TAG",
    ]


@pytest.mark.parametrize(
    "page",
    [
        pytest.param(CART.replace("image: cart", "image: docker.io/library/redis:7.2"), id="no-image-of-ours"),
        pytest.param(CART + "environments: {dev: false}\n", id="shut-out"),
    ],
)
def test_a_page_with_nothing_to_release_gets_no_hint(shop: Path, fairlead: Fairlead, page: str) -> None:
    """It is rendered without a release, or meant for no environment."""
    (shop / "services/cart.yaml").write_text(page, encoding="utf-8")

    assert hints(shop, fairlead, "generate") == hints(shop, fairlead, "validate") == []


def findings(root: Path, fairlead: Fairlead, code: int) -> list[str]:
    """Return what `validate` finds beside the hint."""
    answer = fairlead("validate", root=root)
    assert answer.code == code, answer.text
    return [line for line in answer.stdout.splitlines()[:-2] if "SPC014" not in line]


def test_the_page_is_checked_as_its_first_release_would_be(shop: Path, fairlead: Fairlead) -> None:
    """Rules, schemas and words without effect, each at its line, from memory as well; nothing is left behind."""
    page = CART + (
        "livenessProbe: {httpGet: /ready}\n"
        "strategy: {type: Recreate, maxSurge: 1}\n"
        "suppress:\n- {rule: WRK008, object: Deployment/other, reason: this one is for another object}\n"
    )
    (shop / "services/cart.yaml").write_text(page, encoding="utf-8")
    before = {path for path in shop.rglob("*") if path.is_file()}

    found = findings(shop, fairlead, 1)

    assert [line.split(": ")[0] + ": " + line.split(": ")[1] for line in found] == [
        "services/cart.yaml:9:26: error WRK008",
        "services/cart.yaml:10:28: warning SPC010",
    ]
    assert findings(shop, fairlead, 1) == found
    assert {path for path in shop.rglob("*") if path.is_file()} == before


def test_what_the_page_suppresses_is_allowed(shop: Path, fairlead: Fairlead) -> None:
    """As it is once it is released."""
    page = CART + (
        "livenessProbe: {httpGet: /ready}\n"
        "suppress:\n- {rule: WRK008, reason: the application has one health command only}\n"
    )
    (shop / "services/cart.yaml").write_text(page, encoding="utf-8")

    (line,) = findings(shop, fairlead, 0)

    assert line.startswith("services/cart.yaml:9:26: allowed WRK008: the application has one health command only")


def test_a_patch_for_all_environments_is_built(shop: Path, fairlead: Fairlead) -> None:
    """What a person's own files make of the page, and what does not build."""
    (shop / "services/cart.yaml").write_text(CART + "patches: [more.yaml]\n", encoding="utf-8")
    patch = shop / "base/cart/patches/more.yaml"
    patch.parent.mkdir(parents=True, exist_ok=True)
    text = (
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: cart, namespace: shop}\nspec: {minReadySeconds: ten}\n"
    )
    patch.write_text(text, encoding="utf-8")

    found = findings(shop, fairlead, 1)

    assert any(line.startswith("base/cart/patches/more.yaml:4:25: error SCH001:") for line in found), found
    patch.write_text(text.replace("name: cart", "name: carts"), encoding="utf-8")
    (line,) = findings(shop, fairlead, 1)
    assert "accumulating resources from 'overlays/dev/cart'" in line


def test_a_fault_in_one_environment_alone_is_told_before_the_first_release(shop: Path, fairlead: Fairlead) -> None:
    """Also one that keeps the page from being rendered there."""
    page = CART + "environments: {dev: {ingress: {paths: [/], https: true}}}\n"
    (shop / "services/cart.yaml").write_text(page, encoding="utf-8")

    answer = fairlead("validate", root=shop)

    assert answer.code == 2
    assert "has no certificate" in answer.stderr
