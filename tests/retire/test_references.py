"""By which labels others pick the pods of a service that goes."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from generator.retire.references import going

GOING = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app.kubernetes.io/name: web, tier: front}}
  template: {metadata: {labels: {app.kubernetes.io/name: web, tier: front, team: a}}}
"""


@pytest.mark.parametrize(
    ("wanted", "meant"),
    [
        ({"app.kubernetes.io/name": "web", "tier": "front"}, ["app.kubernetes.io/name", "tier"]),
        ({"app.kubernetes.io/name": "web"}, ["app.kubernetes.io/name"]),
        (
            {"track": "canary", "tier": "front", "app.kubernetes.io/name": "web"},
            ["app.kubernetes.io/name", "tier"],
        ),
        ({"team": "a"}, []),
        ({"app": "web"}, []),
        ({}, []),
    ],
    ids=str,
)
def test_a_selector_or_a_part_of_it_means_the_service(wanted: dict[str, Any], meant: list[str]) -> None:
    """Labels that only decorate its pods do not: others have them too."""
    found = going([yaml.safe_load(GOING)]).meant("shop", frozenset(wanted.items()))
    assert {label for label, _ in found} == set(meant)


def test_labels_of_another_namespace_mean_another_service() -> None:
    """Names are kept apart by namespace."""
    assert not going([yaml.safe_load(GOING)]).meant("people", frozenset({("tier", "front")}))
