"""Secrets that the External Secrets operator makes from a store. Values never pass through git.

https://external-secrets.io/latest/api/externalsecret/
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from generator.clock.timetable import as_go_writes, duration_of
from generator.render import secret
from generator.render.common import BEFORE_MIGRATIONS, SYNC_WAVE, drop_empty, metadata

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.model.base import Manifest, Raw
    from generator.model.project import SecretStore
    from generator.model.secret import RemoteKey
    from generator.model.service import Service

# What the API server puts into each entry that lacks it. `data` is a list, which Argo CD compares as a whole: left out
# here, it would see a difference for ever (external-secrets #5145).
_DEFAULTS = {"conversionStrategy": "Default", "decodingStrategy": "None", "metadataPolicy": "None"}


def render(service: Service) -> list[Manifest]:
    """Return an ExternalSecret for each secret of the page, none where the environment's store is of another kind."""
    store = secret.store(service, "ClusterSecretStore", "SecretStore")
    if store is None:
        return []
    return [_external(service, store, name, keys) for name, keys in secret.rendered_secrets(service).items()]


def _external(service: Service, store: SecretStore, name: str, keys: Mapping[str, RemoteKey]) -> Manifest:
    return {
        "apiVersion": "external-secrets.io/v1",
        "kind": "ExternalSecret",
        # Before the migrations, which begin once it is Ready: then the Secret is there.
        "metadata": metadata(service, name, annotations={SYNC_WAVE: BEFORE_MIGRATIONS}),
        "spec": {
            # As the operator writes it back when it touches the object.
            "refreshInterval": as_go_writes(duration_of(store.refreshInterval) or timedelta()),
            "secretStoreRef": drop_empty({"kind": store.kind, "name": store.name}),
            # Retain: a store that forgets an entry takes no Secret away from running pods.
            "target": {"name": name, "creationPolicy": "Owner", "deletionPolicy": "Retain"},
            "data": [{"secretKey": key, "remoteRef": _reference(remote)} for key, remote in keys.items()],
        },
    }


def _reference(remote: RemoteKey) -> Raw:
    return drop_empty({"key": remote.key, "property": remote.property, **_DEFAULTS})
