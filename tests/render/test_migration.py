from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import yaml

from generator.render import migration

if TYPE_CHECKING:
    from collections.abc import Callable

    from generator.model.service import Service


def test_whole(placed: Callable[[str], Service]) -> None:
    """Migrations are a hook before the workload, with the service's settings and secrets and their own pod label."""
    page = """
        name: orders-service
        image: coffeemesh-orders
        secrets: {db-credentials: {DB_URL: orders/database-url}}
        env: {LOG_LEVEL: info}
        migrations: {image: coffeemesh-orders-migrations, ttlSecondsAfterFinished: 30, env: {STEP: all}}
    """
    assert migration.render(placed(page)) == yaml.safe_load("""
        apiVersion: batch/v1
        kind: Job
        metadata:
          name: orders-service-migrations
          namespace: shop
          labels:
            app: orders-service
            app.kubernetes.io/part-of: coffeemesh
            app.kubernetes.io/managed-by: fairlead
          annotations:
            argocd.argoproj.io/hook: Sync
            argocd.argoproj.io/hook-delete-policy: BeforeHookCreation
            argocd.argoproj.io/sync-wave: "-1"
        spec:
          activeDeadlineSeconds: 600
          ttlSecondsAfterFinished: 30
          template:
            metadata:
              labels:
                app: orders-service-migrations
                app.kubernetes.io/part-of: coffeemesh
                app.kubernetes.io/managed-by: fairlead
            spec:
              automountServiceAccountToken: false
              enableServiceLinks: false
              restartPolicy: Never
              containers:
              - name: migrations
                image: coffeemesh-orders-migrations
                env: [{name: LOG_LEVEL, value: info}, {name: STEP, value: all}]
                envFrom: [{secretRef: {name: db-credentials}}]
    """)


def test_none_without_the_word(base: Callable[[str], Service]) -> None:
    """A page without `migrations` has none."""
    assert migration.render(base("image: o")) is None


@pytest.mark.parametrize("hook", ["Sync", "PreSync"])
def test_hook(base: Callable[[str], Service], hook: str) -> None:
    """The page chooses the phase."""
    manifest = migration.render(base(f"migrations: {{hook: {hook}}}"))

    assert manifest is not None
    assert manifest["metadata"]["annotations"]["argocd.argoproj.io/hook"] == hook


def test_a_deadline_of_the_page_wins(base: Callable[[str], Service]) -> None:
    """Migrations that take longer say so."""
    manifest = migration.render(base("migrations: {activeDeadlineSeconds: 3600}"))

    assert manifest is not None
    assert manifest["spec"]["activeDeadlineSeconds"] == 3600


def test_the_job_stays_unless_the_page_says_when_it_goes(base: Callable[[str], Service]) -> None:
    """The logs of a failed migration are worth more than the room that they take."""
    manifest = migration.render(base("migrations: {}"))

    assert manifest is not None
    assert "ttlSecondsAfterFinished" not in manifest["spec"]
