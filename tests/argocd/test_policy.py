"""What Argo CD does by itself in an environment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from generator.argocd.policy import sync_policy
from generator.kubernetes.values import mapping
from generator.model.project import Sync

if TYPE_CHECKING:
    from tests.argocd.conftest import Objects


def policies(objects: Objects) -> dict[str, dict[str, Any]]:
    """Return the sync policy of every Application and template by the name of what holds it."""
    specs = {name: mapping(each.get("spec")) for (_, name), each in objects.items()}
    inner = {name: mapping(mapping(spec.get("template")).get("spec")) or spec for name, spec in specs.items()}
    return {name: spec["syncPolicy"] for name, spec in inner.items() if "destination" in spec}


def test_deletions_come_last_and_nothing_is_taken_over(hub: Objects) -> None:
    """Deletions come last and nothing is taken over."""
    for policy in policies(hub).values():
        assert policy["syncOptions"] == ["PruneLast=true", "FailOnSharedResource=true"]


def test_a_failed_sync_is_tried_again_with_the_newest_commit(hub: Objects) -> None:
    """A failed sync is tried again with the newest commit."""
    backoff = {"duration": "5s", "factor": 2, "maxDuration": "3m"}
    assert policies(hub)["root-hub"]["retry"] == {"limit": 5, "refresh": True, "backoff": backoff}
    assert all(policy["retry"]["refresh"] for policy in policies(hub).values())


def test_the_root_prunes_nothing_by_itself(hub: Objects) -> None:
    """The root prunes nothing by itself."""
    assert policies(hub)["root-hub"]["automated"] == {"prune": False, "selfHeal": True}


def test_an_empty_rendering_never_deletes_everything(hub: Objects) -> None:
    """An empty rendering never deletes everything."""
    assert "allowEmpty" not in str(hub)


def test_the_words_of_the_environment_decide() -> None:
    """The words of the environment decide."""
    assert sync_policy(Sync(prune=False, selfHeal=False))["automated"] == {"prune": False, "selfHeal": False}


def test_without_automation_a_person_syncs() -> None:
    """Without automation a person syncs."""
    assert "automated" not in sync_policy(Sync(automated=False))


@pytest.mark.parametrize("kind", ["AppProject", "Application", "ApplicationSet"])
def test_what_stands_for_many_other_things_goes_only_after_a_person_said_so(hub: Objects, kind: str) -> None:
    """What stands for many other things goes only after a person said so."""
    options = {
        each["metadata"]["annotations"]["argocd.argoproj.io/sync-options"]
        for (found, _), each in hub.items()
        if found == kind
    }
    assert options == {"Prune=confirm,Delete=confirm"}


def test_projects_come_before_namespaces_and_namespaces_before_services(hub: Objects) -> None:
    """Projects come before namespaces and namespaces before services."""
    waves = {
        (kind, name): int(each["metadata"]["annotations"].get("argocd.argoproj.io/sync-wave", "0"))
        for (kind, name), each in hub.items()
    }
    assert waves["AppProject", "shop"] < waves["Application", "prod-shop"] < waves["ApplicationSet", "prod-shop"]
    assert waves["ConfigMap", "argocd-cm"] < waves["Application", "prod-shop"]
