"""The order in which one sync makes things, read from the API server's audit log."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from tests.e2e.audit import became, events, made
from tests.e2e.scene import CLUSTERS, is_hook

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.e2e.api import Object
    from tests.e2e.audit import Event
    from tests.e2e.scene import Scene

# Kind -> its plural: what comes before the Job of the migrations, and what after.
_BEFORE = {"ServiceAccount": "serviceaccounts", "ConfigMap": "configmaps", "ExternalSecret": "externalsecrets"}
_AFTER = {"Deployment": "deployments", "Ingress": "ingresses"}
_ORDERS = "orders-service"


def migrations(scene: Scene) -> str:
    """On empty namespaces the migration Job comes after its Ready ExternalSecret, and the Deployment after the Job."""
    shown = {each: in_order(scene, each, f"overlays/{each}/{_ORDERS}") for each in CLUSTERS}
    assert "Ready" in shown["dev"]
    return "; ".join(f"{environment}: {steps}" for environment, steps in shown.items())


def in_order(scene: Scene, environment: str, overlay: str) -> str:
    """Show the order for one overlay; raises AssertionError when a step comes too early. Gives the steps."""
    built = scene.repository.build(overlay)
    job = next(each for each in built if is_hook(each))
    found = events(scene.cluster(environment).audit, job["metadata"]["namespace"])
    needed = sorted(_needed(found, built), key=lambda step: step[1])
    steps = [*needed, *_job(found, job), *_following(found, built)]
    for (early, one), (late, other) in pairwise(steps):
        assert one < other, f"{environment}: {late} at {other} came before {early} at {one}"
    return " < ".join(name for name, _ in steps)


def _needed(found: list[Event], built: list[Object]) -> Iterator[tuple[str, str]]:
    """Yield what the Job needs: name, time."""
    for manifest in built:
        kind, name = manifest["kind"], manifest["metadata"]["name"]
        if kind in _BEFORE:
            yield kind, made(found, _BEFORE[kind], name).time
        if kind == "ExternalSecret":
            yield "Ready", became(found, _BEFORE[kind], name, "Ready").time


def _job(found: list[Event], job: Object) -> Iterator[tuple[str, str]]:
    name = job["metadata"]["name"]
    yield "Job", made(found, "jobs", name).time
    yield "Complete", became(found, "jobs", name, "Complete").time


def _following(found: list[Event], built: list[Object]) -> Iterator[tuple[str, str]]:
    for kind, plural in _AFTER.items():
        for manifest in built:
            if manifest["kind"] == kind:
                yield kind, made(found, plural, manifest["metadata"]["name"]).time
