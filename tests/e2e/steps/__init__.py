"""What the run shows, in its order: a name and a function that gives its figures or raises."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.e2e.steps import adoption, first_sync, forecast, growth, guards, order, releases

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.e2e.scene import Scene

STEPS: dict[str, Callable[[Scene], str]] = {
    "applications": first_sync.bootstrap,
    "local-secrets": first_sync.local_secrets,
    "synced": first_sync.synced,
    "equal": first_sync.equal,
    "dry-run": first_sync.accepted,
    "api-server": first_sync.judged,
    "plan": forecast.planned,
    "absent-clusters": first_sync.unreachable,
    "order": order.migrations,
    "bump": releases.one_by_one,
    "bump-together": releases.all_at_once,
    "failed-job": releases.failed_migration,
    "healed-job": releases.healed_migration,
    "new-system": growth.new_system,
    "prune": growth.pruned,
    "namespace": growth.namespace_confirmed,
    "adopted": adoption.adopted,
    "autoscaler": guards.autoscaled,
    "self-heal": guards.self_healed,
    "vanished": guards.vanished_overlay,
    "empty": guards.empty_render,
    "broken": guards.broken_overlay,
    "deleted-set": guards.deleted_set,
    "retire": growth.retired,
    "equal-at-last": first_sync.equal,
    "plan-at-last": forecast.planned,
    "shared-cluster": adoption.shared_cluster,
}
_NEEDED = ("applications", "local-secrets", "synced")


def needed(name: str) -> bool:
    """Return whether the others make no sense without this one."""
    return name in _NEEDED
