"""Secrets that the Secrets Store CSI driver makes while a pod mounts them: the AWS provider's words.

https://secrets-store-csi-driver.sigs.k8s.io/topics/sync-as-kubernetes-secret
https://github.com/aws/secrets-store-csi-driver-provider-aws (`objects`)
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from generator.model.container import VolumeMount
from generator.model.derived import secret_path, secret_volume
from generator.render import secret
from generator.render.common import BEFORE_MIGRATIONS, SYNC_WAVE, drop_empty, metadata
from generator.yamlio import dump

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from generator.model.base import Manifest, Raw
    from generator.model.project import SecretStore
    from generator.model.secret import RemoteKey
    from generator.model.service import Service

Keys = dict[str, "RemoteKey"]

# Part of a property that JMESPath reads without quotes.
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)


def render(service: Service) -> list[Manifest]:
    """Return a SecretProviderClass for each secret of the page, none where the store is of another kind."""
    store = secret.store(service, "SecretProviderClass")
    if store is None:
        return []
    return [_class(service, store, name, keys) for name, keys in secret.rendered_secrets(service).items()]


def volumes(service: Service) -> dict[str, Raw]:
    """Return the volume of each such secret by name: the Secret is there only while a pod mounts it."""
    return {secret_volume(name): _source(name) for name in _names(service)}


def mounts(service: Service) -> dict[str, VolumeMount | str]:
    """Return the mount of each by path; the kubelet leaves a volume alone that no container mounts."""
    return {secret_path(name): VolumeMount(name=secret_volume(name), readOnly=True) for name in _names(service)}


def _names(service: Service) -> list[str]:
    return list(secret.rendered_secrets(service)) if secret.store(service, "SecretProviderClass") else []


def _source(name: str) -> Raw:
    attributes = {"secretProviderClass": name}
    return {"csi": {"driver": "secrets-store.csi.k8s.io", "readOnly": True, "volumeAttributes": attributes}}


def _class(service: Service, store: SecretStore, name: str, keys: Keys) -> Manifest:
    region = service.placement.region if service.placement else None
    aliases = _aliases(keys)
    return {
        "apiVersion": "secrets-store.csi.x-k8s.io/v1",
        "kind": "SecretProviderClass",
        # Before the migrations, whose pods mount it.
        "metadata": metadata(service, name, annotations={SYNC_WAVE: BEFORE_MIGRATIONS}),
        "spec": {
            "provider": store.provider,
            "parameters": drop_empty({"region": region, "objects": dump(list(_objects(keys, aliases)))}),
            "secretObjects": [_synced(name, aliases)],
        },
    }


def _synced(name: str, aliases: Mapping[str, str]) -> Raw:
    data = [{"objectName": alias, "key": key} for key, alias in aliases.items()]
    return {"secretName": name, "type": "Opaque", "data": data}


def _aliases(keys: Keys) -> dict[str, str]:
    """Return the name of the file that holds each key's value.

    It is the key, unless an entry of the store is called so: the provider wants all names to differ, and `~` is in no
    name and in no key. Keys that share a whole value share its file.
    """
    taken = {remote.key for remote in keys.values()}
    first: dict[RemoteKey, str] = {}
    for key, remote in keys.items():
        first.setdefault(remote, f"{key}~" if key in taken else key)
    return {key: first[remote] for key, remote in keys.items()}


def _objects(keys: Keys, aliases: Mapping[str, str]) -> Iterator[Raw]:
    """Yield each entry of the store once, which is all that the provider allows, with what is taken from it."""
    parts: dict[str, dict[str | None, str]] = {}
    for key, remote in keys.items():
        parts.setdefault(remote.key, {})[remote.property] = aliases[key]
    for name, found in parts.items():
        yield drop_empty(
            {
                "objectName": name,
                "objectType": None if name.startswith("arn:") else "secretsmanager",  # an ARN says it itself
                "objectAlias": found.get(None),
                "jmesPath": [
                    {"path": _path(part), "objectAlias": alias} for part, alias in found.items() if part is not None
                ],
            }
        )


def _path(part: str) -> str:
    """Return a property as JMESPath: `a.b` as it is, other letters in quotes."""
    return ".".join(step if _WORD.fullmatch(step) else f'"{step}"' for step in part.split("."))
