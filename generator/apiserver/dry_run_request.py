"""What the server is asked: every built object of every overlay, as Argo CD would send it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from generator.kubernetes.manifest import ObjectId, Path, identity  # msgspec reads annotations at run time
from generator.model.base import Manifest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.apiserver.discovery import Resource

# What the server would append to `generateName`; apply needs a name.
_GENERATED = "fairlead"


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """One object to ask about: `owner` is the built object that it is, or the list that it stands in below `path`."""

    manifest: Manifest
    owner: ObjectId
    path: Path = ()

    @property
    def name(self) -> str:
        """The object's name; of one with `generateName` any that it could get."""
        return _name(self.manifest)

    @property
    def namespace(self) -> str:
        """The namespace that the object states."""
        return identity(self.manifest).namespace

    @property
    def type(self) -> tuple[str, str]:
        """API version and kind."""
        return str(self.manifest.get("apiVersion", "")), str(self.manifest.get("kind", ""))


def questions(manifest: Manifest) -> Iterator[Question]:
    """Yield what to ask about a built object: itself, or the members of a list."""
    items = manifest.get("items")
    if manifest.get("kind") != "List" or not isinstance(items, list):
        yield Question(manifest=manifest, owner=identity(manifest))
        return
    for number, item in enumerate(items):
        if isinstance(item, dict):
            yield Question(manifest=item, owner=identity(manifest), path=("items", number))


def prepare_object(manifest: Manifest, resource: Resource, namespace: str) -> Manifest:
    """Return an object as it is sent to `namespace`: a cluster-wide one has none, a generated name is there already."""
    metadata = {key: value for key, value in (manifest.get("metadata") or {}).items() if key != "generateName"}
    metadata |= {"name": _name(manifest)}
    if resource.namespaced:
        metadata["namespace"] = namespace
    else:
        metadata.pop("namespace", None)
    return manifest | {"metadata": metadata}


def _name(manifest: Manifest) -> str:
    metadata = manifest.get("metadata")
    metadata = metadata if isinstance(metadata, dict) else {}
    generated = metadata.get("generateName")
    return str(metadata.get("name") or (f"{generated}{_GENERATED}" if generated else ""))
