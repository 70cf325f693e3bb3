"""A ConfigMap that other services use goes with the page that renders it: they are told, and rendered without it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.prove.shop import FILES, make_shop

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Fairlead, Git

CART = FILES["services/cart.yaml"]
COMMON = CART + "configMap: {data: {A: b}}\n"
USERS = """\
envFrom:
- configMapRef: {name: common}
volumes: {more: {configMap: {name: common, optional: true}}}
external: [configmap/common, common-db]
"""
RETIRE = ("retire", "common", "--env", "dev")


@pytest.fixture
def shop(tmp_path: Path, fairlead: Fairlead, git: Git, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a committed shop whose users page uses the ConfigMap of common, and whose cart does not."""
    for part in ("NAME", "EMAIL"):
        monkeypatch.setenv(f"GIT_AUTHOR_{part}", "test@example.com")
        monkeypatch.setenv(f"GIT_COMMITTER_{part}", "test@example.com")
    root = make_shop(tmp_path, services__common=COMMON, services__users=CART + USERS)
    for name in ("cart", "common", "users"):
        assert fairlead("bump", name, "--env", "dev", "--tag", "1.0", root=root).code == 0
    assert fairlead("generate", root=root).code == 0
    git(root, "init", "--quiet", "--initial-branch=main")
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message=As released")
    return root


def plan(fairlead: Fairlead, root: Path) -> dict[str, Any]:
    """Return what would go."""
    answer = fairlead(*RETIRE, "--format", "json", root=root)
    assert answer.code == 0, answer
    result: dict[str, Any] = json.loads(answer.stdout)
    return result


def test_whoever_uses_it_is_told(shop: Path, fairlead: Fairlead) -> None:
    """Each line that names it, the optional ones too, and the one that says somebody else makes it."""
    found = plan(fairlead, shop)["referrers"]
    assert [(one["place"]["file"], one["place"]["line"], one["words"]) for one in found] == [
        ("services/users.yaml", 10, "Deployment/shop/users: uses ConfigMap common"),
        ("services/users.yaml", 11, "Deployment/shop/users: uses ConfigMap common"),
        ("services/users.yaml", 12, "external: takes configmap/common for somebody else's"),
    ]


def test_whoever_uses_it_is_rendered_without_it(shop: Path, fairlead: Fairlead, git: Git) -> None:
    """In the same edit, so that nothing rendered is left behind; who does not use it is left alone."""
    shown = plan(fairlead, shop)
    assert [each["path"] for each in shown["files"] if each["path"].startswith(("base/", "overlays/dev/users/"))] == [
        "overlays/dev/users/deployment.yaml",
        "overlays/dev/users/kustomization.yaml",
    ]
    assert fairlead(*RETIRE, "--confirm", shown["token"], "--reason", "not needed", root=shop).code == 0
    git(shop, "add", "--all")
    assert fairlead("generate", "--check", root=shop).code == 0


def test_a_page_that_goes_altogether(shop: Path, fairlead: Fairlead) -> None:
    """The base of whoever uses it changes, too."""
    answer = fairlead("retire", "common", "--format", "json", root=shop)
    token = json.loads(answer.stdout)["token"]
    assert fairlead("retire", "common", "--confirm", token, "--reason", "not needed", root=shop).code == 0
    assert "checksum/config" not in (shop / "base/users/deployment.yaml").read_text(encoding="utf-8")
    assert fairlead("generate", "--check", root=shop).code == 0
