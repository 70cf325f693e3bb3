"""New tags: what a bump moves, what a failed migration keeps from moving, and how that heals."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from tests.e2e.api import Object
from tests.e2e.equality import changes
from tests.e2e.scene import images

if TYPE_CHECKING:
    from tests.e2e.scene import Scene

_SERVICES = ("frontend", "orders-service", "thoughts-backend", "users-backend")
_ORDERS, _MIGRATIONS = "orders-service", "coffeemesh-orders-migrations"
_DEPLOYMENT = {"apiVersion": "apps/v1", "kind": "Deployment"}
# Three pods of the Job fail, ten and twenty seconds apart.
_FAILING = 120.0

Snapshot = dict[tuple[str, str, str], Object]


def one_by_one(scene: Scene) -> str:
    """A bump of each service in dev is synced, and changes that service's images and nothing else."""
    took = [f"{service} {_bumped(scene, 'dev', '7.1.0', [service]):.1f} s" for service in _SERVICES]
    return f"from push to Synced and Healthy: {', '.join(took)}"


def all_at_once(scene: Scene) -> str:
    """A bump of all services in one commit is synced, in staging and on the laptop, and changes nothing else."""
    took = [f"{each} {_bumped(scene, each, '7.1.0', _SERVICES):.1f} s" for each in ("staging", "local")]
    return f"from push to Synced and Healthy: {', '.join(took)}"


def failed_migration(scene: Scene) -> str:
    """A failed migration leaves the Deployment's image as it was, and says so."""
    before = _images(scene, "staging", _ORDERS)
    scene.repository.fairlead("bump", f"{_ORDERS}=7.2.0", "--env", "staging", "--image", f"{_MIGRATIONS}=7.2.0-fails")
    scene.push("A migration that fails")
    name = f"staging-{_ORDERS}"
    began = time.monotonic()

    def says_so() -> bool:
        message = scene.application(name).message
        return "fail" in message.lower() or "retry" in message.lower()

    scene.until("the failure told", says_so, [name], _FAILING)
    assert _images(scene, "staging", _ORDERS) == before
    return f"told after {time.monotonic() - began:.0f} s: {scene.application(name).message.splitlines()[0][:100]}"


def healed_migration(scene: Scene) -> str:
    """The next good bump is synced although the failed one is still being tried again."""
    scene.repository.fairlead("bump", f"{_ORDERS}=7.2.1", "--env", "staging")
    commit = scene.push("A migration that succeeds")
    seconds = scene.settled(commit, [f"staging-{_ORDERS}"], _FAILING * 2)
    assert all(image.endswith(":7.2.1") for image in _images(scene, "staging", _ORDERS))
    return f"{seconds:.1f} s from push to Synced and Healthy"


def _bumped(scene: Scene, environment: str, tag: str, services: list[str] | tuple[str, ...]) -> float:
    """Bump services in one commit, and give the seconds from push to Synced; raises AssertionError on more changes."""
    before = scene.snapshot(environment)
    scene.repository.fairlead("bump", *(f"{service}={tag}" for service in services), "--env", environment)
    began = time.monotonic()
    commit = scene.push(f"Bump in {environment}")
    scene.settled(commit, [f"{environment}-{service}" for service in services])
    seconds = time.monotonic() - began
    _only_images(before, scene.snapshot(environment), tag, services)
    return seconds


def _only_images(before: Snapshot, after: Snapshot, tag: str, services: list[str] | tuple[str, ...]) -> None:
    assert before.keys() == after.keys()
    moved = set()
    for key, old in before.items():
        for field, (_, new) in changes(old, after[key]).items():
            assert key[0] == "Deployment", f"{key}: {field} changed"
            assert field.endswith(".image"), f"{key}: {field} changed"
            assert new.endswith(f":{tag}"), f"{key}: {field} is {new}"
            moved.add(key[2])
    assert moved == set(services), f"moved: {moved}"


def _images(scene: Scene, environment: str, service: str) -> list[str]:
    metadata = {"name": service, "namespace": _ORDERS}
    return images(scene.live(environment, {**_DEPLOYMENT, "metadata": metadata}))
