"""AppProjects: closed lists, and only the platform's may create Namespaces."""

from __future__ import annotations

from typing import TYPE_CHECKING

import yaml

from generator.argocd.project import RENDERED, allowed_kinds
from generator.render import SHARED_KINDS
from tests.cases.case import CASES, golden_cases

if TYPE_CHECKING:
    from tests.argocd.conftest import Objects


def test_a_system_may_sync_into_its_own_namespaces_on_its_own_clusters_alone(hub: Objects) -> None:
    """A system may sync into its own namespaces on its own clusters alone."""
    spec = hub["AppProject", "shop"]["spec"]
    assert {(each.get("name") or each["server"], each["namespace"]) for each in spec["destinations"]} == {
        ("eu", "shop"),
        ("eu", "shop-jobs"),
        ("https://prod.k8s.example.com", "shop"),
        ("https://prod.k8s.example.com", "shop-jobs"),
    }
    assert spec["sourceRepos"] == ["https://git.example.com/shop/gitops.git"]
    assert spec["clusterResourceWhitelist"] == []


def test_only_the_platform_may_create_namespaces(hub: Objects) -> None:
    """Only the platform may create namespaces."""
    cluster_wide = {
        name: each["spec"]["clusterResourceWhitelist"] for (kind, name), each in hub.items() if kind == "AppProject"
    }
    assert cluster_wide.pop("platform") == [{"group": "", "kind": "Namespace"}]
    assert cluster_wide == {"root": [], "pay": [], "shop": []}


def test_no_list_of_any_project_holds_a_star(hub: Objects) -> None:
    """No list of any project holds a star."""
    projects = [each["spec"] for (kind, _), each in hub.items() if kind == "AppProject"]
    lists = ("sourceRepos", "destinations", "clusterResourceWhitelist", "namespaceResourceWhitelist")
    assert "*" not in str([spec[name] for spec in projects for name in lists])


def test_kinds_of_own_resources_are_those_on_the_systems_page(hub: Objects) -> None:
    """Kinds of own resources are those on the system's page."""

    def kinds(system: str) -> set[tuple[str, str]]:
        listed = hub["AppProject", system]["spec"]["namespaceResourceWhitelist"]
        return {(entry["group"], entry["kind"]) for entry in listed}

    assert kinds("shop") - kinds("pay") == {("apps", "StatefulSet"), ("", "PersistentVolumeClaim")}


def test_no_system_may_sync_secrets_or_what_grants_rights() -> None:
    """No system may sync secrets or what grants rights."""
    assert not {kind for _, kind in allowed_kinds()} & {"Secret", "Role", "RoleBinding", "ClusterRole", "Namespace"}


def test_the_kinds_that_are_allowed_are_those_that_pages_render() -> None:
    """The golden cases hold objects of the kinds that stand beside the renderers, each of them and no other."""
    found = {
        (manifest["apiVersion"].rpartition("/")[0], manifest["kind"])
        for case in golden_cases()
        if not any((CASES / case / "inputs").rglob("resources/*.yaml"))
        for path in (CASES / case / "built").glob("*.yaml")
        for manifest in yaml.load_all(path.read_bytes(), yaml.CBaseLoader)
    }
    assert found == RENDERED | {group_kind for group_kind, _ in SHARED_KINDS}
