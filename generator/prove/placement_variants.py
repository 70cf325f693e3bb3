"""What the pages around a service say about its place, changed one word at a time: how to find the line behind a field.

Each word of a placement is paired with the file and the path of the line that sets it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.kubernetes.manifest import Path
    from generator.model.project import SecretStore
    from generator.model.service import Placement

# Word of a placement -> key on the system's page there, or on the cluster's.
_OF_SYSTEM = {"registry": "registry", "domain": "domain", "certificate": "certificate"}
_OF_CLUSTER = {"region": "region", "account": "account", "ingress_class": "ingressClassName"}


def other_placements(placement: Placement, system: str) -> Iterator[tuple[str, Path, Placement]]:
    """Yield a placement with another word in it, for each of its words, and where that word stands."""
    page, cluster = f"systems/{system}.yaml", f"clusters/{placement.cluster}.yaml"
    there: Path = ("environments", placement.environment)
    for word, key in _OF_SYSTEM.items():
        yield page, (*there, key), _with(placement, word, f"{getattr(placement, word)}x")
    for word, key in _OF_CLUSTER.items():
        yield cluster, (key,), _with(placement, word, f"{getattr(placement, word)}x")
    yield cluster, ("provider",), _with(placement, "provider", "none" if placement.provider == "aws" else "aws")
    yield cluster, ("loadBalancers",), _with(placement, "load_balancers", not placement.load_balancers)
    if placement.secret_store is not None:
        yield page, (*there, "secretStore"), _with(placement, "secret_store", None)
        for key, store in _other_stores(placement.secret_store):
            yield page, (*there, "secretStore", key), _with(placement, "secret_store", store)


def _other_stores(store: SecretStore) -> Iterator[tuple[str, SecretStore]]:
    kind = "SecretStore" if store.kind == "ClusterSecretStore" else "ClusterSecretStore"
    yield "kind", msgspec.structs.replace(store, kind=kind)
    yield "name", msgspec.structs.replace(store, name=f"{store.name}x")
    yield "refreshInterval", msgspec.structs.replace(store, refreshInterval="7m7s")


def _with(placement: Placement, word: str, value: object) -> Placement:
    return msgspec.structs.replace(placement, **{word: value})
