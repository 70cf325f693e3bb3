from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import yaml

from generator.render import pdb

if TYPE_CHECKING:
    from collections.abc import Callable

    from generator.model.service import Service


def test_whole(base: Callable[[str], Service]) -> None:
    """The budget counts the workload's pods."""
    page = (
        "image: orders\npodDisruptionBudget: {name: guard, maxUnavailable: 0, unhealthyPodEvictionPolicy: AlwaysAllow}"
    )
    assert pdb.render(base(page)) == yaml.safe_load("""
        apiVersion: policy/v1
        kind: PodDisruptionBudget
        metadata:
          name: guard
          namespace: shop
          labels:
            app: orders
            app.kubernetes.io/part-of: coffeemesh
            app.kubernetes.io/managed-by: fairlead
        spec:
          maxUnavailable: 0
          selector: {matchLabels: {app: orders}}
          unhealthyPodEvictionPolicy: AlwaysAllow
    """)


@pytest.mark.parametrize("bound", [2, "50%"])
def test_least_available(base: Callable[[str], Service], bound: int | str) -> None:
    """The lower bound is a number or a share."""
    manifest = pdb.render(base(f"image: orders\npodDisruptionBudget: {{minAvailable: {bound}}}"))

    assert manifest is not None
    assert manifest["spec"] == {"minAvailable": bound, "selector": {"matchLabels": {"app": "orders"}}}


def test_none_without_the_word(base: Callable[[str], Service]) -> None:
    """A page without `podDisruptionBudget` has none."""
    assert pdb.render(base("image: o")) is None


def test_a_page_without_pods_has_no_budget(base: Callable[[str], Service]) -> None:
    """An environment's default must not guard pods that a page does not make."""
    assert pdb.render(base("podDisruptionBudget: {maxUnavailable: 1}")) is None
