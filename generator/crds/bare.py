"""A definition as a throw-away API server needs it: every rule kept, nothing that only people or a cluster need.

Gone are descriptions, versions that are not served, labels and annotations (but the one without which an API server
refuses a group of Kubernetes' own), the status, and the conversion webhook: nobody would answer for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.crds.definition import API_VERSION, KIND, at, served_versions
from generator.crds.structural import JUNCTORS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.crds.definition import Definition
    from generator.crds.structural import Schema
    from generator.model.base import Manifest

_APPROVED = "api-approved.kubernetes.io"
_PROSE = frozenset({"description", "example", "externalDocs", "title"})


def bare(definition: Definition) -> Manifest:
    """Return the definition that an API server takes in the place of the published one."""
    spec = definition.manifest["spec"]
    metadata: dict[str, Any] = {"name": f"{definition.plural}.{definition.group}"}
    approved = at(definition.manifest, ("metadata", "annotations", _APPROVED))
    if approved is not None:
        metadata["annotations"] = {_APPROVED: approved}
    kept = {word: spec[word] for word in ("group", "names", "scope") if word in spec}
    versions = _stored([_version(version) for version in served_versions(definition.manifest)])
    return {"apiVersion": API_VERSION, "kind": KIND, "metadata": metadata, "spec": {**kept, "versions": versions}}


def _stored(versions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Let one version be the stored one, where the stored one is no longer served."""
    if not any(version.get("storage") for version in versions):
        versions[-1]["storage"] = True
    return versions


def _version(version: Mapping[str, Any]) -> dict[str, Any]:
    kept = {word: value for word, value in version.items() if word != "additionalPrinterColumns"}
    return {**kept, "schema": {"openAPIV3Schema": _plain(version["schema"]["openAPIV3Schema"])}}


def _plain(schema: Any) -> Schema:
    """Return a schema without prose; names of properties are not words of a schema."""
    plain = {word: value for word, value in schema.items() if word not in _PROSE}
    if "properties" in plain:
        plain["properties"] = {name: _plain(inner) for name, inner in plain["properties"].items()}
    for word in ("items", "not", "additionalProperties"):
        if isinstance(plain.get(word), dict):
            plain[word] = _plain(plain[word])
    return plain | {word: [_plain(inner) for inner in plain[word]] for word in JUNCTORS if plain.get(word)}
