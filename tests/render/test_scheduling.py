from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
import yaml

from generator.render import scheduling

if TYPE_CHECKING:
    from collections.abc import Callable

    from generator.model.service import Service

APART = "{labelSelector: {matchLabels: {app: orders}}, topologyKey: kubernetes.io/hostname}"

AFFINITIES = [
    ("nothing", "{}", "{}"),
    ("apart, required", "podAntiAffinity: required",
     f"podAntiAffinity: {{requiredDuringSchedulingIgnoredDuringExecution: [{APART}]}}"),
    ("apart, preferred", "podAntiAffinity: preferred",
     f"""
        podAntiAffinity:
          preferredDuringSchedulingIgnoredDuringExecution: [{{weight: 100, podAffinityTerm: {APART}}}]
     """),
    ("beside two others", "colocateWith: [a, b]", """
        podAffinity:
          preferredDuringSchedulingIgnoredDuringExecution:
          - weight: 100
            podAffinityTerm: {labelSelector: {matchLabels: {app: a}}, topologyKey: kubernetes.io/hostname}
          - weight: 100
            podAffinityTerm: {labelSelector: {matchLabels: {app: b}}, topologyKey: kubernetes.io/hostname}
     """),
    ("raw alone", "affinity: {nodeAffinity: {x: [1]}}", "nodeAffinity: {x: [1]}"),
    ("raw lists are appended", """
        podAntiAffinity: required
        affinity: {podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [raw], other: [1]}}
     """, f"podAntiAffinity: {{requiredDuringSchedulingIgnoredDuringExecution: [{APART}, raw], other: [1]}}"),
    ("raw of another shape wins", """
        podAntiAffinity: required
        affinity: {podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution: raw}}
     """, "podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution: raw}"),
]  # fmt: skip


@pytest.mark.parametrize(("page", "expected"), [c[1:] for c in AFFINITIES], ids=[c[0] for c in AFFINITIES])
def test_affinity(base: Callable[[str], Service], page: str, expected: str) -> None:
    """Short words and raw affinity are joined."""
    assert scheduling.affinity(base(page)) == yaml.safe_load(expected)


def test_affinity_order(base: Callable[[str], Service]) -> None:
    """Affinity to nodes comes first, then to pods, then against them, however the page orders them."""
    page = "{podAntiAffinity: required, colocateWith: [a], affinity: {nodeAffinity: {x: [1]}}}"

    assert list(scheduling.affinity(base(page))) == ["nodeAffinity", "podAffinity", "podAntiAffinity"]


SPREADS = [
    ("zone only", "topologyKey: zone", """
        maxSkew: 1
        topologyKey: zone
        whenUnsatisfiable: ScheduleAnyway
        labelSelector: {matchLabels: {app: orders}}
     """),
    ("whole", """
        topologyKey: zone
        maxSkew: 2
        minDomains: 3
        whenUnsatisfiable: DoNotSchedule
        matchLabelKeys: [pod-template-hash]
        labelSelector: {matchLabels: {tier: web}}
     """, """
        maxSkew: 2
        minDomains: 3
        topologyKey: zone
        whenUnsatisfiable: DoNotSchedule
        labelSelector: {matchLabels: {tier: web}}
        matchLabelKeys: [pod-template-hash]
     """),
]  # fmt: skip


@pytest.mark.parametrize(("wish", "expected"), [c[1:] for c in SPREADS], ids=[c[0] for c in SPREADS])
def test_spread(base: Callable[[str], Service], wish: str, expected: str) -> None:
    """A constraint counts the service's own pods unless it says otherwise."""
    page = json.dumps({"topologySpreadConstraints": [yaml.safe_load(wish)]})

    assert scheduling.spread_constraints(base(page)) == [yaml.safe_load(expected)]
