from __future__ import annotations

from typing import TYPE_CHECKING

import yaml

from generator.render import batch

if TYPE_CHECKING:
    from collections.abc import Callable

    from generator.model.service import Service


def test_whole(base: Callable[[str], Service]) -> None:
    """A Job may be replaced by Argo CD, for its template can never change."""
    page = """
        image: coffeemesh-orders
        jobs:
          seed:
            command: [seed]
            backoffLimit: 0
            parallelism: 2
            completions: 4
            activeDeadlineSeconds: 60
            restartPolicy: OnFailure
    """
    assert batch.render_jobs(base(page)) == yaml.safe_load("""
        - apiVersion: batch/v1
          kind: Job
          metadata:
            name: orders-seed
            namespace: shop
            labels:
              app: orders
              app.kubernetes.io/part-of: coffeemesh
              app.kubernetes.io/managed-by: fairlead
            annotations:
              argocd.argoproj.io/sync-options: Force=true
          spec:
            parallelism: 2
            completions: 4
            backoffLimit: 0
            activeDeadlineSeconds: 60
            template:
              metadata:
                labels:
                  app: orders-seed
                  app.kubernetes.io/part-of: coffeemesh
                  app.kubernetes.io/managed-by: fairlead
              spec:
                automountServiceAccountToken: false
                enableServiceLinks: false
                restartPolicy: OnFailure
                containers: [{name: seed, image: coffeemesh-orders, command: [seed]}]
    """)


def test_several_in_order(base: Callable[[str], Service]) -> None:
    """Jobs come in the page's order, under their own names where the page gives one."""
    jobs = batch.render_jobs(base("{image: o, jobs: {b: {}, a: {name: first}}}"))

    assert [manifest["metadata"]["name"] for manifest in jobs] == ["orders-b", "first"]


def test_none(base: Callable[[str], Service]) -> None:
    """A page without jobs has none."""
    assert batch.render_jobs(base("image: o")) == []
