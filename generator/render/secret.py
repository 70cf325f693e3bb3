"""What all ways to a Secret share: which secrets of a page have to be made, and by the store of which kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.model.secret import RemoteKey, entry_of, remote

if TYPE_CHECKING:
    from generator.model.project import SecretStore
    from generator.model.service import Service

Secrets = dict[str, dict[str, RemoteKey]]


def store(service: Service, *kinds: str) -> SecretStore | None:
    """Return the store of the service's environment if it is of one of `kinds`; the base has none."""
    found = service.placement.secret_store if service.placement else None
    return found if found is not None and found.kind in kinds else None


def rendered_secrets(service: Service) -> Secrets:
    """Return the secrets of a page, each with its keys; one without keys is only used here, and made elsewhere."""
    return {
        name: {key: remote(_entry(service, text)) for key, text in keys.items()}
        for name, keys in service.page.secrets.items()
        if keys
    }


def _entry(service: Service, text: str) -> str:
    placement = service.placement
    if placement is None or placement.secret_store is None:
        return text
    return entry_of(text, placement.secret_store.prefix, placement.environment)
