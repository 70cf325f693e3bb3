"""What is kept in Argo CD's own ConfigMaps, beside what others keep there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import yaml

from generator.argocd.settings import notification_settings
from generator.inputs.enrolment import roster
from generator.inputs.load import load
from generator.inputs.scope import scope_of, services_of
from generator.model.project import Instance
from generator.rules.catalogue import BY_ID
from generator.rules.runner import violations
from generator.rules.view import View
from tests.argocd.conftest import objects

if TYPE_CHECKING:
    from generator.disk.tree import Tree
    from tests.argocd.conftest import Objects

REPOSITORY = Path(__file__).resolve().parents[2]


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


def test_the_example_of_the_docs_holds_no_secret(shop: Tree) -> None:
    """References to `argocd-notifications-secret` pass, and a value in their place is refused."""
    text = (REPOSITORY / "docs" / "argocd.md").read_text(encoding="utf-8")
    (example,) = re.findall(
        r"# gitops\.yaml\n(argocd:\n  instances:\n    hub:\n      notifications:\n.*?)# systems", text, re.DOTALL
    )
    for page, count in ((example, 0), (example.replace("$slack-token", "geheim"), 1)):
        notifications = yaml.safe_load(page)["argocd"]["instances"]["hub"]["notifications"]
        found = _secrets(shop, notifications)
        assert len(found) == count
        assert all(
            "write `$slack-token` and put the value into the Secret argocd-notifications-secret" in each
            for each in found
        )


def _secrets(shop: Tree, notifications: dict[str, dict[str, str]]) -> list[str]:
    """Return the remedies of WRK021 for an instance with these notification services."""
    project = load(shop)
    scope = scope_of(project, "hub", roster(project, shop))
    instance = msgspec.structs.replace(scope.instance, notifications=notifications)
    config = notification_settings(msgspec.structs.replace(scope, instance=instance))
    assert config is not None
    view = View(objects=(config,), environment="", production=False, service="hub")
    return [violation.remedy for _, _, violation in violations(view, [BY_ID["WRK021"]])]


def test_no_subscription_where_its_service_is_not(shop: Tree) -> None:
    """The hub has Slack; the lab beside it has no notification service at all."""
    annotations = objects(shop, "lab")["Application", "dev-shop"]["metadata"]["annotations"]
    assert not [key for key in annotations if "notifications" in key]


def test_a_service_by_its_own_name() -> None:
    """`slack.alerts` is a service of type Slack, and subscriptions name it `alerts`."""
    assert services_of(Instance(notifications={"slack.alerts": {}, "webhook": {}})) == {"alerts", "webhook"}


def test_subscriptions_for_a_config_map_that_somebody_else_keeps(shop: Tree) -> None:
    """Without a notification service on any instance, recipients are rendered as they are."""
    gitops = re.sub(rb"      notifications:\n(        .*\n)+", b"", shop.files["gitops.yaml"])
    annotations = objects(shop.after([("gitops.yaml", gitops.decode())]), "lab")["Application", "dev-shop"]["metadata"]
    assert "notifications.argoproj.io/subscribe.on-sync-failed.slack" in annotations["annotations"]
