"""Whose ConfigMap a pod uses: that of a page in the same environment, on the same cluster, in the same namespace."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from generator.disk.tree import Tree
from generator.inputs.load import load
from tests.prove.shop import FILES

if TYPE_CHECKING:
    from pathlib import Path

    from generator.inputs.project import Project

USING = "system: shop\nimage: web\nenvFrom:\n- configMapRef: {name: common}\n"
COMMON = "system: shop\nconfigMap: {data: {A: b}}\n"
SHOP = FILES["systems/shop.yaml"]
BILLING = """\
owner: billing
namespaces: {shop: {}}
environments: {dev: {cluster: CLUSTER}}
"""
MOVED = SHOP.replace("{shop: {}}", '{shop: {name: "shop-{env}"}, other: {name: "shop-{env}-other"}}')
TWO = SHOP.replace("{shop: {}}", "{shop: {}, other: {}}")


def project(root: Path, **pages: str) -> Project:
    """Load a shop with these pages; `__` in a name stands for `/`."""
    texts = {**FILES, **{name.replace("__", "/") + ".yaml": text for name, text in pages.items()}}
    return load(Tree(root, {path: text.encode() for path, text in sorted(texts.items())}, memory=root), only={"web"})


CASES: dict[str, tuple[dict[str, str], bool, bool]] = {
    "the same namespace": ({"services__common": COMMON}, True, True),
    "a name of its own": ({"services__settings": COMMON.replace("{data", "{name: common, data")}, True, True),
    "one of several": ({"services__x": "system: shop\nname: com\nconfigMaps: {mon: {name: common}}\n"}, True, True),
    "another namespace": ({"systems__shop": TWO, "services__common": COMMON + "namespace: other\n"}, False, False),
    "only in one environment": (
        {
            "systems__shop": TWO,
            "services__common": COMMON + "namespace: other\nenvironments: {dev: {namespace: shop}}\n",
        },
        False,
        True,
    ),
    "not in this environment": ({"services__common": COMMON + "environments: {dev: false}\n"}, True, False),
    "a namespace of each environment": ({"systems__shop": MOVED, "services__common": COMMON}, True, True),
    "another namespace of each environment": (
        {"systems__shop": MOVED, "services__common": COMMON + "namespace: other\n"},
        False,
        False,
    ),
    "another system": (
        {"systems__billing": BILLING.replace("CLUSTER", "dev"), "services__common": COMMON.replace("shop", "billing")},
        True,
        True,
    ),
    "another system's cluster": (
        {
            "systems__billing": BILLING.replace("CLUSTER", "second"),
            "clusters__second": FILES["clusters/dev.yaml"],
            "services__common": COMMON.replace("shop", "billing"),
        },
        True,
        False,
    ),
    "a system that is not there": ({"services__common": COMMON.replace("shop", "billing")}, False, False),
    "a page that cannot be read": ({"services__common": COMMON + "replica: 1\n"}, False, False),
    "a page that is unfit": ({"services__common": COMMON + "namespace: nowhere\n"}, False, False),
    "from the defaults": (
        {"systems__shop": SHOP + "defaults: {configMap: {data: {A: b}}}\n", "services__common": "system: shop\n"},
        False,  # defaults are no part of a base
        True,
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_whose_config_map_is_used(tmp_path: Path, case: str) -> None:
    """In the base and in the environment."""
    pages, in_base, there = CASES[case]
    known = project(tmp_path, services__web=USING, **pages)
    page = known.page("web")
    found = [known.service(page, environment).find_config_map("common") for environment in (None, "dev")]
    assert [each is not None for each in found] == [in_base, there]


def test_a_page_does_not_find_its_own(tmp_path: Path) -> None:
    """Its own ConfigMap is summed as it always was."""
    known = project(tmp_path, services__web=USING + "configMap: {name: common, data: {A: b}}\n")
    assert known.service(known.page("web"), "dev").find_config_map("common") is None


def test_a_service_beside(tmp_path: Path) -> None:
    """By the name of its page, also where it does not run: nothing is to differ there for it."""
    users = "system: shop\nimage: u\nname: people\nselector: {tier: users}\nenvironments: {dev: false}\n"
    known = project(tmp_path, services__web=USING + "colocateWith: [users]\n", services__users=users)
    base, there = (known.service(known.page("web"), environment) for environment in (None, "dev"))
    for service in (base, there):
        found = service.find_service("users")
        assert found is not None
        assert found.selector == {"tier": "users"}
    assert base.find_service("people") is None


def test_a_service_that_many_refer_to_is_worked_out_once(tmp_path: Path) -> None:
    """A thousand services may use one ConfigMap."""
    texts = {**FILES, "services/web.yaml": USING, "services/api.yaml": USING, "services/common.yaml": COMMON}
    known = load(Tree(tmp_path, {path: text.encode() for path, text in sorted(texts.items())}, memory=tmp_path))
    web, api = (known.service(known.page(name), "dev").find_config_map("common") for name in ("web", "api"))
    assert web is not None
    assert web is api
