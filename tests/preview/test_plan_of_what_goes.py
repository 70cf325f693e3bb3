"""`fairlead argocd plan --base`: of one object it says one thing, and that is what Argo CD does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from generator.yamlio import dump
from tests.preview.hub import application, application_set, config_map, folders, hub, overlay, project

if TYPE_CHECKING:
    from tests.preview.conftest import Shop

ONLY_CONFIG = {"namespaceResourceWhitelist": [{"group": "", "kind": "ConfigMap"}]}
ALWAYS_CLOSED = {"kind": "deny", "schedule": "*/30 * * * *", "duration": "1h", "applications": ["*"]}
BY_NAME = {"destinations": [{"server": "https://10.0.0.1", "namespace": "shop"}]}
SECRET = config_map("secret").replace("kind: ConfigMap", "kind: Secret")
LIMITS = config_map("limits").replace("kind: ConfigMap", "kind: LimitRange")
FOREIGN = config_map("foreign", "kube-system")


def fates(shop: Shop, spec: dict[str, Any], after: list[str], gone: list[str], code: int = 0) -> dict[str, str]:
    """Return what becomes of the objects `gone` of an Application that keeps `after`, in a project of this `spec`."""
    files = hub(project("shop", **spec), application_set("dev-shop", folders("overlays/dev/web")))
    shop.put(files | overlay("web", *after, *gone))
    shop.commit()
    shop.put(overlay("web", *after))
    plan = shop.plan("--base", "HEAD", code=code)
    return {each["name"]: each["fate"] for each in plan["dev-web"]["pruned"]}


UNMANAGED = "kept, unmanaged (its project does not permit it)"
CASES: dict[str, tuple[dict[str, Any], list[str], list[str], int, dict[str, str]]] = {
    "nothing is in the way": ({}, [config_map("web")], [SECRET], 0, {"secret": "pruned"}),
    "the project refuses its kind": (
        ONLY_CONFIG, [config_map("web")], [LIMITS, config_map("old")], 1, {"limits": UNMANAGED, "old": "pruned"},
    ),
    "the project refuses its namespace": ({}, [config_map("web")], [FOREIGN], 1, {"foreign": UNMANAGED}),
    "it would have been kept anyway": (
        ONLY_CONFIG, [config_map("web")],
        [config_map("limits", sync__options="Prune=false").replace("kind: ConfigMap", "kind: LimitRange")],
        1, {"limits": UNMANAGED},
    ),
    "the project refuses something that is wanted": (
        {}, [config_map("web"), config_map("outside", "kube-system")],
        [SECRET, config_map("kept", sync__options="Prune=false"), config_map("asked", sync__options="Prune=confirm")],
        1,
        {
            "secret": "kept (the sync fails for what is refused)",
            "kept": "kept (Prune=false)",
            "asked": "kept (the sync fails for what is refused)",
        },
    ),
    "only the cluster knows what the project permits": (
        BY_NAME, [config_map("web")], [SECRET], 3,
        {"secret": "pruned if the project permits the sync (only the cluster knows)"},
    ),
    "the window is closed": (
        {"syncWindows": [ALWAYS_CLOSED]}, [config_map("web")], [SECRET], 0,
        {"secret": "pruned once its sync window opens"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_what_becomes_of_an_object_that_is_no_longer_wanted(empty: Shop, case: str) -> None:
    """It goes only where nothing is in the way."""
    spec, after, gone, code, expected = CASES[case]
    assert fates(empty, spec, after, gone, code) == expected


@pytest.mark.parametrize("case", CASES)
def test_no_object_is_said_to_go_and_to_stay(empty: Shop, case: str) -> None:
    """Not on two lines, and the total counts what goes and nothing else."""
    spec, after, gone, code, expected = CASES[case]
    fates(empty, spec, after, gone, code)
    said = empty.argocd("plan", "--base", "HEAD", "--verbose")[1]
    for name in expected:
        lines = [line for line in said.splitlines() if f"/{name}" in line and line.startswith("dev-web: ")]
        goes = [line for line in lines if line.endswith((": pruned", "window opens", "cluster knows)"))]
        stays = [line for line in lines if "cannot be pruned" in line or ": kept" in line]
        assert not (goes and stays), lines
    assert f"{len(expected)} no longer wanted ({list(expected.values()).count('pruned')} pruned)" in said


def test_an_object_that_another_application_takes_over(empty: Shop) -> None:
    """Which of the two syncs first decides."""
    declared = hub(project("shop"), application_set("dev-shop", folders("overlays/dev/*")))
    empty.put(declared | overlay("web", config_map("web"), config_map("both")) | overlay("api", config_map("api")))
    empty.commit()
    empty.drop("overlays/dev/web/1.yaml")
    empty.put(overlay("web", config_map("web")) | overlay("api", config_map("api"), config_map("both")))
    plan = empty.plan("--base", "HEAD")
    (gone,) = plan["dev-web"]["pruned"]
    assert gone["fate"] == "taken over by dev-api if that syncs first, else pruned"
    assert "1 no longer wanted (0 pruned)" in empty.argocd("plan", "--base", "HEAD")[1]


def test_an_object_of_that_name_in_another_cluster_is_another_object(empty: Shop) -> None:
    """Nobody takes it over."""
    elsewhere = {"name": "prod", "namespace": "shop"}
    destinations = [{"name": "dev", "namespace": "shop"}, elsewhere]
    made = [application("web", "overlays/dev/web"), application("api", "overlays/dev/api", destination=elsewhere)]
    empty.put(hub(project("shop", destinations=destinations), *made) | overlay("api", config_map("api")))
    empty.put(overlay("web", config_map("web"), config_map("both")))
    empty.commit()
    empty.put(overlay("web", config_map("web")) | overlay("api", config_map("api"), config_map("both")))
    assert [each["fate"] for each in empty.plan("--base", "HEAD")["web"]["pruned"]] == ["pruned"]


def test_an_object_whose_group_changes_is_two_objects(empty: Shop) -> None:
    """The new one is refused as what is wanted, though its name reads like that of the old one."""

    def widget(group: str) -> str:
        metadata = {"name": "w", "namespace": "shop"}
        return dump({"apiVersion": f"{group}/v1", "kind": "Deployment", "metadata": metadata})

    spec = {"namespaceResourceBlacklist": [{"group": "example.com", "kind": "Deployment"}]}
    files = hub(project("shop", **spec), application_set("dev-shop", folders("overlays/dev/web")))
    empty.put(files | overlay("web", config_map("web"), widget("apps")))
    empty.commit()
    empty.put(overlay("web", config_map("web"), widget("example.com")))
    code, said = empty.argocd("plan", "--base", "HEAD", "dev-web")
    assert code == 1
    assert "dev-web: cannot be pruned" not in said
    assert "+ Deployment/shop/w" in said
    assert "- Deployment/shop/w" in said
