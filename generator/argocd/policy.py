"""What Argo CD may do by itself, and how: the sync policy of every Application."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from generator.model.project import Retry, Sync

# What stands for many other things goes only after a person said so.
CONFIRMED = {"argocd.argoproj.io/sync-options": "Prune=confirm,Delete=confirm"}

# Deletions come when everything else is healthy; an object that another Application owns is not taken over.
_OPTIONS = ("PruneLast=true", "FailOnSharedResource=true")


def sync_policy(sync: Sync) -> dict[str, Any]:
    """Return the sync policy; `allowEmpty` is never set: an empty rendering then deletes nothing."""
    automated = {"prune": sync.prune, "selfHeal": sync.selfHeal}
    return {
        **({"automated": automated} if sync.automated else {}),
        "syncOptions": list(_OPTIONS),
        "retry": _retry(sync.retry),
    }


def _retry(retry: Retry) -> dict[str, Any]:
    """Return how a failed sync is tried again: with the newest commit, or a fix would wait behind what it mends."""
    backoff = {"duration": retry.duration, "factor": retry.factor, "maxDuration": retry.maxDuration}
    return {"limit": retry.limit, "refresh": True, "backoff": backoff}
