"""ApplicationSets: exact paths, fixed project and destination, and nothing that deletes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.disk.tree import read
from generator.inputs.enrolment import roster
from generator.inputs.load import load
from generator.layout.unit import argocd_unit
from generator.prove.kustomization_gate import reach
from tests.conftest import CHECKOUT

if TYPE_CHECKING:
    from generator.disk.tree import Tree
    from tests.argocd.conftest import Objects

ENVIRONMENTS = ("dev", "staging", "prod")


def test_it_lists_the_exact_paths_of_the_services_that_may_run_there(hub: Objects) -> None:
    """It lists the exact paths of the services that may run there."""
    (generator,) = hub["ApplicationSet", "prod-shop"]["spec"]["generators"]
    paths = [entry["path"] for entry in generator["git"]["directories"]]
    assert paths == ["overlays/prod/cart", "overlays/prod/web"]


def test_a_service_that_is_shut_out_is_not_listed(hub: Objects) -> None:
    """A service that is shut out is not listed."""
    (generator,) = hub["ApplicationSet", "staging-shop"]["spec"]["generators"]
    assert [entry["path"] for entry in generator["git"]["directories"]] == ["overlays/staging/cart"]


def test_a_system_without_services_has_none(hub: Objects) -> None:
    """A system without services has none."""
    assert ("ApplicationSet", "prod-pay") not in hub
    assert ("Application", "prod-pay") in hub


def test_nothing_deletes_applications_or_their_objects(hub: Objects) -> None:
    """Nothing deletes applications or their objects."""
    for (kind, _), each in hub.items():
        if kind == "ApplicationSet":
            policy = {"applicationsSync": "create-update", "preserveResourcesOnDeletion": True}
            assert each["spec"]["syncPolicy"] == policy
        assert "finalizers" not in str(each)


def test_project_and_destination_come_from_no_path(hub: Objects) -> None:
    """Project and destination come from no path."""
    for (kind, _), each in hub.items():
        if kind == "ApplicationSet":
            spec = each["spec"]["template"]["spec"]
            assert "{{" not in str([spec["project"], spec["destination"], spec["source"]["repoURL"]])


def test_a_missing_key_is_an_error(hub: Objects) -> None:
    """A missing key is an error."""
    spec = hub["ApplicationSet", "prod-shop"]["spec"]
    assert (spec["goTemplate"], spec["goTemplateOptions"]) == (True, ["missingkey=error"])


def test_an_application_is_rendered_anew_for_all_that_its_overlay_reaches() -> None:
    """An application is rendered anew for all that its overlay reaches."""
    tree = read(CHECKOUT)
    overlays = {path.rpartition("/")[0] for path in tree.under("overlays") if path.count("/") == 3}
    for folder in overlays:
        service = folder.rpartition("/")[2]
        assert all(path.startswith((f"{folder}/", f"base/{service}/")) for path in reach(tree, folder).files), folder


def test_a_release_changes_nothing_that_argo_cd_itself_reads(shop: Tree) -> None:
    """A release changes nothing that Argo CD itself reads."""
    record = "overlays/prod/web/kustomization.yaml"
    without = {path: data for path, data in shop.files.items() if path != record}
    assert record in shop.files
    before, after = (argocd_files(shop, files) for files in (without, dict(shop.files)))
    assert before == after


def argocd_files(tree: Tree, files: dict[str, bytes]) -> dict[str, str]:
    """Return what is rendered under argocd/ for other files in the tree's place."""
    other = type(tree)(tree.root, files)
    project = load(other)
    return argocd_unit(project, roster(project, other)).files
