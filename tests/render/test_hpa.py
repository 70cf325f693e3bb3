from __future__ import annotations

from typing import TYPE_CHECKING

import yaml

from generator.render import hpa

if TYPE_CHECKING:
    from collections.abc import Callable

    from generator.model.service import Service


def test_whole(base: Callable[[str], Service]) -> None:
    """The autoscaler aims at the Deployment and a share of its CPU request."""
    page = "{name: frontend, autoscaling: {minReplicas: 2, maxReplicas: 8, cpu: 10}}"
    assert hpa.render(base(page)) == yaml.safe_load("""
        apiVersion: autoscaling/v2
        kind: HorizontalPodAutoscaler
        metadata:
          name: frontend
          namespace: shop
          labels:
            app: frontend
            app.kubernetes.io/part-of: coffeemesh
            app.kubernetes.io/managed-by: fairlead
        spec:
          scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: frontend}
          minReplicas: 2
          maxReplicas: 8
          metrics:
          - {type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 10}}}
    """)


def test_none_without_the_word(base: Callable[[str], Service]) -> None:
    """A page without `autoscaling` has no autoscaler."""
    assert hpa.render(base("image: o")) is None


def test_cpu_comes_last(base: Callable[[str], Service]) -> None:
    """CPU stands behind all other metrics, where the API server may put it: no difference for Argo CD."""
    page = """
        autoscaling:
          name: scaler
          minReplicas: 1
          maxReplicas: 2
          cpu: 70
          memory: 80
          metrics: [{type: External}]
          behavior: {scaleDown: {stabilizationWindowSeconds: 300}}
    """
    manifest = hpa.render(base(page))

    assert manifest is not None
    assert manifest["spec"] == yaml.safe_load("""
        scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: orders}
        minReplicas: 1
        maxReplicas: 2
        metrics:
        - {type: Resource, resource: {name: memory, target: {type: Utilization, averageUtilization: 80}}}
        - {type: External}
        - {type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 70}}}
        behavior: {scaleDown: {stabilizationWindowSeconds: 300}}
    """)
