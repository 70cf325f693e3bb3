from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import yaml

from generator.render import serviceaccount

if TYPE_CHECKING:
    from collections.abc import Callable

    from generator.model.service import Service


def test_whole(placed: Callable[[str], Service]) -> None:
    """In an environment the role gets the account of the environment's cluster."""
    assert serviceaccount.render(placed("serviceAccount: {role: orders}")) == yaml.safe_load("""
        apiVersion: v1
        kind: ServiceAccount
        metadata:
          name: orders
          namespace: shop
          labels:
            app: orders
            app.kubernetes.io/part-of: coffeemesh
            app.kubernetes.io/managed-by: fairlead
          annotations:
            argocd.argoproj.io/sync-wave: "-2"
            eks.amazonaws.com/role-arn: arn:aws:iam::111122223333:role/orders
    """)


def test_base_has_no_role(base: Callable[[str], Service]) -> None:
    """The base knows no account, so it has no role."""
    account = serviceaccount.render(base("serviceAccount: {role: orders}"))

    assert account is not None
    assert account["metadata"]["annotations"] == {"argocd.argoproj.io/sync-wave": "-2"}


def test_none_without_the_word(placed: Callable[[str], Service]) -> None:
    """A page without `serviceAccount` uses the namespace's own and renders none."""
    assert serviceaccount.render(placed("image: orders")) is None


def test_page_annotations_win(placed: Callable[[str], Service]) -> None:
    """A role written as an annotation on the page stands."""
    page = "serviceAccount: {role: orders, annotations: {eks.amazonaws.com/role-arn: other}}"
    account = serviceaccount.render(placed(page))

    assert account is not None
    assert account["metadata"]["annotations"]["eks.amazonaws.com/role-arn"] == "other"


@pytest.mark.parametrize(
    ("region", "arn"),
    [
        ("us-west-2", "arn:aws:iam::111122223333:role/orders"),
        ("cn-north-1", "arn:aws-cn:iam::111122223333:role/orders"),
        ("us-gov-east-1", "arn:aws-us-gov:iam::111122223333:role/orders"),
    ],
)
def test_partition(placed: Callable[..., Service], region: str, arn: str) -> None:
    """A region of China or GovCloud has ARNs of its own partition."""
    account = serviceaccount.render(placed("serviceAccount: {role: orders}", region=region))

    assert account is not None
    assert account["metadata"]["annotations"]["eks.amazonaws.com/role-arn"] == arn


def test_secrets_to_pull_images_with(base: Callable[[str], Service]) -> None:
    """For every pod that runs as the account."""
    made = serviceaccount.render(base("serviceAccount: {imagePullSecrets: [registry]}"))
    assert made is not None
    assert made["imagePullSecrets"] == [{"name": "registry"}]


def test_the_accounts_of_jobs(base: Callable[[str], Service]) -> None:
    """One for each name that is not the page's own."""
    page = """
        serviceAccount: {name: web}
        migrations: {serviceAccount: {}}
        jobs: {seed: {serviceAccount: {name: worker, annotations: {team: orders}}}, plain: {}}
        cronJobs:
          sweep: {schedule: "@daily", serviceAccount: {name: worker}}
          prune: {schedule: "@daily", serviceAccount: {name: web}}
    """
    made = serviceaccount.render_for_jobs(base(page))
    assert [each["metadata"]["name"] for each in made] == ["orders-migrations", "worker"]
    assert made[1]["metadata"]["annotations"]["team"] == "orders"
