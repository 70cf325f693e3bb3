from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import yaml

from generator.render import pod

if TYPE_CHECKING:
    from collections.abc import Callable

    from generator.model.service import Service


def test_smallest(base: Callable[[str], Service]) -> None:
    """A pod knows its system, has no token for the Kubernetes API and no service links."""
    service = base("{}")
    labels = pod.job_labels(service, "orders-seed")
    assert pod.template(service, labels, {"containers": []}) == yaml.safe_load("""
        metadata:
          labels:
            app: orders-seed
            app.kubernetes.io/part-of: coffeemesh
            app.kubernetes.io/managed-by: fairlead
        spec:
          automountServiceAccountToken: false
          enableServiceLinks: false
    """)


def test_whole(base: Callable[[str], Service]) -> None:
    """What the page says of its pods holds for all of them, around the given body."""
    page = """
        serviceAccount: {name: reader, automountServiceAccountToken: true}
        imagePullSecrets: [registry]
        podSecurityContext: {runAsNonRoot: true}
        podLabels: {team: orders}
        podAnnotations: {note: page}
        nodeSelector: {disk: ssd}
        tolerations: [{key: spot}]
    """
    service, given = base(page), {"note": "given", "checksum": "1"}
    labels = pod.service_labels(service)
    assert pod.template(service, labels, {"restartPolicy": "Never"}, given) == yaml.safe_load("""
        metadata:
          labels:
            app: orders
            app.kubernetes.io/part-of: coffeemesh
            app.kubernetes.io/managed-by: fairlead
            team: orders
          annotations: {note: page, checksum: "1"}
        spec:
          serviceAccountName: reader
          automountServiceAccountToken: true
          enableServiceLinks: false
          imagePullSecrets: [{name: registry}]
          securityContext: {runAsNonRoot: true}
          restartPolicy: Never
          nodeSelector: {disk: ssd}
          tolerations: [{key: spot}]
    """)


OWN_SELECTOR = "{selector: {tier: back}, podLabels: {app: shop-orders, team: a}}"


def test_with_a_selector_of_its_own_the_pods_have_the_labels_of_the_page_alone(base: Callable[[str], Service]) -> None:
    """A template that differs from that of the running pods by one label would restart all of them."""
    assert pod.service_labels(base(OWN_SELECTOR)) == {"tier": "back", "app": "shop-orders", "team": "a"}


def test_the_pods_of_a_job_have_its_name_as_app_whatever_the_page_adds(base: Callable[[str], Service]) -> None:
    """The NetworkPolicy of the jobs finds them by it."""
    assert pod.job_labels(base(OWN_SELECTOR), "orders-seed") == {
        "app": "orders-seed",
        "app.kubernetes.io/part-of": "coffeemesh",
        "app.kubernetes.io/managed-by": "fairlead",
        "team": "a",
    }


@pytest.mark.parametrize(
    ("page", "name"),
    [("{}", None), ("serviceAccount: {}", "orders"), ("{name: api, serviceAccount: {}}", "api"),
     ("serviceAccount: {name: reader}", "reader")],
)  # fmt: skip
def test_account_name(base: Callable[[str], Service], page: str, name: str | None) -> None:
    """A ServiceAccount is called like its workload unless the page names it."""
    assert pod.account_name(base(page)) == name


@pytest.mark.parametrize(
    ("page", "token"),
    [
        ("automountServiceAccountToken: true", True),
        ("automountServiceAccountToken: null", None),
        ("serviceAccount: {automountServiceAccountToken: true}", True),
        ("{automountServiceAccountToken: true, serviceAccount: {automountServiceAccountToken: false}}", False),
        ("{automountServiceAccountToken: null, serviceAccount: {}}", None),
    ],
)
def test_the_token_of_the_account(base: Callable[[str], Service], page: str, *, token: bool | None) -> None:
    """What the account says goes before what the page says; null leaves the field out."""
    assert pod.template(base(page), {}, {})["spec"].get("automountServiceAccountToken") is token


@pytest.mark.parametrize(("word", "links"), [("true", True), ("false", False), ("null", None)])
def test_service_links(base: Callable[[str], Service], word: str, *, links: bool | None) -> None:
    """The page may have them, and may leave them to Kubernetes."""
    spec = pod.template(base(f"enableServiceLinks: {word}"), {}, {})["spec"]
    assert spec.get("enableServiceLinks") is links
