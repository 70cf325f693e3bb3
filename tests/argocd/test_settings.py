"""What is kept in Argo CD's own ConfigMaps, beside what others keep there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import yaml

from tests.argocd.conftest import objects

if TYPE_CHECKING:
    from generator.tree import Tree
    from tests.argocd.conftest import Objects


def test_waves_wait_for_the_health_of_applications(hub: Objects) -> None:
    """Waves wait for the health of applications."""
    assert list(hub["ConfigMap", "argocd-cm"]["data"]) == ["resource.customizations.health.argoproj.io_Application"]


def test_keys_of_others_are_left_alone(hub: Objects) -> None:
    """Keys of others are left alone."""
    for name in ("argocd-cm", "argocd-notifications-cm"):
        options = hub["ConfigMap", name]["metadata"]["annotations"]["argocd.argoproj.io/sync-options"]
        assert options.split(",") == ["ServerSideApply=true", "Prune=false", "Delete=false"]


def test_an_argo_cd_that_others_keep_gets_no_settings(shop: Tree) -> None:
    """An Argo CD that others keep gets no settings."""
    assert not [name for kind, name in objects(shop, "lab") if kind == "ConfigMap"]


def test_every_trigger_sends_a_template_that_is_there(hub: Objects) -> None:
    """Every trigger sends a template that is there."""
    data = hub["ConfigMap", "argocd-notifications-cm"]["data"]
    triggers = [yaml.safe_load(text) for key, text in data.items() if key.startswith("trigger.")]
    sent = [template for trigger in triggers for entry in trigger for template in entry["send"]]
    assert len(sent) == 3
    assert all("message" in yaml.safe_load(data[f"template.{template}"]) for template in sent)


def test_a_system_says_who_hears_of_its_applications(hub: Objects) -> None:
    """A system says who hears of its applications."""
    annotations = hub["ApplicationSet", "staging-shop"]["spec"]["template"]["metadata"]["annotations"]
    heard = {key: value for key, value in annotations.items() if "notifications" in key}
    prefix = "notifications.argoproj.io/subscribe."
    assert heard == {
        f"{prefix}{trigger}.slack": "shop-alerts"
        for trigger in ("on-sync-failed", "on-sync-status-unknown", "on-health-degraded")
    }


def test_an_environment_may_have_others_listen(hub: Objects) -> None:
    """An environment may have others listen."""
    annotations = hub["Application", "prod-shop"]["metadata"]["annotations"]
    assert annotations["notifications.argoproj.io/subscribe.on-sync-failed.slack"] == "shop-on-call"
